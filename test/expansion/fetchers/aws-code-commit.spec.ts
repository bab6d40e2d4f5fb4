import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedHeaders } from '../../../src/expansion/fetchers/aws-signature.js';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { ProviderServer, type Asked, type Reply } from '../../support/provider-server.js';
import { readerWith, remoteReader } from '../../support/remote-inputs.js';

/** AWS's own example, which its published test suite for Signature Version 4 uses throughout. */
const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.close());

const reader = () =>
  readerWith(
    remoteReader({
      aws: { ...EXAMPLE, region: 'eu-west-1' },
      publicApis: { codecommit: `${server.url}/codecommit/{region}`, tagging: `${server.url}/tagging/{region}` },
    }),
  );
const scm = (more: object = {}, generator: object = {}) => ({ scmProvider: { awsCodeCommit: more, ...generator } });

/** Answers by the operation of the target header. */
function serve(answers: Record<string, (input: Record<string, unknown>) => Reply>): void {
  const answer = ({ headers, body }: Asked): Reply => {
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    return (
      answers[operation]?.(JSON.parse(body) as Record<string, unknown>) ?? {
        status: 400,
        body: { __type: 'UnknownOperationException' },
      }
    );
  };
  server.serve({ '/codecommit/eu-west-1': answer, '/codecommit/us-east-2': answer, '/tagging/eu-west-1': answer });
}

const metadata = (repositoryName: string, defaultBranch?: string): Reply => ({
  body: {
    repositoryMetadata: {
      accountId: '111111111111',
      repositoryId: 'f7579e13-b83e-4027-aaef-650c0EXAMPLE',
      repositoryName,
      ...(defaultBranch === undefined ? {} : { defaultBranch }),
      cloneUrlHttp: `https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/${repositoryName}`,
      cloneUrlSsh: `ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/${repositoryName}`,
    },
  },
});

describe('the signature of requests to AWS', () => {
  it.each([
    ['GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('is that of the published example for %s', (method, signature) => {
    const request = { method, url: new URL('https://example.amazonaws.com/'), headers: {}, body: '' };
    const scope = { region: 'us-east-1', service: 'service', at: new Date('2015-08-30T12:36:00Z') };
    expect(signedHeaders(request, EXAMPLE, scope)['authorization']).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  });

  it('covers the token of temporary credentials', () => {
    const request = { method: 'POST', url: new URL('https://example.amazonaws.com/'), headers: {}, body: '' };
    const scope = { region: 'us-east-1', service: 'service', at: new Date('2015-08-30T12:36:00Z') };
    const headers = signedHeaders(request, { ...EXAMPLE, sessionToken: 'temporary' }, scope);
    expect(headers['x-amz-security-token']).toBe('temporary');
    expect(headers['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });
});

describe('repositories of AWS CodeCommit (1.6)', () => {
  it('come page by page, without a commit and without empty ones', async () => {
    serve({
      ListRepositories: ({ nextToken }) =>
        nextToken === 'more'
          ? { body: { repositories: [{ repositoryName: 'empty', repositoryId: 'x' }] } }
          : { body: { repositories: [{ repositoryName: 'web', repositoryId: 'y' }], nextToken: 'more' } },
      GetRepository: ({ repositoryName }) =>
        metadata(String(repositoryName), repositoryName === 'web' ? 'main' : undefined),
    });
    expect(await parametersOf(scm({}, { cloneProtocol: 'https-fips' }), reader())).toEqual([
      {
        organization: '111111111111',
        repository: 'web',
        repository_id: 'f7579e13-b83e-4027-aaef-650c0EXAMPLE',
        url: 'https://git-codecommit-fips.eu-west-1.amazonaws.com/v1/repos/web',
        branch: 'main',
        sha: '',
        short_sha: '',
        short_sha_7: '',
        labels: '',
        branchNormalized: 'main',
      },
    ]);
    expect(server.asked[0]?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'CodeCommit_20150413.ListRepositories',
      authorization: expect.stringContaining('/eu-west-1/codecommit/aws4_request'),
    });
  });

  it('come by tags, values of one key as alternatives', async () => {
    let asked: unknown;
    serve({
      GetResources: (input) => {
        asked = input;
        return {
          body: {
            PaginationToken: '',
            ResourceTagMappingList: [{ ResourceARN: 'arn:aws:codecommit:eu-west-1:111111111111:web' }],
          },
        };
      },
      GetRepository: ({ repositoryName }) => metadata(String(repositoryName), 'main'),
      ListBranches: () => ({ body: { branches: ['main', 'dev'] } }),
    });
    const tagFilters = [{ key: 'team', value: 'a' }, { key: 'team', value: 'b' }, { key: 'live' }];
    const sets = await parametersOf(scm({ tagFilters, allBranches: true }), reader());
    expect(sets.map(({ repository, branch }) => [repository, branch])).toEqual([
      ['web', 'main'],
      ['web', 'dev'],
    ]);
    expect(asked).toEqual({
      ResourceTypeFilters: ['codecommit:repository'],
      TagFilters: [{ Key: 'team', Values: ['a', 'b'] }, { Key: 'live' }],
    });
  });

  it('are asked for paths in the folder above them', async () => {
    serve({
      ListRepositories: () => ({ body: { repositories: [{ repositoryName: 'web' }] } }),
      GetRepository: () => metadata('web', 'main'),
      GetFolder: ({ folderPath }) =>
        folderPath === '/deploy'
          ? { body: { folderPath, files: [{ relativePath: 'app.yaml' }], subFolders: [{ relativePath: 'base' }] } }
          : { status: 400, body: { __type: 'FolderDoesNotExistException', message: 'x' } },
    });
    const taken = async (filter: object) => (await parametersOf(scm({}, { filters: [filter] }), reader())).length;
    expect(await taken({ pathsExist: ['deploy/base', 'deploy/app.yaml'] })).toBe(1);
    expect(await taken({ pathsExist: ['deploy/other'] })).toBe(0);
    expect(await taken({ pathsDoNotExist: ['gone/x'] })).toBe(1);
  });

  it.each<[string, object, string]>([
    ['ThrottlingException', {}, 'SCM_RATE_LIMITED'],
    ['com.amazon.coral.service#AccessDeniedException', {}, 'SCM_AUTH'],
    ['UnrecognizedClientException', {}, 'SCM_AUTH'],
    ['EncryptionKeyDisabledException', {}, 'SCM_REFUSED'],
  ])('fail by name on %s', async (__type, more, code) => {
    serve({ ListRepositories: () => ({ status: 400, body: { __type } }) });
    expect(await refusalOf(scm(more), reader())).toEqual({
      code,
      path: 'spec.generators[0].scmProvider.awsCodeCommit',
    });
  });

  it('are asked for in the region of the set', async () => {
    serve({ ListRepositories: () => ({ body: { repositories: [] } }) });
    expect(await parametersOf(scm({ region: 'us-east-2' }), reader())).toEqual([]);
    expect(server.paths()).toEqual(['/codecommit/us-east-2']);
  });

  it('need credentials of the hub, a region that is one, and no role', async () => {
    expect((await refusalOf(scm(), readerWith(remoteReader()))).code).toBe('SCM_TOKEN_MISSING');
    expect((await refusalOf(scm({ region: 'x.evil.example/' }), reader())).code).toBe('SCM_REFUSED');
    expect((await refusalOf(scm({ role: 'arn:aws:iam::1:role/x' }), reader())).code).toBe('SCM_AUTH_NOT_SUPPORTED');
  });
});
