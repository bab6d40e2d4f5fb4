import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { invalid } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { parseYaml } from '../yaml.js';

/** How to reach one Kubernetes API. The token is asked for each request, as projected tokens rotate. */
export interface KubernetesConnection {
  server: string;
  token?: () => Promise<string>;
  ca?: string;
  cert?: string;
  key?: string;
  skipTlsVerify?: boolean;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export function tokenConnection(server: string, token?: string): KubernetesConnection {
  return token === undefined ? { server } : { server, token: async () => token };
}

/** The connection every pod has. `host` and `port` are what Kubernetes put in the pod's environment. */
export async function inClusterConnection(
  host: string,
  port: string,
  folder = SERVICE_ACCOUNT,
): Promise<KubernetesConnection> {
  const authority = host.includes(':') ? `[${host}]` : host;
  return {
    server: `https://${authority}:${port}`,
    ca: await readFile(`${folder}/ca.crt`, 'utf8'),
    token: async () => (await readFile(`${folder}/token`, 'utf8')).trim(),
  };
}

/** The current context of a kubeconfig file, with a static token or client certificate. Login plugins are not run. */
export async function kubeconfigConnection(path: string): Promise<KubernetesConnection> {
  const config = parseYaml(await readFile(path, 'utf8'));
  const context = entry(config, text(config, 'current-context'), { list: 'contexts', member: 'context', path });
  const cluster = entry(config, text(context, 'cluster'), { list: 'clusters', member: 'cluster', path });
  const user = entry(config, text(context, 'user'), { list: 'users', member: 'user', path });
  if (field(user, 'exec') !== undefined || field(user, 'auth-provider') !== undefined) {
    throw invalid(
      'KUBECONFIG_LOGIN',
      `${path}: the user logs in with a plugin; give it a token or a client certificate`,
    );
  }
  const [ca, cert, key] = await Promise.all([
    pem(cluster, 'certificate-authority', path),
    pem(user, 'client-certificate', path),
    pem(user, 'client-key', path),
  ]);
  const token = text(user, 'token');
  return {
    server: text(cluster, 'server') ?? '',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(token === undefined ? {} : { token: async () => token }),
    skipTlsVerify: field(cluster, 'insecure-skip-tls-verify') === true,
  };
}

function entry(
  config: unknown,
  name: string | undefined,
  { list, member, path }: { list: string; member: string; path: string },
): unknown {
  const entries = field(config, list);
  const found = Array.isArray(entries) ? entries.find((item) => text(item, 'name') === name) : undefined;
  if (found === undefined) throw invalid('KUBECONFIG', `${path}: "${name ?? ''}" is not in ${list}`);
  return field(found, member);
}

/** `<name>-data` holds base64, `<name>` a file beside the kubeconfig. */
async function pem(holder: unknown, name: string, path: string): Promise<string | undefined> {
  const inline = text(holder, `${name}-data`);
  if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
  const file = text(holder, name);
  return file === undefined ? undefined : readFile(resolve(dirname(path), file), 'utf8');
}

function field(holder: unknown, name: string): unknown {
  return isObject(holder) ? own(holder, name) : undefined;
}

function text(holder: unknown, name: string): string | undefined {
  const value = field(holder, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
