import { listedPush, repositoryUrls, type ToldRepository } from './listed-push.js';
import { textAt, valueAt } from './payload-fields.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, type WebhookProvider } from './webhook-provider.js';

/** Actions after which a pull request generator may give something else (argocd-behaviour.md 3.7). */
const PULL_REQUEST_ACTIONS = new Set(['opened', 'closed', 'synchronize', 'labeled', 'reopened', 'unlabeled', 'edited']);

const REPOSITORY: ToldRepository = {
  sender: 'GitHub',
  at: 'repository',
  urls: ['html_url', 'clone_url', 'ssh_url', 'git_url'],
};

/** GitHub and GitHub Enterprise; packages of its container registry too. */
export const github: WebhookProvider = {
  name: 'GitHub',
  claims: (headers) => headers.has('x-github-event'),
  proof: (headers) => ({
    type: 'hmac',
    key: 'webhook.github.secret',
    given: (headers.get('x-hub-signature-256') ?? '').replace(/^sha256=/, ''),
  }),
  delivery: (headers) => headers.get('x-github-delivery'),
  read: (headers, body) => {
    const event = headers.get('x-github-event') ?? '';
    switch (event) {
      case 'ping':
        return [];
      case 'push':
        return [listedPush(body, REPOSITORY, { forced: valueAt(body, 'forced') })];
      case 'pull_request':
        return PULL_REQUEST_ACTIONS.has(textAt(body, 'action'))
          ? [{ kind: 'pull-request', urls: repositoryUrls(body, REPOSITORY) }]
          : [];
      case 'package':
        return packageOf(body);
      default:
        throw unknownEvent('GitHub', event);
    }
  },
};

/** Only published containers: what else a registry keeps is no source of an Application. */
function packageOf(body: unknown): WebhookEvent[] {
  const type = textAt(body, 'package', 'package_type').toLowerCase();
  if (textAt(body, 'action') !== 'published' || type !== 'container') return [];
  const owner = textAt(body, 'package', 'owner', 'login') || textAt(body, 'repository', 'owner', 'login');
  const name = textAt(body, 'package', 'name');
  const tag = textAt(body, 'package', 'package_version', 'container_metadata', 'tag', 'name');
  if (owner === '' || name === '' || tag === '') return [];
  return [{ kind: 'artifact', urls: [`ghcr.io/${owner}/${name}`], revision: tag }];
}
