import { isObject, own } from '../../kernel/json.js';
import { at } from './answer-fields.js';
import { bearerAuth, CONTROL_NAMESPACE } from './provider-door.js';
import type { GeneratorConfigSource } from './generator-config-source.js';
import { RemoteFailure } from './remote-failure.js';
import type { RemoteHttp } from './remote-http.js';
import type { TokenSource } from './token-source.js';

interface PluginQuestion {
  configMap: string;
  parameters: Readonly<Record<string, unknown>>;
}

interface PluginContext {
  http: RemoteHttp;
  tokens: TokenSource;
  configs: GeneratorConfigSource;
  setName: string;
}

const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 300;
const ARGO_SECRET = 'argocd-secret';

/**
 * argocd-behaviour.md 1.9. Platform admins wrote the ConfigMap, so it may name a service of this network. Throws
 * RemoteFailure.
 */
export async function askPlugin(question: PluginQuestion, context: PluginContext): Promise<Record<string, unknown>[]> {
  const data = await configOf(question.configMap, context);
  const base = String(own(data, 'baseUrl') ?? '')
    .trim()
    .replace(/\/+$/, '');
  if (!URL.canParse(base)) throw unusable(question.configMap, 'baseUrl must be a URL');
  const token = await tokenOf(question.configMap, String(own(data, 'token') ?? ''), context);
  const body = { applicationSetName: context.setName, input: { parameters: question.parameters } };
  const answer = await context.http.send({
    method: 'POST',
    url: new URL(`${base}/api/v1/getparams.execute`),
    headers: { 'content-type': 'application/json', ...bearerAuth(token) },
    body: JSON.stringify(body),
    trust: { allowPrivate: true, insecure: false, ca: '' },
    prefix: 'PLUGIN',
    timeoutMs: secondsOf(question.configMap, own(data, 'requestTimeout')) * 1000,
  });
  return parametersOf(answer.body);
}

async function configOf(name: string, { configs }: PluginContext): Promise<Readonly<Record<string, string>>> {
  const found = await configs.configMap(name);
  if (found.ok) return found.value;
  throw new RemoteFailure(found.error.code, found.error.message);
}

/** `$key` of Argo CD's own Secret, or `$secret:key`; tokens of plugins belong to the control plane. */
async function tokenOf(configMap: string, text: string, { tokens }: PluginContext): Promise<string> {
  const reference = text.trim();
  if (!reference.startsWith('$')) throw unusable(configMap, 'token must name a Secret, as $secret:key');
  const [first = '', ...rest] = reference.slice(1).split(':');
  const wanted =
    rest.length === 0 ? { secretName: ARGO_SECRET, key: first } : { secretName: first, key: rest.join(':') };
  const token = await tokens.token(CONTROL_NAMESPACE, wanted);
  if (token.ok) return token.value.trim();
  throw new RemoteFailure(token.error.code, token.error.message);
}

function secondsOf(configMap: string, text: unknown): number {
  if (text === undefined || text === '') return DEFAULT_SECONDS;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 0) throw unusable(configMap, 'requestTimeout must be whole seconds');
  return Math.min(seconds || DEFAULT_SECONDS, MOST_SECONDS);
}

function parametersOf(body: unknown): Record<string, unknown>[] {
  const list = at(body, 'output', 'parameters');
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw new RemoteFailure('PLUGIN_ANSWER_INVALID', 'the plugin must answer a list of objects as output.parameters');
}

function unusable(configMap: string, message: string): RemoteFailure {
  return new RemoteFailure('PLUGIN_CONFIG', `the ConfigMap "${configMap}": ${message}`);
}
