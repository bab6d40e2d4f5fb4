import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import { at, integerAt, listAt, nameAt, textAt } from '../answer-fields.js';
import { basicAuth, bearerAuth, type ProviderDoor } from '../provider-door.js';
import { segmentsOf, type NextPage, type Query, type RemoteApi } from '../remote-api.js';
import type { ListPullRequests, OpenScm, ScmProvider } from './provider.js';

const PAGE: Query = { limit: 100 };

const next: NextPage = ({ body }, query) => {
  const start = at(body, 'nextPageStart');
  return at(body, 'isLastPage') === false && typeof start === 'number' ? { ...query, start } : undefined;
};
const PAGES = { itemsOf: (body: unknown) => listAt(body, 'values'), next };

/** https://developer.atlassian.com/server/bitbucket/rest: repositories of a project; those without a branch are left out. */
export const openBitbucketServer: OpenScm = async (door, cloneProtocol): Promise<ScmProvider> => {
  const api = await apiOf(door);
  const linkName = cloneProtocol === 'ssh' ? 'ssh' : 'http';
  return {
    repositories: async () => {
      const repositories: ScmRepository[] = [];
      for (const each of await api.all(['projects', door.text('project'), 'repos'], PAGE, PAGES)) {
        const repository = repositoryOf(each, linkName);
        const branch = await defaultBranch(api, repository);
        if (branch) repositories.push({ ...repository, branch: branch.name });
      }
      return repositories;
    },
    branches: async (repository) => {
      if (door.flag('allBranches'))
        return (await api.all([...pathOf(repository), 'branches'], PAGE, PAGES)).map(branchOf);
      const branch = await defaultBranch(api, repository);
      return branch ? [branch] : [];
    },
    hasPath: async ({ repository, branch, path }) => {
      const browse = [...pathOf(repository), 'browse', ...segmentsOf(path)];
      return (await api.find(browse, { at: branch.name, limit: 1, type: true })) !== undefined;
    },
  };
};

/** It knows no labels of pull requests. */
export const bitbucketServerPullRequests: ListPullRequests = async (door) => {
  const api = await apiOf(door);
  const pulls = ['projects', door.text('project'), 'repos', door.text('repo'), 'pull-requests'];
  return (await api.all(pulls, PAGE, PAGES)).map(pullRequestOf);
};

/** Without the headers of a script's request it suspects a forged one. */
async function apiOf(door: ProviderDoor): Promise<RemoteApi> {
  const base = (api: string) => `${api.replace(/\/+$/, '').replace(/\/rest$/, '')}/rest/api/1.0`;
  const headers = { 'x-atlassian-token': 'no-check', 'x-requested-with': 'XMLHttpRequest' };
  return door.api(base, { ...headers, ...(await credentialsOf(door)) });
}

/** Of both ways the user's name wins, as in Argo CD's own order. */
export async function credentialsOf(door: ProviderDoor): Promise<Record<string, string>> {
  const user = door.basicUser();
  if (user !== undefined) return { authorization: basicAuth(user, await door.secret('basicAuth', 'passwordRef')) };
  return bearerAuth(await door.secret('bearerToken', 'tokenRef'));
}

function repositoryOf(found: unknown, linkName: string): ScmRepository {
  const link = listAt(found, 'links', 'clone').find((each) => textAt(each, 'name') === linkName);
  return {
    organization: nameAt(found, 'project', 'key'),
    name: nameAt(found, 'name'),
    slug: nameAt(found, 'slug'),
    id: integerAt(found, 'id'),
    url: textAt(link, 'href'),
    branch: '',
    labels: [],
  };
}

function pathOf({ organization, name, slug = name }: ScmRepository): string[] {
  return ['projects', organization, 'repos', slug];
}

/** Not found, or nothing at all, for an empty repository. */
async function defaultBranch(api: RemoteApi, repository: ScmRepository): Promise<ScmBranch | undefined> {
  const found = await api.find([...pathOf(repository), 'branches', 'default']);
  return found === undefined || found.body === undefined ? undefined : branchOf(found.body);
}

function branchOf(found: unknown): ScmBranch {
  return { name: nameAt(found, 'displayId'), sha: nameAt(found, 'latestCommit') };
}

function pullRequestOf(found: unknown): PullRequest {
  return {
    number: String(integerAt(found, 'id')),
    title: textAt(found, 'title'),
    branch: nameAt(found, 'fromRef', 'displayId'),
    targetBranch: nameAt(found, 'toRef', 'displayId'),
    headSha: nameAt(found, 'fromRef', 'latestCommit'),
    labels: [],
    author: textAt(found, 'author', 'user', 'name'),
  };
}
