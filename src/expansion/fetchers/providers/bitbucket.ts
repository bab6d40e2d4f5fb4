import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import { integerAt, listAt, nameAt, textAt } from '../answer-fields.js';
import { basicAuth } from '../provider-door.js';
import { segmentsOf, type NextPage, type Query } from '../remote-api.js';
import { credentialsOf } from './bitbucket-server.js';
import type { ListPullRequests, OpenScm, ScmProvider } from './provider.js';

const PAGE: Query = { pagelen: 100 };
const PULL_REQUEST_PAGE: Query = { pagelen: 50 };
const next: NextPage = ({ body }) => textAt(body, 'next') || undefined;
const PAGES = { itemsOf: (body: unknown) => listAt(body, 'values'), next };

/** https://developer.atlassian.com/cloud/bitbucket/rest: a workspace's repositories that the user is a member of. */
export const openBitbucket: OpenScm = async (door, cloneProtocol): Promise<ScmProvider> => {
  const owner = door.text('owner');
  const authorization = basicAuth(door.text('user'), await door.secret('appPasswordRef'));
  const api = await door.api((base) => base, { authorization });
  return {
    repositories: async () => {
      const found = await api.all(['repositories', owner], { ...PAGE, role: 'member' }, PAGES);
      return found.map((each) => repositoryOf(each, owner, cloneProtocol));
    },
    branches: async ({ name, branch }) => {
      const path = ['repositories', owner, name, 'refs', 'branches'];
      if (door.flag('allBranches')) return (await api.all(path, PAGE, PAGES)).map(branchOf);
      return branch === '' ? [] : [branchOf((await api.get([...path, branch])).body)];
    },
    hasPath: async ({ repository, branch, path }) => {
      const source = ['repositories', owner, repository.name, 'src', branch.sha, ...segmentsOf(path)];
      return (await api.find(source, { format: 'meta' })) !== undefined;
    },
  };
};

/** Open ones; it knows no labels. */
export const bitbucketPullRequests: ListPullRequests = async (door) => {
  const api = await door.api((base) => base, await credentialsOf(door));
  const pulls = ['repositories', door.text('owner'), door.text('repo'), 'pullrequests'];
  return (await api.all(pulls, PULL_REQUEST_PAGE, PAGES)).map(pullRequestOf);
};

/** An empty repository has no main branch. */
function repositoryOf(found: unknown, owner: string, protocol: string): ScmRepository {
  const link = listAt(found, 'links', 'clone').find((each) => textAt(each, 'name') === protocol);
  return {
    organization: owner,
    name: nameAt(found, 'slug'),
    id: nameAt(found, 'uuid'),
    url: nameAt(link, 'href'),
    branch: textAt(found, 'mainbranch', 'name'),
    labels: [],
  };
}

function branchOf(found: unknown): ScmBranch {
  return { name: nameAt(found, 'name'), sha: nameAt(found, 'target', 'hash') };
}

function pullRequestOf(found: unknown): PullRequest {
  return {
    number: String(integerAt(found, 'id')),
    title: textAt(found, 'title'),
    branch: nameAt(found, 'source', 'branch', 'name'),
    targetBranch: nameAt(found, 'destination', 'branch', 'name'),
    headSha: nameAt(found, 'source', 'commit', 'hash'),
    labels: [],
    author: textAt(found, 'author', 'nickname'),
  };
}
