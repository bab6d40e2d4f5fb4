import { listedPush, movedRef, repositoryUrls, type ToldRepository } from './listed-push.js';
import { textAt, valueAt } from './payload-fields.js';
import { revisionOf } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookHeaders, type WebhookProvider } from './webhook-provider.js';

const REPOSITORY: ToldRepository = {
  sender: 'Gogs',
  at: 'repository',
  urls: ['html_url', 'clone_url', 'ssh_url'],
};

/** Gogs and what came of it. They send GitHub's header too, and are asked for before it. */
export const gogs: WebhookProvider = {
  name: 'Gogs',
  claims: (headers) => eventOf(headers) !== undefined,
  proof: (headers) => ({ type: 'hmac', key: 'webhook.gogs.secret', given: signatureOf(headers) }),
  delivery: (headers) =>
    headers.get('x-forgejo-delivery') ?? headers.get('x-gitea-delivery') ?? headers.get('x-gogs-delivery'),
  read: (headers, body) => {
    const event = eventOf(headers) ?? '';
    if (event === 'push') return [listedPush(body, REPOSITORY, { total: valueAt(body, 'total_commits') })];
    if (event === 'create' || event === 'delete') return [refOf(body)];
    if (event.startsWith('pull_request')) return [{ kind: 'pull-request', urls: repositoryUrls(body, REPOSITORY) }];
    throw unknownEvent('Gogs', event);
  },
};

function eventOf(headers: WebhookHeaders): string | undefined {
  return headers.get('x-forgejo-event') ?? headers.get('x-gitea-event') ?? headers.get('x-gogs-event');
}

/** Gitea and Forgejo can sign as GitHub does, with and without the prefix. */
function signatureOf(headers: WebhookHeaders): string {
  const names = ['x-forgejo-signature', 'x-gitea-signature', 'x-gogs-signature', 'x-hub-signature-256'];
  const given = names.map((name) => headers.get(name)).find((value) => value !== undefined && value !== '');
  return (given ?? '').replace(/^sha256=/, '');
}

/** A branch or tag was made or removed. */
function refOf(body: unknown): WebhookEvent {
  const ref = textAt(body, 'ref');
  if (revisionOf(ref) === '') throw unreadableEvent('Gogs', 'ref');
  return { ...movedRef(body, REPOSITORY, ref), comesOrGoes: true };
}
