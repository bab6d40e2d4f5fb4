import { azureDevOps } from './azure-devops.js';
import { bitbucketCloud } from './bitbucket-cloud.js';
import { bitbucketServer } from './bitbucket-server.js';
import { generic } from './generic.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { gogs } from './gogs.js';
import { harbor } from './harbor.js';
import type { WebhookHeaders, WebhookProvider } from './webhook-provider.js';

/** In the order in which they are asked for (argocd-behaviour.md 7.4): some send the headers of others too. */
const PROVIDERS: readonly WebhookProvider[] = [
  azureDevOps,
  gogs,
  github,
  gitlab,
  bitbucketCloud,
  bitbucketServer,
  generic,
  harbor,
];

/** Whose request this is; undefined where it names nobody known. */
export function providerOf(headers: WebhookHeaders): WebhookProvider | undefined {
  return PROVIDERS.find((provider) => provider.claims(headers));
}
