import { listAt, textAt } from './payload-fields.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, type WebhookProvider } from './webhook-provider.js';

/** Harbor names itself in no header: whoever sends an Authorization with a body of Harbor's shape is one. */
export const harbor: WebhookProvider = {
  name: 'Harbor',
  needsSecret: true,
  claims: (headers) => headers.has('authorization'),
  proof: (headers) => ({ type: 'token', key: 'webhook.harbor.secret', given: headers.get('authorization') ?? '' }),
  delivery: () => undefined,
  read: (_headers, body) => {
    const event = textAt(body, 'type');
    if (event !== 'PUSH_ARTIFACT') throw unknownEvent('Harbor', event);
    return listAt(body, 'event_data', 'resources').flatMap(artifactOf);
  },
};

/** `resource_url` is `registry/project/name:tag`, or ends with a digest. */
function artifactOf(resource: unknown): WebhookEvent[] {
  const url = textAt(resource, 'resource_url').replace(/@sha256:[0-9a-f]+$/, '');
  const tag = textAt(resource, 'tag');
  const name = tag !== '' && url.endsWith(`:${tag}`) ? url.slice(0, -tag.length - 1) : url;
  return name === '' || tag === '' ? [] : [{ kind: 'artifact', urls: [name], revision: tag }];
}
