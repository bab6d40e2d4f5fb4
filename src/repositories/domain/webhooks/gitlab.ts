import { listedPush, movedRef, repositoryUrls, type ToldRepository } from './listed-push.js';
import { listAt, textAt, valueAt } from './payload-fields.js';
import { commitOf, isNoCommit } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, type WebhookProvider } from './webhook-provider.js';

/** Actions after which a pull request generator may give something else (argocd-behaviour.md 3.7). */
const MERGE_REQUEST_ACTIONS = new Set(['open', 'close', 'reopen', 'update', 'merge']);

const PROJECT: ToldRepository = {
  sender: 'GitLab',
  at: 'project',
  urls: ['web_url', 'git_http_url', 'git_ssh_url', 'http_url', 'ssh_url'],
};

/** Hooks of a project or group, and system hooks of an instance, which send the same bodies under one header. */
export const gitlab: WebhookProvider = {
  name: 'GitLab',
  claims: (headers) => headers.has('x-gitlab-event'),
  proof: (headers) => ({ type: 'token', key: 'webhook.gitlab.secret', given: headers.get('x-gitlab-token') ?? '' }),
  delivery: (headers) => headers.get('idempotency-key') ?? headers.get('x-gitlab-event-uuid'),
  read: (headers, body) => {
    const header = headers.get('x-gitlab-event') ?? '';
    const event = textAt(body, 'object_kind') || textAt(body, 'event_name');
    switch (event) {
      case 'push':
      case 'tag_push':
        return [listedPush(body, PROJECT, { total: valueAt(body, 'total_commits_count') })];
      case 'merge_request':
        return isOfInterest(body) ? [{ kind: 'pull-request', urls: repositoryUrls(body, PROJECT) }] : [];
      case 'repository_update':
        return updateOf(body);
      default:
        if (header === 'System Hook') return [];
        throw unknownEvent('GitLab', event || header);
    }
  },
};

/** A system hook that tells once of every ref that one push moved. */
function updateOf(body: unknown): WebhookEvent[] {
  return listAt(body, 'changes').map((change) => {
    const after = textAt(change, 'after');
    const commit = commitOf(after);
    return {
      ...movedRef(body, PROJECT, textAt(change, 'ref')),
      comesOrGoes: isNoCommit(textAt(change, 'before')) || isNoCommit(after),
      ...(commit === undefined ? {} : { commit }),
    };
  });
}

/** Merge requests that are only commented on tell no action that counts. */
function isOfInterest(body: unknown): boolean {
  return MERGE_REQUEST_ACTIONS.has(textAt(body, 'object_attributes', 'action'));
}
