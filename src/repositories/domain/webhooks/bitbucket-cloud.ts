import { listAt, textAt, textsAmong, valueAt } from './payload-fields.js';
import { commitOf, touchesDefault } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookProvider } from './webhook-provider.js';

const PULL_REQUEST_EVENTS = /^pullrequest:(created|updated|fulfilled|rejected|superseded)$/;

/** Bitbucket Cloud proves itself by the id of the hook. It lists no files; every change of a push counts. */
export const bitbucketCloud: WebhookProvider = {
  name: 'Bitbucket Cloud',
  claims: (headers) => headers.has('x-hook-uuid'),
  proof: (headers) => ({ type: 'token', key: 'webhook.bitbucket.uuid', given: headers.get('x-hook-uuid') ?? '' }),
  delivery: (headers) => headers.get('x-request-uuid'),
  read: (headers, body) => {
    const event = headers.get('x-event-key') ?? '';
    if (event === 'repo:push') return pushesOf(body);
    if (PULL_REQUEST_EVENTS.test(event)) return [{ kind: 'pull-request', urls: urlsOf(body) }];
    throw unknownEvent('Bitbucket Cloud', event);
  },
};

function pushesOf(body: unknown): WebhookEvent[] {
  const urls = urlsOf(body);
  const main = textAt(body, 'repository', 'mainbranch', 'name');
  return listAt(body, 'push', 'changes').map((change) => {
    const revision = textAt(change, 'new', 'name') || textAt(change, 'old', 'name');
    if (revision === '') throw unreadableEvent('Bitbucket Cloud', 'push.changes[].new.name');
    const commit = commitOf(textAt(change, 'new', 'target', 'hash'));
    return {
      kind: 'push',
      urls,
      revision,
      touchesDefault: touchesDefault(revision, main),
      comesOrGoes: valueAt(change, 'created') === true || valueAt(change, 'closed') === true,
      ...(commit === undefined ? {} : { commit }),
    };
  });
}

function urlsOf(body: unknown): readonly string[] {
  const clones = listAt(body, 'repository', 'links', 'clone').map((link) => textAt(link, 'href'));
  const urls = textsAmong([textAt(body, 'repository', 'links', 'html', 'href'), ...clones]);
  if (urls.length === 0) throw unreadableEvent('Bitbucket Cloud', 'repository.links.html.href');
  return urls;
}
