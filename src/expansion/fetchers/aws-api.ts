import type { Clock } from '../../kernel/clock.js';
import { textAt } from './answer-fields.js';
import { signedHeaders, type AwsCredentials } from './aws-signature.js';
import { RemoteFailure } from './remote-failure.js';
import type { RemoteHttp } from './remote-http.js';

export interface AwsApiOptions {
  http: RemoteHttp;
  clock: Clock;
  credentials: AwsCredentials;
  region: string;
  allowPrivate: boolean;
  /** By service, with `{region}` for the region's name. */
  endpoints: Readonly<Record<string, string>>;
}

const THROTTLED = /^(Throttling|TooManyRequests|RequestLimitExceeded)/;
const UNAUTHORISED =
  /^(AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|InvalidClientTokenId)/;

/** AWS services that speak JSON 1.1 over POST. */
export class AwsApi {
  constructor(private readonly options: AwsApiOptions) {}

  /** Throws RemoteFailure; errorName tells AWS's own name of the error. */
  async call(service: string, target: string, input: object): Promise<unknown> {
    const { http, clock, credentials, region, allowPrivate, endpoints } = this.options;
    const url = new URL((endpoints[service] ?? '').replace('{region}', region));
    const body = JSON.stringify(input);
    const plain = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    const at = clock.now();
    const headers = signedHeaders({ method: 'POST', url, headers: plain, body }, credentials, { region, service, at });
    const trust = { allowPrivate, insecure: false, ca: '' };
    try {
      return (await http.send({ method: 'POST', url, headers, body, trust, prefix: 'SCM' })).body;
    } catch (error) {
      throw named(error, target);
    }
  }
}

/** AWS's own name of a refusal, such as FolderDoesNotExistException; empty where it has none. */
export function awsErrorName(error: unknown): string {
  const type = error instanceof RemoteFailure ? textAt(error.body, '__type') : '';
  return type.slice(type.indexOf('#') + 1);
}

/** AWS answers 400 to nearly everything. */
function named(error: unknown, target: string): unknown {
  const name = awsErrorName(error);
  if (!(error instanceof RemoteFailure) || name === '') return error;
  const code = THROTTLED.test(name) ? 'SCM_RATE_LIMITED' : UNAUTHORISED.test(name) ? 'SCM_AUTH' : error.code;
  return new RemoteFailure(code, `${target} was refused: ${name}`, error.body);
}
