import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandGenerators } from '../../support/expansion.js';
import { ProviderServer, type Reply } from '../../support/provider-server.js';
import { readerWith, remoteReader, SECRETS, TOKEN } from '../../support/remote-inputs.js';

let server: ProviderServer;
let elsewhere: ProviderServer;
beforeAll(async () => {
  [server, elsewhere] = await Promise.all([ProviderServer.start(), ProviderServer.start()]);
});
afterAll(() => Promise.all([server.close(), elsewhere.close()]));

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', region: 'eu-west-1' };
const atServer = (name: string): [string, string] => [name, server.url];

/** Every provider asks this one server. */
function reader(timeoutMs: number) {
  const names = ['github', 'gitlab', 'bitbucket', 'azureDevOps', 'azuredevops', 'codecommit', 'tagging'];
  const world = {
    secrets: SECRETS,
    aws: credentials,
    publicApis: Object.fromEntries(names.map(atServer)),
    policy: { allowedProviders: [server.url] },
    http: { timeoutMs },
  };
  return readerWith(remoteReader(world));
}

const azure = { organization: 'acme', project: 'web', repo: 'web', tokenRef: TOKEN };
const entries: [string, () => object][] = [
  ['scmProvider github', () => ({ scmProvider: { github: { organization: 'acme' } } })],
  ['scmProvider gitlab', () => ({ scmProvider: { gitlab: { group: 'acme' } } })],
  ['scmProvider gitea', () => ({ scmProvider: { gitea: { owner: 'acme', api: server.url } } })],
  ['scmProvider bitbucketServer', () => ({ scmProvider: { bitbucketServer: { project: 'A', api: server.url } } })],
  [
    'scmProvider bitbucket',
    () => ({ scmProvider: { bitbucket: { owner: 'acme', user: 'jane', appPasswordRef: TOKEN } } }),
  ],
  [
    'scmProvider azureDevOps',
    () => ({ scmProvider: { azureDevOps: { organization: 'acme', teamProject: 'web', accessTokenRef: TOKEN } } }),
  ],
  ['scmProvider awsCodeCommit', () => ({ scmProvider: { awsCodeCommit: {} } })],
  ['pullRequest github', () => ({ pullRequest: { github: { owner: 'acme', repo: 'web' } } })],
  ['pullRequest gitlab', () => ({ pullRequest: { gitlab: { project: 'acme/web' } } })],
  ['pullRequest gitea', () => ({ pullRequest: { gitea: { owner: 'acme', repo: 'web', api: server.url } } })],
  [
    'pullRequest bitbucketServer',
    () => ({ pullRequest: { bitbucketServer: { project: 'A', repo: 'web', api: server.url } } }),
  ],
  ['pullRequest bitbucket', () => ({ pullRequest: { bitbucket: { owner: 'acme', repo: 'web' } } })],
  ['pullRequest azuredevops', () => ({ pullRequest: { azuredevops: azure } })],
];

/** The code of the branch that asks a server which answers everything alike. */
async function codeFor(entry: object, reply: Reply): Promise<string | undefined> {
  server.serve(new Proxy({}, { get: () => reply }));
  elsewhere.serve({});
  const { branches } = await expandGenerators([entry], reader(reply.stalls ? 100 : 30_000));
  expect(branches).toMatchObject([{ state: 'failed', results: 0 }]);
  return branches[0]?.error?.code;
}

describe.each(entries)('%s', (_name, entry) => {
  it.each<[string, Reply, string]>([
    ['401', { status: 401, body: {} }, 'SCM_AUTH'],
    ['403', { status: 403, body: {} }, 'SCM_AUTH'],
    ['404', { status: 404, body: {} }, 'SCM_NOT_FOUND'],
    ['429', { status: 429, headers: { 'retry-after': '30' }, body: {} }, 'SCM_RATE_LIMITED'],
    ['503', { status: 503, body: '<html>' }, 'SCM_UNREACHABLE'],
    ['an answer that is no JSON', { body: '<html>' }, 'SCM_ANSWER_INVALID'],
    ['an answer that never ends', { stalls: true }, 'SCM_TIMEOUT'],
  ])('fails by name on %s', async (_what, reply, code) => {
    expect(await codeFor(entry(), reply)).toBe(code);
  });

  it('takes its credentials to no other server', async () => {
    const location = `${elsewhere.url}/steal`;
    expect(await codeFor(entry(), { status: 302, headers: { location } })).toBe('SCM_REDIRECT_REFUSED');
    expect(elsewhere.paths()).toEqual([]);
  });
});
