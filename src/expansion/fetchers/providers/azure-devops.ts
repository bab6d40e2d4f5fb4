import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import { integerAt, listAt, nameAt, textAt, textsAt } from '../answer-fields.js';
import { basicAuth, type ProviderDoor } from '../provider-door.js';
import type { NextPage, Query, RemoteApi } from '../remote-api.js';
import { RemoteFailure } from '../remote-failure.js';
import { hasAllLabels } from './labels.js';
import type { ListPullRequests, OpenScm, ScmProvider } from './provider.js';

const VERSION: Query = { 'api-version': '7.0' };
const PAGE_SIZE = 100;

/** Pages of pull requests are counted by the caller: one that is not full is the last. */
const next: NextPage = ({ body }, query) =>
  listAt(body, 'value').length < PAGE_SIZE ? undefined : { ...query, $skip: Number(query['$skip'] ?? 0) + PAGE_SIZE };

/** https://learn.microsoft.com/rest/api/azure/devops/git: repositories of a team project, always by their https URL. */
export const openAzureDevOps: OpenScm = async (door): Promise<ScmProvider> => {
  const api = await apiOf(door, await door.secret('accessTokenRef'));
  const git = [door.text('teamProject'), '_apis', 'git', 'repositories'];
  const organization = door.text('organization');
  return {
    repositories: async () => {
      const { body } = await api.get(git, VERSION);
      return listAt(body, 'value')
        .filter(isWhole)
        .map((each) => repositoryOf(each, organization));
    },
    branches: async ({ name, branch }) => {
      const one: Query = door.flag('allBranches') ? {} : { name: branch.replace('refs/heads/', '') };
      const found = await unless(
        'GitRepositoryNotFoundException',
        api.get([...git, name, 'stats', 'branches'], { ...VERSION, ...one }),
      );
      if (found === undefined) return [];
      return door.flag('allBranches') ? listAt(found.body, 'value').map(branchOf) : [branchOf(found.body)];
    },
    hasPath: async ({ repository, branch, path }) => {
      const version = { 'versionDescriptor.version': branch.name, 'versionDescriptor.versionType': 'branch' };
      const query = { ...VERSION, ...version, path, $format: 'json' };
      return (
        (await unless('GitItemNotFoundException', api.get([...git, String(repository.id), 'items'], query))) !==
        undefined
      );
    },
  };
};

/** Active ones that bear every label. */
export const azureDevOpsPullRequests: ListPullRequests = async (door) => {
  const api = await apiOf(door, await door.secret('tokenRef'));
  const pulls = [door.text('project'), '_apis', 'git', 'repositories', door.text('repo'), 'pullrequests'];
  const query = { ...VERSION, 'searchCriteria.status': 'active', $top: PAGE_SIZE };
  const found = await api.all(pulls, query, { itemsOf: (body) => listAt(body, 'value'), next });
  return found
    .filter((each) => textAt(each, 'lastMergeSourceCommit', 'commitId') !== '')
    .map(pullRequestOf)
    .filter(hasAllLabels(door.texts('labels')));
};

async function apiOf(door: ProviderDoor, token: string): Promise<RemoteApi> {
  const base = (api: string) => `${api.replace(/\/+$/, '')}/${encodeURIComponent(door.text('organization'))}`;
  return door.api(base, token === '' ? {} : { authorization: basicAuth('', token) });
}

/** Undefined for the one kind of "not found" that is an answer. */
async function unless<T>(typeKey: string, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RemoteFailure && textAt(error.body, 'typeKey') === typeKey) return undefined;
    throw error;
  }
}

/** An empty repository has no default branch and is left out. */
function isWhole(found: unknown): boolean {
  return ['name', 'defaultBranch', 'remoteUrl', 'id'].every((key) => textAt(found, key) !== '');
}

function repositoryOf(found: unknown, organization: string): ScmRepository {
  return {
    organization,
    name: nameAt(found, 'name'),
    id: nameAt(found, 'id'),
    url: nameAt(found, 'remoteUrl'),
    branch: nameAt(found, 'defaultBranch'),
    labels: [],
  };
}

function branchOf(found: unknown): ScmBranch {
  return { name: nameAt(found, 'name'), sha: nameAt(found, 'commit', 'commitId') };
}

function pullRequestOf(found: unknown): PullRequest {
  return {
    number: String(integerAt(found, 'pullRequestId')),
    title: textAt(found, 'title'),
    branch: nameAt(found, 'sourceRefName').replace('refs/heads/', ''),
    targetBranch: nameAt(found, 'targetRefName').replace('refs/heads/', ''),
    headSha: nameAt(found, 'lastMergeSourceCommit', 'commitId'),
    labels: textsAt(found, 'labels', 'name'),
    author: textAt(found, 'createdBy', 'uniqueName').split('@')[0] ?? '',
  };
}
