import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import { at, integerAt, listAt, nameAt, textAt, textsAt } from '../answer-fields.js';
import { bearerAuth, type ProviderDoor } from '../provider-door.js';
import { linkNext, type Query, type RemoteApi, segmentsOf } from '../remote-api.js';
import { githubAppToken } from './github-app.js';
import { hasAllLabels } from './labels.js';
import type { ListPullRequests, OpenScm, PathQuestion, ScmProvider } from './provider.js';

const PAGE: Query = { per_page: 100 };
const PAGES = { itemsOf: (body: unknown) => listAt(body), next: linkNext };

/** https://docs.github.com/en/rest: repositories of an organisation. */
export const openGithub: OpenScm = async (door, cloneProtocol): Promise<ScmProvider> => {
  const api = await apiOf(door, door.text('organization'));
  const urlKey = cloneProtocol === 'ssh' ? 'ssh_url' : 'clone_url';
  const organization = door.text('organization');
  return {
    repositories: async () => {
      const found = await api.all(['orgs', organization, 'repos'], PAGE, PAGES);
      const kept = door.flag('excludeArchivedRepos') ? found.filter((each) => at(each, 'archived') !== true) : found;
      return kept.map((each) => repositoryOf(each, urlKey));
    },
    branches: (repository) => branchesOf(api, repository, door.flag('allBranches')),
    hasPath: ({ repository, branch, path }: PathQuestion) => hasPath(api, repository, { ref: branch.name, path }),
  };
};

/** Open pull requests that bear every label. */
export const githubPullRequests: ListPullRequests = async (door) => {
  const api = await apiOf(door, door.text('owner'));
  const found = await api.all(['repos', door.text('owner'), door.text('repo'), 'pulls'], PAGE, PAGES);
  return found.map(pullRequestOf).filter(hasAllLabels(door.texts('labels')));
};

/** `owner` is whose repositories are asked for. A GitHub App goes before a token, as in Argo CD. */
async function apiOf(door: ProviderDoor, owner: string): Promise<RemoteApi> {
  const plain = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
  const open = (headers: Record<string, string>) => door.api(baseOf, { ...plain, ...headers });
  const isApp = door.text('appSecretName') !== '';
  const token = isApp ? await githubAppToken(door, owner, open) : await door.secret('tokenRef');
  return open(bearerAuth(token));
}

/** GitHub Enterprise serves its API under /api/v3; an address that says `api.` is one already. */
function baseOf(api: string, isOwn: boolean): string {
  if (!isOwn) return api;
  const isApi = /^https?:\/\/(?:api\.|[^/]*\.api\.)/.test(api) || /\/api\/v3\/?$/.test(api);
  return isApi || !URL.canParse(api) ? api : `${api.replace(/\/+$/, '')}/api/v3`;
}

function repositoryOf(found: unknown, urlKey: string): ScmRepository {
  return {
    organization: nameAt(found, 'owner', 'login'),
    name: nameAt(found, 'name'),
    id: integerAt(found, 'id'),
    url: nameAt(found, urlKey),
    branch: textAt(found, 'default_branch'),
    labels: textsAt(found, 'topics'),
  };
}

/** A default branch that does not exist is that of an empty repository. */
async function branchesOf(
  api: RemoteApi,
  { organization, name, branch }: ScmRepository,
  all: boolean,
): Promise<ScmBranch[]> {
  const path = ['repos', organization, name, 'branches'];
  if (all) return (await api.all(path, PAGE, PAGES)).map(branchOf);
  const found = branch === '' ? undefined : await api.find([...path, branch]);
  return found ? [branchOf(found.body)] : [];
}

function branchOf(found: unknown): ScmBranch {
  return { name: nameAt(found, 'name'), sha: nameAt(found, 'commit', 'sha') };
}

async function hasPath(
  api: RemoteApi,
  { organization, name }: ScmRepository,
  { ref, path }: { ref: string; path: string },
): Promise<boolean> {
  return (await api.find(['repos', organization, name, 'contents', ...segmentsOf(path)], { ref })) !== undefined;
}

function pullRequestOf(found: unknown): PullRequest {
  return {
    number: String(integerAt(found, 'number')),
    title: textAt(found, 'title'),
    branch: nameAt(found, 'head', 'ref'),
    targetBranch: nameAt(found, 'base', 'ref'),
    headSha: nameAt(found, 'head', 'sha'),
    labels: textsAt(found, 'labels', 'name'),
    author: textAt(found, 'user', 'login'),
  };
}
