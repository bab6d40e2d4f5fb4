import { listAt, textAt, textsAmong, valueAt } from './payload-fields.js';
import { commitOf, revisionOf } from './pushed-ref.js';
import { unknownEvent, unreadableEvent, type WebhookProvider } from './webhook-provider.js';

/**
 * Anybody who can sign a small JSON document: `{"repository": "https://…", "ref": "refs/heads/main", "default": true,
 * "commit": "…", "files": ["…"]}`, all but `repository` optional. Nothing but ours sends it, so it needs its secret.
 */
export const generic: WebhookProvider = {
  name: 'generic',
  needsSecret: true,
  claims: (headers) => headers.has('x-fleetwright-event'),
  proof: (headers) => ({
    type: 'hmac',
    key: 'webhook.generic.secret',
    given: (headers.get('x-fleetwright-signature') ?? '').replace(/^sha256=/, ''),
  }),
  delivery: (headers) => headers.get('x-fleetwright-delivery'),
  read: (headers, body) => {
    const event = headers.get('x-fleetwright-event') ?? '';
    const url = textAt(body, 'repository');
    if (event !== 'push' && event !== 'pull-request') throw unknownEvent('generic', event);
    if (url === '') throw unreadableEvent('generic', 'repository');
    if (event === 'pull-request') return [{ kind: 'pull-request', urls: [url] }];
    const commit = commitOf(textAt(body, 'commit'));
    const told = Array.isArray(valueAt(body, 'files'));
    return [
      {
        kind: 'push',
        urls: [url],
        revision: revisionOf(textAt(body, 'ref')),
        touchesDefault: valueAt(body, 'default') !== false,
        comesOrGoes: false,
        ...(told ? { files: textsAmong(listAt(body, 'files')) } : {}),
        ...(commit === undefined ? {} : { commit }),
      },
    ];
  },
};
