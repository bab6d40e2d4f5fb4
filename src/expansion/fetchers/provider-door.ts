import { isObject, own } from '../../kernel/json.js';
import { flagField, listField, objectOf, textField, textListField } from '../fields.js';
import type { Clock } from '../../kernel/clock.js';
import { AwsApi } from './aws-api.js';
import type { AwsCredentials } from './aws-signature.js';
import type { ProviderQuery } from '../remote-reader.js';
import type { GeneratorConfigSource } from './generator-config-source.js';
import { RemoteApi } from './remote-api.js';
import { RemoteFailure } from './remote-failure.js';
import type { RemoteHttp } from './remote-http.js';
import type { ScmPolicy } from './scm-policy.js';
import type { TokenSource } from './token-source.js';

/** What every question of one set shares. */
export interface DoorContext {
  clock: Clock;
  http: RemoteHttp;
  tokens: TokenSource;
  configs: GeneratorConfigSource;
  policy: ScmPolicy;
  /** Of the set: its tokens are read there. */
  namespace: string;
  /** Public APIs of the providers that have one, by the provider's name. */
  publicApis: Readonly<Record<string, string>>;
  /** What the hub itself may use of AWS. */
  aws?: HubAws | undefined;
}

export interface HubAws extends AwsCredentials {
  /** Where a set names none. */
  region: string;
}

/** Where Argo CD keeps its own Secrets. */
export const CONTROL_NAMESPACE = 'argocd';

/** One provider block: its fields, its credentials and the API it may ask. Throws RemoteFailure and ExpansionFailure. */
export class ProviderDoor {
  private readonly secrets: string[] = [];

  constructor(
    private readonly query: ProviderQuery,
    private readonly context: DoorContext,
  ) {
    const { enabled, allowedProviders } = context.policy;
    if (!enabled)
      throw new RemoteFailure('SCM_DISABLED', 'generators that ask SCM providers are turned off on this hub');
    const api = this.text('api');
    if (api === '' || allowedProviders.length === 0 || allowedProviders.includes(api)) return;
    throw new RemoteFailure('SCM_NOT_ALLOWED', `${api} is none of FLEETWRIGHT_ALLOWED_SCM_PROVIDERS`);
  }

  text(key: string): string {
    return textField(this.query.spec, key, this.query.path);
  }

  texts(key: string): string[] {
    return textListField(this.query.spec, key, this.query.path);
  }

  flag(key: string): boolean {
    return flagField(this.query.spec, key, this.query.path);
  }

  has(key: string): boolean {
    return own(this.query.spec, key) != null;
  }

  /** The user of `basicAuth`, where the block has one. */
  basicUser(): string | undefined {
    const where = `${this.query.path}.basicAuth`;
    const auth = own(this.query.spec, 'basicAuth');
    return auth == null ? undefined : textField(objectOf(auth, where), 'username', where);
  }

  now(): Date {
    return this.context.clock.now();
  }

  /** A value of the control namespace's Secret that a field of the block names; undefined where it has none. */
  async controlSecret(field: string, key: string): Promise<string | undefined> {
    this.secrets.push(`${this.query.path}.${field}`);
    const found = await this.context.tokens.token(CONTROL_NAMESPACE, { secretName: this.text(field), key });
    return found.ok ? found.value : undefined;
  }

  /** A value of a Secret that the block names; empty where it names none. */
  async secret(...path: string[]): Promise<string> {
    const reference = path.reduce<unknown>(
      (found, key) => (isObject(found) ? own(found, key) : undefined),
      this.query.spec,
    );
    if (reference == null) return '';
    const where = `${this.query.path}.${path.join('.')}`;
    const fields = objectOf(reference, where);
    const wanted = { secretName: textField(fields, 'secretName', where), key: textField(fields, 'key', where) };
    const token = await this.context.tokens.token(this.context.namespace, wanted);
    if (!token.ok) throw new RemoteFailure(token.error.code, token.error.message);
    if (/[^\x20-\x7e]/.test(token.value.trim())) {
      throw new RemoteFailure(
        'SCM_TOKEN_MISSING',
        `key ${wanted.key} of Secret ${wanted.secretName} holds no token: it has odd characters`,
      );
    }
    this.secrets.push(where);
    return token.value.trim();
  }

  /**
   * The API under `suffix` of the block's `api`, or of the provider's public one. A token goes only to the public one or
   * to a listed one: whoever writes a set must not be able to have it sent to a server of their own.
   */
  async api(
    baseOf: (api: string, isOwn: boolean) => string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RemoteApi> {
    const { http, policy, publicApis } = this.context;
    const own = this.text('api');
    const isListed = policy.allowedProviders.includes(own);
    if (own !== '' && !isListed && this.secrets.length > 0) {
      const hint = 'a platform admin can list it in FLEETWRIGHT_ALLOWED_SCM_PROVIDERS';
      throw new RemoteFailure('SCM_NOT_ALLOWED', `${this.secrets[0]} is not sent to ${own}: ${hint}`);
    }
    const api = own || (publicApis[this.query.provider] ?? '');
    if (api === '') throw new RemoteFailure('SCM_NOT_ALLOWED', `${this.query.path}.api is missing`);
    const trust = {
      allowPrivate: policy.allowPrivate || (own !== '' && isListed),
      insecure: this.flag('insecure'),
      ca: await this.certificates(),
    };
    return new RemoteApi({ http, base: baseOf(api, own !== ''), headers, trust });
  }

  /** Pairs of `key` and `value` in a list. */
  tags(key: string): [string, string][] {
    const { spec, path } = this.query;
    return listField(spec, key, path).map((item, index) => {
      const where = `${path}.${key}[${index}]`;
      const fields = objectOf(item, where);
      return [textField(fields, 'key', where), textField(fields, 'value', where)];
    });
  }

  /** AWS with the hub's own credentials. */
  aws(): AwsApi {
    const { http, clock, policy, publicApis: endpoints, aws } = this.context;
    if (this.text('role') !== '') {
      throw new RemoteFailure(
        'SCM_AUTH_NOT_SUPPORTED',
        'the hub assumes no role of AWS: leave role out, and let the access key of the hub (AWS_ACCESS_KEY_ID) read these repositories',
      );
    }
    if (!aws) {
      throw new RemoteFailure(
        'SCM_TOKEN_MISSING',
        'the hub has no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      );
    }
    const region = this.text('region') || aws.region;
    if (!/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(region))
      throw new RemoteFailure('SCM_REFUSED', `"${region}" is no region of AWS`);
    return new AwsApi({ http, clock, credentials: aws, region, allowPrivate: policy.allowPrivate, endpoints });
  }

  private async certificates(): Promise<string> {
    const reference = own(this.query.spec, 'caRef');
    if (reference == null) return '';
    const where = `${this.query.path}.caRef`;
    const fields = objectOf(reference, where);
    const name = textField(fields, 'configMapName', where);
    const found = await this.context.configs.configMap(name);
    if (!found.ok) throw new RemoteFailure(found.error.code, found.error.message);
    const key = textField(fields, 'key', where);
    const pem = own(found.value, key);
    if (typeof pem === 'string') return pem;
    throw new RemoteFailure('CONFIG_MAP_MISSING', `the ConfigMap "${name}" has no key "${key}"`);
  }
}

/** Where a block names no `api`. */
export const PUBLIC_APIS: Readonly<Record<string, string>> = {
  github: 'https://api.github.com',
  gitlab: 'https://gitlab.com',
  bitbucket: 'https://api.bitbucket.org/2.0',
  azureDevOps: 'https://dev.azure.com',
  azuredevops: 'https://dev.azure.com',
  codecommit: 'https://codecommit.{region}.amazonaws.com/',
  tagging: 'https://tagging.{region}.amazonaws.com/',
};

export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export function bearerAuth(token: string): Record<string, string> {
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}
