import { locateChartRepository } from '../charts/domain/chart-repository.js';
import type { ChartCredentials } from './chart-credentials.js';
import { faultySecret, flagOf } from './secret-fields.js';

/** What a Secret says of repositories of charts. */
export interface ChartSecret {
  url: string;
  type: 'helm' | 'oci';
  credentials: ChartCredentials;
}

/** Whether the Secret is of charts, by its type or by `enableOCI` (argocd-behaviour.md 7.3). Throws INVALID_DOCUMENT. */
export function isOfCharts(data: ReadonlyMap<string, string>): boolean {
  const type = data.get('type') ?? '';
  return type === 'helm' || type === 'oci' || (type === '' && flagOf(data, 'enableOCI'));
}

/** Throws INVALID_DOCUMENT; no error repeats a value. */
export function readChartSecret(data: ReadonlyMap<string, string>): ChartSecret {
  const repository = locateChartRepository(data.get('url') ?? '');
  if (repository === undefined) throw faultySecret('data.url', 'must be an http, https or oci URL, or a registry');
  const flag = (key: string): boolean => flagOf(data, key);
  const [enableOCI, insecure, plainHttp] = [flag('enableOCI'), flag('insecure'), flag('insecureOCIForceHttp')];
  if (enableOCI && repository.type === 'index') {
    throw faultySecret('data.url', 'must be a registry without http or https, as enableOCI is true');
  }
  const text = (key: string): string => data.get(key) ?? '';
  if (/[\r\n]/.test(text('bearerToken'))) throw faultySecret('data.bearerToken', 'must be one line');
  const [certificate, key] = [text('tlsClientCertData'), text('tlsClientCertKey')];
  if ((certificate === '') !== (key === '')) {
    throw faultySecret('data.tlsClientCertData', 'and tlsClientCertKey must both be given, or neither');
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
