import { filesOf } from './listed-commits.js';
import { listAt, textAt, textsAmong, valueAt } from './payload-fields.js';
import { commitOf, isNoCommit, revisionOf, touchesDefault } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookProvider } from './webhook-provider.js';

/** Actions after which a pull request generator may give something else (argocd-behaviour.md 3.7). */
const PULL_REQUEST_ACTIONS = new Set(['opened', 'closed', 'synchronize', 'labeled', 'reopened', 'unlabeled', 'edited']);

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
        return [pushOf(body)];
      case 'pull_request':
        return PULL_REQUEST_ACTIONS.has(textAt(body, 'action')) ? [{ kind: 'pull-request', urls: urlsOf(body) }] : [];
      case 'package':
        return packageOf(body);
      default:
        throw unknownEvent('GitHub', event);
    }
  },
};

function pushOf(body: unknown): WebhookEvent {
  const [ref, before, after] = [textAt(body, 'ref'), textAt(body, 'before'), textAt(body, 'after')];
  if (ref === '') throw unreadableEvent('GitHub', 'ref');
  const files = filesOf({ before, after, commits: listAt(body, 'commits'), forced: valueAt(body, 'forced') });
  const commit = commitOf(after);
  const revision = revisionOf(ref);
  return {
    kind: 'push',
    urls: urlsOf(body),
    revision,
    touchesDefault: touchesDefault(revision, textAt(body, 'repository', 'default_branch')),
    comesOrGoes: isNoCommit(before) || isNoCommit(after),
    ...(files === undefined ? {} : { files }),
    ...(commit === undefined ? {} : { commit }),
  };
}

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

function urlsOf(body: unknown): readonly string[] {
  const fields = ['html_url', 'clone_url', 'ssh_url', 'git_url'];
  const urls = textsAmong(fields.map((field) => textAt(body, 'repository', field)));
  if (urls.length === 0) throw unreadableEvent('GitHub', 'repository.html_url');
  return urls;
}
