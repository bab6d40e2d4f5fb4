import { filesOf } from './listed-commits.js';
import { listAt, textAt, textsAmong, valueAt } from './payload-fields.js';
import { commitOf, isNoCommit, revisionOf, touchesDefault } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookHeaders, type WebhookProvider } from './webhook-provider.js';

/** Gogs and what came of it. They send GitHub's header too, and are asked for before it. */
export const gogs: WebhookProvider = {
  name: 'Gogs',
  claims: (headers) => eventOf(headers) !== undefined,
  proof: (headers) => ({ type: 'hmac', key: 'webhook.gogs.secret', given: signatureOf(headers) }),
  delivery: (headers) =>
    headers.get('x-forgejo-delivery') ?? headers.get('x-gitea-delivery') ?? headers.get('x-gogs-delivery'),
  read: (headers, body) => {
    const event = eventOf(headers) ?? '';
    if (event === 'push') return [pushOf(body)];
    if (event === 'create' || event === 'delete') return [refOf(body)];
    if (event.startsWith('pull_request')) return [{ kind: 'pull-request', urls: urlsOf(body) }];
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

function pushOf(body: unknown): WebhookEvent {
  const [ref, before, after] = [textAt(body, 'ref'), textAt(body, 'before'), textAt(body, 'after')];
  if (ref === '') throw unreadableEvent('Gogs', 'ref');
  const files = filesOf({ before, after, commits: listAt(body, 'commits'), total: valueAt(body, 'total_commits') });
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

/** A branch or tag was made or removed. */
function refOf(body: unknown): WebhookEvent {
  const revision = revisionOf(textAt(body, 'ref'));
  if (revision === '') throw unreadableEvent('Gogs', 'ref');
  const isDefault = touchesDefault(revision, textAt(body, 'repository', 'default_branch'));
  return { kind: 'push', urls: urlsOf(body), revision, touchesDefault: isDefault, comesOrGoes: true };
}

function urlsOf(body: unknown): readonly string[] {
  const fields = ['html_url', 'clone_url', 'ssh_url'];
  const urls = textsAmong(fields.map((field) => textAt(body, 'repository', field)));
  if (urls.length === 0) throw unreadableEvent('Gogs', 'repository.html_url');
  return urls;
}
