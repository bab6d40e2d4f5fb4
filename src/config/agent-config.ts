import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../kernel/errors.js';
import { isLoopback } from '../kernel/loopback.js';
import { ConfigError, LOG_LEVELS, wholeNumber } from './hub-config.js';

/** What an agent is told from outside, checked. */
export interface AgentConfig {
  hubUrl: string;
  /** The name to join under. */
  cluster: string;
  joinToken?: string;
  /** Authorities that the hub's certificate may come from beside the system's, PEM. */
  hubCa?: string;
  kubernetes: KubernetesSource;
  dataDir: string;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Where probes are answered; nowhere unless said. */
  healthPort?: number;
  /** What the member's admin lets a hub do here; absent parts do not limit. */
  ceiling: { projects?: string[]; namespaces?: string[]; kinds?: { group: string; kind: string }[] };
  agentVersion: string;
}

/** Where the member's API is found: an address, a kubeconfig file, or the pod's own service account. */
export type KubernetesSource =
  | { from: 'address'; server: string; token?: string }
  | { from: 'kubeconfig'; path: string }
  | { from: 'service-account'; host: string; port: string };

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const environmentSchema = z.object({
  FLEETWRIGHT_HUB_URL: z
    .url({ protocol: /^https?$/, message: 'must be the http(s) URL of the hub' })
    .refine(
      (url) => isProtected(url),
      'must be an https URL: plain http carries tokens in clear, and is for loopback only',
    ),
  FLEETWRIGHT_HUB_CA: z.string().optional(),
  FLEETWRIGHT_CLUSTER: z.string('must name this cluster').max(253),
  FLEETWRIGHT_JOIN_TOKEN: z.string().max(256).optional(),
  FLEETWRIGHT_DATA_DIR: z.string().default('./data/agent'),
  FLEETWRIGHT_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  FLEETWRIGHT_HEALTH_PORT: wholeNumber(0, 65_535).optional(),
  FLEETWRIGHT_ALLOWED_PROJECTS: list.optional(),
  FLEETWRIGHT_ALLOWED_NAMESPACES: list.optional(),
  FLEETWRIGHT_ALLOWED_KINDS: list.optional(),
  KUBERNETES_API: z.url({ protocol: /^https?$/, message: 'must be the URL of the Kubernetes API' }).optional(),
  KUBERNETES_TOKEN: z.string().optional(),
  KUBECONFIG: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().default('443'),
});
type Environment = z.infer<typeof environmentSchema>;

/** Throws ConfigError, with every problem. A variable that is set to nothing counts as absent. */
export function readAgentConfig(environment: Readonly<Record<string, string | undefined>> = process.env): AgentConfig {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.slice(0, 1).join('')} ${message}`));
  }
  const values = parsed.data;
  return {
    hubUrl: values.FLEETWRIGHT_HUB_URL,
    cluster: values.FLEETWRIGHT_CLUSTER,
    ...(values.FLEETWRIGHT_JOIN_TOKEN === undefined ? {} : { joinToken: values.FLEETWRIGHT_JOIN_TOKEN }),
    ...hubCaOf(values),
    kubernetes: kubernetesSource(values),
    dataDir: values.FLEETWRIGHT_DATA_DIR,
    logLevel: values.FLEETWRIGHT_LOG_LEVEL,
    ...(values.FLEETWRIGHT_HEALTH_PORT === undefined ? {} : { healthPort: values.FLEETWRIGHT_HEALTH_PORT }),
    ceiling: ceilingOf(values),
    agentVersion: packageVersion(),
  };
}

function isProtected(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname);
}

function hubCaOf({ FLEETWRIGHT_HUB_CA: path }: Environment): Pick<AgentConfig, 'hubCa'> {
  if (path === undefined) return {};
  try {
    return { hubCa: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new ConfigError([`FLEETWRIGHT_HUB_CA must be a readable file in PEM: ${messageOf(error)}`]);
  }
}

function kubernetesSource(values: Environment): KubernetesSource {
  if (values.KUBERNETES_API !== undefined) {
    const token = values.KUBERNETES_TOKEN;
    return { from: 'address', server: values.KUBERNETES_API, ...(token === undefined ? {} : { token }) };
  }
  if (values.KUBECONFIG !== undefined) return { from: 'kubeconfig', path: values.KUBECONFIG };
  if (values.KUBERNETES_SERVICE_HOST !== undefined) {
    return { from: 'service-account', host: values.KUBERNETES_SERVICE_HOST, port: values.KUBERNETES_SERVICE_PORT };
  }
  throw new ConfigError(['KUBERNETES_API or KUBECONFIG must say where the cluster is, outside of a pod']);
}

function ceilingOf(values: Environment): AgentConfig['ceiling'] {
  const projects = values.FLEETWRIGHT_ALLOWED_PROJECTS;
  const namespaces = values.FLEETWRIGHT_ALLOWED_NAMESPACES;
  const kinds = values.FLEETWRIGHT_ALLOWED_KINDS?.map(groupKind);
  return {
    ...(projects === undefined ? {} : { projects }),
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(kinds === undefined ? {} : { kinds }),
  };
}

/** `apps/Deployment`; a kind alone is one of the core group. */
function groupKind(text: string): { group: string; kind: string } {
  const slash = text.lastIndexOf('/');
  return { group: text.slice(0, Math.max(slash, 0)), kind: text.slice(slash + 1) };
}

export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
