import type { ScmQuery } from '../../remote-reader.js';
import { ProviderDoor, type DoorContext } from '../provider-door.js';
import { RemoteFailure } from '../remote-failure.js';
import { openAwsCodeCommit } from './aws-code-commit.js';
import { azureDevOpsPullRequests, openAzureDevOps } from './azure-devops.js';
import { bitbucketServerPullRequests, openBitbucketServer } from './bitbucket-server.js';
import { bitbucketPullRequests, openBitbucket } from './bitbucket.js';
import { giteaPullRequests, openGitea } from './gitea.js';
import { githubPullRequests, openGithub } from './github.js';
import { gitlabPullRequests, openGitlab } from './gitlab.js';
import type { CloneProtocol, ListPullRequests, OpenScm, ScmProvider } from './provider.js';

const SCM: ReadonlyMap<string, OpenScm> = new Map([
  ['github', openGithub],
  ['gitlab', openGitlab],
  ['gitea', openGitea],
  ['bitbucketServer', openBitbucketServer],
  ['azureDevOps', openAzureDevOps],
  ['bitbucket', openBitbucket],
  ['awsCodeCommit', openAwsCodeCommit],
]);

export const PULL_REQUESTS: ReadonlyMap<string, ListPullRequests> = new Map([
  ['github', githubPullRequests],
  ['gitlab', gitlabPullRequests],
  ['gitea', giteaPullRequests],
  ['bitbucketServer', bitbucketServerPullRequests],
  ['bitbucket', bitbucketPullRequests],
  ['azuredevops', azureDevOpsPullRequests],
]);

/** Azure DevOps knows one protocol and is not asked for another. */
export async function openScm(query: ScmQuery, context: DoorContext): Promise<ScmProvider> {
  const open = SCM.get(query.provider);
  if (!open)
    throw new RemoteFailure('SCM_PROVIDER_NOT_SUPPORTED', `the provider ${query.provider} is not supported yet`);
  return open(new ProviderDoor(query, context), protocolOf(query));
}

function protocolOf({ provider, cloneProtocol }: ScmQuery): CloneProtocol {
  if (provider === 'azureDevOps' || cloneProtocol === '' || cloneProtocol === 'ssh') return 'ssh';
  if (cloneProtocol === 'https' || (cloneProtocol === 'https-fips' && provider === 'awsCodeCommit'))
    return cloneProtocol;
  throw new RemoteFailure(
    'SCM_CLONE_PROTOCOL',
    `cloneProtocol "${cloneProtocol}" is none of ${provider}: use ssh or https`,
  );
}
