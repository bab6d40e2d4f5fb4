import { listAt, textAt, textsAmong } from './payload-fields.js';
import { commitOf, isNoCommit, revisionOf, touchesDefault } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookProvider } from './webhook-provider.js';

const PULL_REQUEST_EVENTS = /^git\.pullrequest\.(created|merged|updated)$/;

/** Service hooks of Azure DevOps. No files are listed; every ref update of a push counts. */
export const azureDevOps: WebhookProvider = {
  name: 'Azure DevOps',
  claims: (headers) => headers.has('x-vss-activityid'),
  proof: (headers) => ({
    type: 'basic',
    user: 'webhook.azuredevops.username',
    password: 'webhook.azuredevops.password',
    given: headers.get('authorization') ?? '',
  }),
  delivery: () => undefined,
  read: (_headers, body) => {
    const event = textAt(body, 'eventType');
    if (event === 'git.push') return pushesOf(body);
    if (PULL_REQUEST_EVENTS.test(event)) return [{ kind: 'pull-request', urls: urlsOf(body) }];
    throw unknownEvent('Azure DevOps', event);
  },
};

function pushesOf(body: unknown): WebhookEvent[] {
  const urls = urlsOf(body);
  const main = revisionOf(textAt(body, 'resource', 'repository', 'defaultBranch'));
  return listAt(body, 'resource', 'refUpdates').map((update) => {
    const revision = revisionOf(textAt(update, 'name'));
    if (revision === '') throw unreadableEvent('Azure DevOps', 'resource.refUpdates[].name');
    const after = textAt(update, 'newObjectId');
    const commit = commitOf(after);
    const comesOrGoes = isNoCommit(textAt(update, 'oldObjectId')) || isNoCommit(after);
    const isDefault = touchesDefault(revision, main);
    return { kind: 'push', urls, revision, touchesDefault: isDefault, comesOrGoes, ...(commit ? { commit } : {}) };
  });
}

function urlsOf(body: unknown): readonly string[] {
  const urls = textsAmong(
    ['remoteUrl', 'webUrl', 'sshUrl'].map((field) => textAt(body, 'resource', 'repository', field)),
  );
  if (urls.length === 0) throw unreadableEvent('Azure DevOps', 'resource.repository.remoteUrl');
  return urls;
}
