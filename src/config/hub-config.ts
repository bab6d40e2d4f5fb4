import { z } from 'zod';
import { TLS_VARIABLES, tlsOf, type TlsConfig } from './tls-config.js';
import { WEBHOOK_SECRET_VARIABLES, webhookSecretsOf } from './webhook-config.js';

export const HUB_ROLES = ['api', 'controller', 'gateway'] as const;
export type HubRole = (typeof HUB_ROLES)[number];

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** What a hub is told from outside, checked, in slices that its parts take. */
export interface HubConfig {
  http: {
    host: string;
    port: number;
    bodyLimitBytes: number;
    tls: TlsConfig;
    /** Whether agents see the hub's own certificate, so that join tokens may pin its authority. */
    pinned: boolean;
    /** What agents dial. */
    publicUrl?: string;
  };
  /** Where helm finds the agent's chart, and its image where that is not the chart's own. */
  agents: { chart: string; image?: string };
  /** Without a url the hub runs an embedded Postgres in `dataDir`. */
  database: { url?: string; poolSize: number };
  dataDir: string;
  roles: readonly HubRole[];
  /** How often Git and other remote inputs are looked at. */
  pollSeconds: number;
  /** What all Git mirrors together may take on disk before those that nobody reads go. */
  mirrorBudgetMib?: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** What generators may ask of SCM providers (argocd-behaviour.md 3.8). */
  scm: { enabled: boolean; allowedProviders: readonly string[]; allowPrivate: boolean };
  /** The hub's own credentials, for repositories of CodeCommit. */
  aws?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string; region: string };
  /** Secrets by their keys in `argocd-secret`; the largest body that is read. */
  webhooks: { secrets: Readonly<Record<string, string>>; bodyLimitBytes: number };
  /** Paths of programs; the bundled ones where absent. */
  binaries: { helm?: string; kubectl?: string };
  /** Seals credentials; made in `dataDir` where absent. */
  encryptionKey?: Uint8Array;
}

/** The environment is wrong: every problem, so that one start tells them all. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the configuration is invalid: ${problems.join('\n  ')}`);
    this.name = 'ConfigError';
  }
}

/** A variable that holds digits. */
export const wholeNumber = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= low && value <= high, `must be from ${low} to ${high}`);

const roles = z
  .string()
  .transform((text) => text.split(',').map((role) => role.trim()))
  .pipe(z.array(z.enum(HUB_ROLES, `must be some of ${HUB_ROLES.join(', ')}`)).min(1));

const yesOrNo = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

const urls = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((url) => url.trim())
      .filter((url) => url !== ''),
  )
  .pipe(z.array(z.url({ protocol: /^https?$/, message: 'must be http or https URLs, separated by commas' })));

const DATABASE_URL_FORM =
  'must be a postgres:// URL, with special characters in user and password percent-encoded (# as %23)';

const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, message: DATABASE_URL_FORM })
  .refine(isDecodable, DATABASE_URL_FORM)
  .transform(checkingCertificates);

const encryptionKey = z
  .string()
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64');

const environmentSchema = z.object({
  FLEETWRIGHT_HOST: z.string().min(1).default('127.0.0.1'),
  FLEETWRIGHT_PORT: wholeNumber(0, 65_535).default(8080),
  FLEETWRIGHT_BODY_LIMIT_MIB: wholeNumber(1, 100).default(10),
  ...TLS_VARIABLES,
  FLEETWRIGHT_AGENT_CHART: z.string().default('charts/agent'),
  FLEETWRIGHT_AGENT_IMAGE: z
    .string()
    .regex(/^[\w./:@-]+$/, 'must be the name of an image')
    .optional(),
  DATABASE_URL: databaseUrl.optional(),
  FLEETWRIGHT_DATABASE_POOL: wholeNumber(2, 200).default(20),
  FLEETWRIGHT_DATA_DIR: z.string().min(1).default('./data'),
  FLEETWRIGHT_ROLES: roles.default([...HUB_ROLES]),
  FLEETWRIGHT_POLL_SECONDS: wholeNumber(1, 86_400).default(180),
  FLEETWRIGHT_MIRRORS_MIB: wholeNumber(100, 10_000_000).default(20_480),
  FLEETWRIGHT_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  FLEETWRIGHT_ENABLE_SCM_PROVIDERS: yesOrNo.prefault('true'),
  FLEETWRIGHT_ALLOWED_SCM_PROVIDERS: urls.default([]),
  FLEETWRIGHT_ALLOW_PRIVATE_SCM: yesOrNo.prefault('false'),
  ...WEBHOOK_SECRET_VARIABLES,
  FLEETWRIGHT_WEBHOOK_LIMIT_MIB: wholeNumber(1, 100).default(50),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z.string().default('us-east-1'),
  HELM_BINARY: z.string().optional(),
  KUBECTL_BINARY: z.string().optional(),
  FLEETWRIGHT_ENCRYPTION_KEY: encryptionKey.optional(),
});

function isDecodable(url: string): boolean {
  try {
    return decodeURIComponent(url) !== '';
  } catch {
    return false;
  }
}

/** TLS that is asked for is checked. The driver reads these words so too, but warns that it will not always. */
function checkingCertificates(url: string): string {
  const parsed = new URL(url);
  const mode = parsed.searchParams.get('sslmode') ?? '';
  if (!['prefer', 'require', 'verify-ca'].includes(mode) || parsed.searchParams.has('uselibpqcompat')) return url;
  parsed.searchParams.set('sslmode', 'verify-full');
  return parsed.href;
}

/** Throws ConfigError. A variable that is set to nothing counts as absent. */
export function readHubConfig(environment: Readonly<Record<string, string | undefined>> = process.env): HubConfig {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.slice(0, 1).join('')} ${message}`));
  }
  const values = parsed.data;
  return {
    http: httpOf(values),
    agents: {
      chart: values.FLEETWRIGHT_AGENT_CHART,
      ...(values.FLEETWRIGHT_AGENT_IMAGE === undefined ? {} : { image: values.FLEETWRIGHT_AGENT_IMAGE }),
    },
    database: {
      poolSize: values.FLEETWRIGHT_DATABASE_POOL,
      ...(values.DATABASE_URL === undefined ? {} : { url: values.DATABASE_URL }),
    },
    dataDir: values.FLEETWRIGHT_DATA_DIR,
    roles: values.FLEETWRIGHT_ROLES,
    pollSeconds: values.FLEETWRIGHT_POLL_SECONDS,
    mirrorBudgetMib: values.FLEETWRIGHT_MIRRORS_MIB,
    logLevel: values.FLEETWRIGHT_LOG_LEVEL,
    scm: {
      enabled: values.FLEETWRIGHT_ENABLE_SCM_PROVIDERS,
      allowedProviders: values.FLEETWRIGHT_ALLOWED_SCM_PROVIDERS,
      allowPrivate: values.FLEETWRIGHT_ALLOW_PRIVATE_SCM,
    },
    ...awsOf(values),
    webhooks: {
      secrets: webhookSecretsOf(values),
      bodyLimitBytes: values.FLEETWRIGHT_WEBHOOK_LIMIT_MIB * 1024 * 1024,
    },
    binaries: {
      ...(values.HELM_BINARY === undefined ? {} : { helm: values.HELM_BINARY }),
      ...(values.KUBECTL_BINARY === undefined ? {} : { kubectl: values.KUBECTL_BINARY }),
    },
    ...(values.FLEETWRIGHT_ENCRYPTION_KEY === undefined ? {} : { encryptionKey: values.FLEETWRIGHT_ENCRYPTION_KEY }),
  };
}

type Values = z.infer<typeof environmentSchema>;

function httpOf(values: Values): HubConfig['http'] {
  const host = values.FLEETWRIGHT_HOST;
  const tls = tlsOf(values, host);
  if ('problem' in tls) throw new ConfigError([tls.problem]);
  const publicUrl = values.FLEETWRIGHT_PUBLIC_URL;
  return {
    host,
    port: values.FLEETWRIGHT_PORT,
    bodyLimitBytes: values.FLEETWRIGHT_BODY_LIMIT_MIB * 1024 * 1024,
    tls,
    pinned: values.FLEETWRIGHT_TLS_PIN === 'true',
    ...(publicUrl === undefined ? {} : { publicUrl }),
  };
}

function awsOf(values: Values): Pick<HubConfig, 'aws'> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = values;
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  const sessionToken = token === undefined ? {} : { sessionToken: token };
  return { aws: { accessKeyId, secretAccessKey, ...sessionToken, region: values.AWS_REGION } };
}
