import { isObject } from '../../../kernel/json.js';
import type { ScmRepository } from '../../remote-reader.js';
import { awsErrorName, type AwsApi } from '../aws-api.js';
import { at, listAt, nameAt, textAt } from '../answer-fields.js';
import type { ProviderDoor } from '../provider-door.js';
import { RemoteFailure } from '../remote-failure.js';
import type { CloneProtocol, OpenScm, PathQuestion, ScmProvider } from './provider.js';

const CODE_COMMIT = 'CodeCommit_20150413';
const TAGGING = 'ResourceGroupsTaggingAPI_20170126';
const MOST_PAGES = 1_000;
const HTTPS = 'https://git-codecommit.';
const FIPS = 'https://git-codecommit-fips.';
const ABSENT = new Set([
  'RepositoryDoesNotExistException',
  'CommitDoesNotExistException',
  'FolderDoesNotExistException',
]);

/** https://docs.aws.amazon.com/codecommit: repositories of the account, or those that bear tags. No commit is told. */
export const openAwsCodeCommit: OpenScm = async (door, cloneProtocol): Promise<ScmProvider> => {
  const api = door.aws();
  const call = (operation: string, input: object) => api.call('codecommit', `${CODE_COMMIT}.${operation}`, input);
  return {
    repositories: async () => {
      const repositories: ScmRepository[] = [];
      for (const repositoryName of await repositoryNames(api, door)) {
        const found = at(await call('GetRepository', { repositoryName }), 'repositoryMetadata');
        if (textAt(found, 'defaultBranch') !== '') repositories.push(repositoryOf(found, cloneProtocol));
      }
      return repositories;
    },
    branches: async ({ name, branch }) => {
      if (!door.flag('allBranches')) return [{ name: branch, sha: '' }];
      const input = { repositoryName: name };
      const found = await pages((token) => call('ListBranches', { ...input, ...token }), {
        list: 'branches',
        token: 'nextToken',
      });
      return found.map((each) => ({ name: String(each), sha: '' }));
    },
    hasPath: (question) => hasPath(call, question),
  };
};

async function repositoryNames(api: AwsApi, door: ProviderDoor): Promise<string[]> {
  const tagFilters = tagFiltersOf(door);
  if (tagFilters.length === 0) {
    const ask = (token: object) => api.call('codecommit', `${CODE_COMMIT}.ListRepositories`, token);
    return (await pages(ask, { list: 'repositories', token: 'nextToken' })).map((each) =>
      nameAt(each, 'repositoryName'),
    );
  }
  const input = { ResourceTypeFilters: ['codecommit:repository'], TagFilters: tagFilters };
  const ask = (token: object) => api.call('tagging', `${TAGGING}.GetResources`, { ...input, ...token });
  const found = await pages(ask, { list: 'ResourceTagMappingList', token: 'PaginationToken' });
  return found.map((each) => nameAt(each, 'ResourceARN').split(':').slice(5).join(':'));
}

/** Values of one key are alternatives; a key without values asks for the key alone. */
function tagFiltersOf(door: ProviderDoor): { Key: string; Values?: string[] }[] {
  const values = new Map<string, string[]>();
  for (const [key, value] of door.tags('tagFilters')) {
    values.set(key, [...(values.get(key) ?? []), ...(value === '' ? [] : [value])]);
  }
  return [...values].map(([Key, Values]) => (Values.length === 0 ? { Key } : { Key, Values }));
}

async function pages(
  ask: (token: object) => Promise<unknown>,
  { list, token }: { list: string; token: string },
): Promise<unknown[]> {
  const items: unknown[] = [];
  let next: object = {};
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(next);
    items.push(...listAt(answer, list));
    const following = textAt(answer, token);
    if (following === '') return items;
    next = { [token]: following };
  }
  throw new RemoteFailure('SCM_TOO_LARGE', `AWS lists more than ${MOST_PAGES} pages`);
}

function repositoryOf(found: unknown, protocol: CloneProtocol): ScmRepository {
  return {
    organization: textAt(found, 'accountId'),
    name: nameAt(found, 'repositoryName'),
    id: nameAt(found, 'repositoryId'),
    url: urlOf(found, protocol),
    branch: nameAt(found, 'defaultBranch'),
    labels: [],
  };
}

function urlOf(found: unknown, protocol: CloneProtocol): string {
  if (protocol === 'ssh') return nameAt(found, 'cloneUrlSsh');
  const url = nameAt(found, 'cloneUrlHttp');
  if (protocol === 'https' || url.startsWith(FIPS)) return url;
  if (url.startsWith(HTTPS)) return `${FIPS}${url.slice(HTTPS.length)}`;
  throw new RemoteFailure('SCM_CLONE_PROTOCOL', `${url} has no FIPS form: use https or ssh as cloneProtocol`);
}

/** Looked for in the folder above, which shows files, folders, links and submodules alike. */
async function hasPath(
  call: (operation: string, input: object) => Promise<unknown>,
  { repository, branch, path }: PathQuestion,
): Promise<boolean> {
  const whole = `/${path}`.replace(/\/+/g, '/').replace(/\/$/, '');
  if (whole === '') return true;
  const slash = whole.lastIndexOf('/');
  const input = {
    repositoryName: repository.name,
    commitSpecifier: branch.name,
    folderPath: whole.slice(0, slash) || '/',
  };
  try {
    const folder = await call('GetFolder', input);
    const entries = ['files', 'subFolders', 'symbolicLinks', 'subModules'].flatMap((key) => at(folder, key) ?? []);
    return entries.filter(isObject).some((entry) => textAt(entry, 'relativePath') === whole.slice(slash + 1));
  } catch (error) {
    if (ABSENT.has(awsErrorName(error))) return false;
    throw error;
  }
}
