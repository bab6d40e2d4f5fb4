import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import { integerAt, listAt, nameAt, textAt, textsAt } from '../answer-fields.js';
import type { ProviderDoor } from '../provider-door.js';
import { linkNext, unlessAbsent, type NextPage, type Query, type RemoteApi } from '../remote-api.js';
import type { ListPullRequests, OpenScm, PathQuestion, ScmProvider } from './provider.js';

const PAGE: Query = { per_page: 100 };

/** GitLab names the next page in a header; keyset pages come as a Link only. */
const next: NextPage = (answer, query) => {
  const page = answer.headers['x-next-page'];
  return typeof page === 'string' && /^\d+$/.test(page) ? { ...query, page } : linkNext(answer);
};
const PAGES = { itemsOf: (body: unknown) => listAt(body), next };

/** https://docs.gitlab.com/api: projects of a group. */
export const openGitlab: OpenScm = async (door, cloneProtocol): Promise<ScmProvider> => {
  const api = await apiOf(door);
  const urlKey = cloneProtocol === 'ssh' ? 'ssh_url_to_repo' : 'http_url_to_repo';
  return {
    repositories: async () => {
      const found = await api.all(['groups', door.text('group'), 'projects'], listing(door), PAGES);
      return found.map((each) => repositoryOf(each, urlKey));
    },
    branches: (repository) => branchesOf(api, repository, door.flag('allBranches')),
    hasPath: (question) => hasPath(api, question),
  };
};

/** Labels are for GitLab to judge; without a state it gives merge requests of every state, as in Argo CD. */
export const gitlabPullRequests: ListPullRequests = async (door) => {
  const api = await apiOf(door);
  const labels = door.texts('labels').join(',');
  const state = door.text('pullRequestState');
  const query = { ...PAGE, ...(labels === '' ? {} : { labels }), ...(state === '' ? {} : { state }) };
  return (await api.all(['projects', door.text('project'), 'merge_requests'], query, PAGES)).map(pullRequestOf);
};

async function apiOf(door: ProviderDoor): Promise<RemoteApi> {
  const token = await door.secret('tokenRef');
  const base = (api: string) => (/\/api\/v4\/?$/.test(api) ? api : `${api.replace(/\/+$/, '')}/api/v4`);
  return door.api(base, token === '' ? {} : { 'private-token': token });
}

function listing(door: ProviderDoor): Query {
  const topic = door.text('topic');
  return {
    ...PAGE,
    include_subgroups: door.flag('includeSubgroups'),
    with_shared: door.has('includeSharedProjects') ? door.flag('includeSharedProjects') : true,
    ...(topic === '' ? {} : { topic }),
    ...(door.flag('includeArchivedRepos') ? {} : { archived: false }),
  };
}

/** Before version 14.5 topics were called tags. */
function repositoryOf(found: unknown, urlKey: string): ScmRepository {
  const topics = textsAt(found, 'topics');
  return {
    organization: nameAt(found, 'namespace', 'full_path'),
    name: nameAt(found, 'path'),
    id: integerAt(found, 'id'),
    url: nameAt(found, urlKey),
    branch: textAt(found, 'default_branch'),
    labels: topics.length > 0 ? topics : textsAt(found, 'tag_list'),
  };
}

/** An empty repository has no default branch, or one that does not exist. */
async function branchesOf(api: RemoteApi, { id, branch }: ScmRepository, all: boolean): Promise<ScmBranch[]> {
  const path = ['projects', String(id), 'repository', 'branches'];
  if (all) return (await api.all(path, PAGE, PAGES)).map(branchOf);
  const found = branch === '' ? undefined : await api.find([...path, branch]);
  return found ? [branchOf(found.body)] : [];
}

function branchOf(found: unknown): ScmBranch {
  return { name: nameAt(found, 'name'), sha: nameAt(found, 'commit', 'id') };
}

/** Files and folders are looked for in the folder that they stand in; a folder that is not there is an answer. */
async function hasPath(api: RemoteApi, { repository, branch, path }: PathQuestion): Promise<boolean> {
  const tree = ['projects', String(repository.id), 'repository', 'tree'];
  const parent: Query = path.includes('/') ? { path: path.slice(0, path.lastIndexOf('/')) } : {};
  const query = { ...PAGE, ref: branch.name, ...parent };
  const entries = (await unlessAbsent(api.all(tree, query, PAGES))) ?? [];
  return entries.some((entry) => textAt(entry, 'path') === path);
}

function pullRequestOf(found: unknown): PullRequest {
  return {
    number: String(integerAt(found, 'iid')),
    title: textAt(found, 'title'),
    branch: nameAt(found, 'source_branch'),
    targetBranch: nameAt(found, 'target_branch'),
    headSha: textAt(found, 'sha'),
    labels: textsAt(found, 'labels'),
    author: textAt(found, 'author', 'username'),
  };
}
