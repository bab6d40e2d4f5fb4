import type { PullRequest, ScmBranch, ScmRepository } from '../../remote-reader.js';
import { at, integerAt, listAt, nameAt, textAt, textsAt } from '../answer-fields.js';
import type { ProviderDoor } from '../provider-door.js';
import { linkNext, type Query, type RemoteApi, segmentsOf } from '../remote-api.js';
import { hasAllLabels } from './labels.js';
import type { ListPullRequests, OpenScm, ScmProvider } from './provider.js';

const PAGE: Query = { limit: 50, page: 1 };
const PAGES = { itemsOf: (body: unknown) => listAt(body), next: linkNext };

/** https://docs.gitea.com/api: repositories of an organisation; their labels are asked for one by one. */
export const openGitea: OpenScm = async (door, cloneProtocol): Promise<ScmProvider> => {
  const api = await apiOf(door);
  const urlKey = cloneProtocol === 'ssh' ? 'ssh_url' : 'html_url';
  const owner = door.text('owner');
  return {
    repositories: async () => {
      const found = await api.all(['orgs', owner, 'repos'], PAGE, PAGES);
      const kept = door.flag('excludeArchivedRepos') ? found.filter((each) => at(each, 'archived') !== true) : found;
      const repositories: ScmRepository[] = [];
      for (const each of kept) {
        const labels = await api.all(['repos', owner, nameAt(each, 'name'), 'labels'], PAGE, PAGES);
        repositories.push(repositoryOf(each, { owner, urlKey, labels: labels.map((label) => textAt(label, 'name')) }));
      }
      return repositories;
    },
    branches: async ({ name, branch }) => {
      const path = ['repos', owner, name, 'branches'];
      if (door.flag('allBranches')) return (await api.all(path, PAGE, PAGES)).map(branchOf);
      return [{ ...branchOf((await api.get([...path, branch])).body), name: branch }];
    },
    hasPath: async ({ repository, branch, path }) => {
      const contents = ['repos', owner, repository.name, 'contents', ...segmentsOf(path)];
      return (await api.find(contents, { ref: branch.name })) !== undefined;
    },
  };
};

export const giteaPullRequests: ListPullRequests = async (door) => {
  const api = await apiOf(door);
  const pulls = ['repos', door.text('owner'), door.text('repo'), 'pulls'];
  const found = await api.all(pulls, { ...PAGE, state: 'open' }, PAGES);
  return found.map(pullRequestOf).filter(hasAllLabels(door.texts('labels')));
};

async function apiOf(door: ProviderDoor): Promise<RemoteApi> {
  const token = await door.secret('tokenRef');
  const base = (api: string) => `${api.replace(/\/+$/, '')}/api/v1`;
  return door.api(base, token === '' ? {} : { authorization: `token ${token}` });
}

function repositoryOf(
  found: unknown,
  { owner, urlKey, labels }: { owner: string; urlKey: string; labels: string[] },
): ScmRepository {
  return {
    organization: owner,
    name: nameAt(found, 'name'),
    id: integerAt(found, 'id'),
    url: nameAt(found, urlKey),
    branch: textAt(found, 'default_branch'),
    labels,
  };
}

function branchOf(found: unknown): ScmBranch {
  return { name: nameAt(found, 'name'), sha: nameAt(found, 'commit', 'id') };
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
