import { listAt, textAt, textsAmong } from './payload-fields.js';
import { commitOf, revisionOf } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookProvider } from './webhook-provider.js';

const PULL_REQUEST_EVENTS = /^pr:(opened|modified|merged|declined|deleted|from_ref_updated|to_ref_updated)$/;

/** Bitbucket Server and Data Center: no default branch and no files are told. */
export const bitbucketServer: WebhookProvider = {
  name: 'Bitbucket Server',
  claims: (headers) => headers.has('x-event-key'),
  proof: (headers) => ({
    type: 'hmac',
    key: 'webhook.bitbucketserver.secret',
    given: (headers.get('x-hub-signature') ?? '').replace(/^sha256=/, ''),
  }),
  delivery: (headers) => headers.get('x-request-id'),
  read: (headers, body) => {
    const event = headers.get('x-event-key') ?? '';
    if (event === 'diagnostics:ping') return [];
    if (event === 'repo:refs_changed') return pushesOf(body);
    if (!PULL_REQUEST_EVENTS.test(event)) throw unknownEvent('Bitbucket Server', event);
    return [{ kind: 'pull-request', urls: urlsOf(body, 'pullRequest', 'toRef', 'repository') }];
  },
};

function pushesOf(body: unknown): WebhookEvent[] {
  const urls = urlsOf(body, 'repository');
  return listAt(body, 'changes').map((change) => {
    const revision = revisionOf(textAt(change, 'ref', 'id') || textAt(change, 'refId'));
    if (revision === '') throw unreadableEvent('Bitbucket Server', 'changes[].ref.id');
    const commit = commitOf(textAt(change, 'toHash'));
    const comesOrGoes = ['ADD', 'DELETE'].includes(textAt(change, 'type'));
    return { kind: 'push', urls, revision, touchesDefault: true, comesOrGoes, ...(commit ? { commit } : {}) };
  });
}

function urlsOf(body: unknown, ...path: string[]): readonly string[] {
  const links = [...listAt(body, ...path, 'links', 'clone'), ...listAt(body, ...path, 'links', 'self')];
  const urls = textsAmong(links.map((link) => textAt(link, 'href'))).map(withoutBrowse);
  if (urls.length === 0) throw unreadableEvent('Bitbucket Server', `${path.join('.')}.links.clone`);
  return urls;
}

/** `self` is the page of a repository: `…/projects/SHOP/repos/web/browse`, which is cloned as `…/scm/shop/web`. */
function withoutBrowse(url: string): string {
  return url.replace(/\/projects\/([^/]+)\/repos\/([^/]+)\/browse$/, '/scm/$1/$2');
}
