import { invalid } from '../../kernel/errors.js';
import { locateChartRepository } from '../charts/domain/chart-repository.js';
import type { ChartCredentials } from './chart-credentials.js';

/** What a Secret says of repositories of charts. */
export interface ChartSecret {
  url: string;
  type: 'helm' | 'oci';
  credentials: ChartCredentials;
}

/** As Go reads booleans. */
const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE = ['', '0', 'f', 'F', 'false', 'FALSE', 'False'];

/** Whether the Secret is of charts, by its type or by `enableOCI` (argocd-behaviour.md 7.3). */
export function isOfCharts(data: ReadonlyMap<string, string>): boolean {
  const type = data.get('type') ?? '';
  return type === 'helm' || type === 'oci' || (type === '' && TRUE.includes(data.get('enableOCI') ?? ''));
}

/** Throws INVALID_DOCUMENT; no error repeats a value. */
export function readChartSecret(data: ReadonlyMap<string, string>): ChartSecret {
  const repository = locateChartRepository(data.get('url') ?? '');
  if (repository === undefined) throw faulty('data.url', 'must be an http, https or oci URL, or a registry');
  const flag = (key: string): boolean => readFlag(data, key);
  const [enableOCI, insecure, plainHttp] = [flag('enableOCI'), flag('insecure'), flag('insecureOCIForceHttp')];
  if (enableOCI && repository.type === 'index') {
    throw faulty('data.url', 'must be a registry without http or https, as enableOCI is true');
  }
  const text = (key: string): string => data.get(key) ?? '';
  if (/[\r\n]/.test(text('bearerToken'))) throw faulty('data.bearerToken', 'must be one line');
  const [certificate, key] = [text('tlsClientCertData'), text('tlsClientCertKey')];
  if ((certificate === '') !== (key === '')) {
    throw faulty('data.tlsClientCertData', 'and tlsClientCertKey must both be given, or neither');
  }
  const username = text('username') || repository.username;
  const password = text('password') || repository.password;
  return {
    url: repository.url,
    type: repository.type === 'index' ? 'helm' : 'oci',
    credentials: {
      ...(password === '' ? {} : { username, password }),
      ...(text('bearerToken') === '' ? {} : { bearerToken: text('bearerToken') }),
      ...(certificate === '' ? {} : { certificate, key }),
      ...(insecure ? { insecure } : {}),
      ...(plainHttp ? { plainHttp } : {}),
    },
  };
}

function readFlag(data: ReadonlyMap<string, string>, key: string): boolean {
  const text = data.get(key) ?? '';
  if (!TRUE.includes(text) && !FALSE.includes(text)) throw faulty(`data.${key}`, 'must be true or false');
  return TRUE.includes(text);
}

function faulty(path: string, message: string) {
  return invalid('INVALID_DOCUMENT', `the repository Secret is invalid: ${path}: ${message}`, [{ path, message }]);
}
