import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandSet, parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer, type Reply } from '../../support/provider-server.js';
import { readerWith, remoteReader, type RemoteWorld } from '../../support/remote-inputs.js';

const PATH = '/api/v1/getparams.execute';
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const secrets = { 'argocd/plugin/token': 'letmein', 'argocd/argocd-secret/plugin.token': 'own' };
const reader = (config: Record<string, string> = {}, world: RemoteWorld = {}) =>
  readerWith(
    remoteReader({
      secrets,
      configMaps: { plug: { baseUrl: server.url, token: '$plugin:token', ...config } },
      policy: { allowPrivate: false },
      ...world,
    }),
  );
const plugin = (more: object = {}) => ({ plugin: { configMapRef: { name: 'plug' }, ...more } });
const output = (...parameters: unknown[]): Reply => ({ body: { output: { parameters } } });

describe('the plugin generator (1.9)', () => {
  it('posts its input with the name of the set, and flattens what comes back', async () => {
    server.serve({ [PATH]: output({ key: 'a', n: 1_000_000, nested: { list: ['x'] }, none: null }) });
    const input = { parameters: { key1: 'value1', list: ['b'] } };
    const sets = await parametersOf(plugin({ input, values: { v: 'is {{key}}' } }), reader());
    expect(sets).toEqual([
      { key: 'a', n: '1e+06', 'nested.list.0': 'x', none: '<nil>', generator: { input }, 'values.v': 'is a' },
    ]);
    const [asked] = server.asked;
    expect(asked).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer letmein' } });
    expect(JSON.parse(asked?.body ?? '')).toEqual({ applicationSetName: 'set', input });
  });

  it('gives Go templates what comes back as it is, with the input over it', async () => {
    server.serve({ [PATH]: output({ name: 'web', generator: 'lost', sizes: [1, 2] }) });
    const metadata = { name: '{{.name}}-{{index .sizes 1}}-{{.generator.input.parameters.a}}' };
    const { documents, errors } = await expandSet(
      {
        goTemplate: true,
        generators: [plugin({ input: { parameters: { a: 'b' } } })],
        template: {
          metadata,
          spec: { project: 'p', destination: { server: 's' }, source: { repoURL: 'r', path: 'p' } },
        },
      },
      reader(),
    );
    expect(errors).toEqual([]);
    expect(documents[0]?.metadata.name).toBe('web-2-b');
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes a parameter named %s like any other', async (name) => {
    server.serve({ [PATH]: output(Object.fromEntries([[name, 'x']])) });
    const [parameters] = await parametersOf(plugin(), reader());
    expect(Object.entries(parameters ?? {})).toContainEqual([name, 'x']);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it("takes a bare $key from Argo CD's own Secret", async () => {
    server.serve({ [PATH]: output() });
    expect(await parametersOf(plugin(), reader({ token: '$plugin.token' }))).toEqual([]);
    expect(server.asked[0]?.headers.authorization).toBe('Bearer own');
  });

  it.each<[string, Record<string, string>, string]>([
    ['no base URL', { baseUrl: '' }, 'PLUGIN_CONFIG'],
    ['a token in clear', { token: 'clear' }, 'PLUGIN_CONFIG'],
    ['a token that is not there', { token: '$plugin:none' }, 'SCM_TOKEN_MISSING'],
    ['an odd time limit', { requestTimeout: 'soon' }, 'PLUGIN_CONFIG'],
  ])('is refused for %s', async (_what, config, code) => {
    expect(await refusalOf(plugin(), reader(config))).toEqual({ code, path: 'spec.generators[0].plugin' });
  });

  it('is refused without its ConfigMap', async () => {
    expect((await refusalOf(plugin(), reader({}, { configMaps: {} }))).code).toBe('CONFIG_MAP_MISSING');
  });

  it.each<[string, Reply, string]>([
    ['401', { status: 401 }, 'PLUGIN_AUTH'],
    ['500', { status: 500 }, 'PLUGIN_UNREACHABLE'],
    ['429', { status: 429 }, 'PLUGIN_RATE_LIMITED'],
    ['no JSON', { body: 'hello' }, 'PLUGIN_ANSWER_INVALID'],
    ['no output', { body: {} }, 'PLUGIN_ANSWER_INVALID'],
    ['texts for objects', output('a'), 'PLUGIN_ANSWER_INVALID'],
  ])('fails by name on %s', async (_what, reply, code) => {
    server.serve({ [PATH]: reply });
    expect((await refusalOf(plugin(), reader())).code).toBe(code);
  });
});
