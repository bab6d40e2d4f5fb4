import { filesOf } from './listed-commits.js';
import { listAt, textAt, textsAmong, valueAt } from './payload-fields.js';
import { commitOf, isNoCommit, revisionOf, touchesDefault } from './pushed-ref.js';
import type { WebhookEvent } from './webhook-event.js';
import { unknownEvent, unreadableEvent, type WebhookProvider } from './webhook-provider.js';

/** Actions after which a pull request generator may give something else (argocd-behaviour.md 3.7). */
const MERGE_REQUEST_ACTIONS = new Set(['open', 'close', 'reopen', 'update', 'merge']);

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
        return [pushOf(body)];
      case 'merge_request':
        return isOfInterest(body) ? [{ kind: 'pull-request', urls: urlsOf(body) }] : [];
      case 'repository_update':
        return updateOf(body);
      default:
        if (header === 'System Hook') return [];
        throw unknownEvent('GitLab', event || header);
    }
  },
};

function pushOf(body: unknown): WebhookEvent {
  const [ref, before, after] = [textAt(body, 'ref'), textAt(body, 'before'), textAt(body, 'after')];
  if (ref === '') throw unreadableEvent('GitLab', 'ref');
  const total = valueAt(body, 'total_commits_count');
  const files = filesOf({ before, after, commits: listAt(body, 'commits'), total });
  const commit = commitOf(after);
  return {
    ...movedRef(body, ref),
    comesOrGoes: isNoCommit(before) || isNoCommit(after),
    ...(files === undefined ? {} : { files }),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** A system hook that tells once of every ref that one push moved. */
function updateOf(body: unknown): WebhookEvent[] {
  return listAt(body, 'changes').map((change) => {
    const after = textAt(change, 'after');
    const commit = commitOf(after);
    return {
      ...movedRef(body, textAt(change, 'ref')),
      comesOrGoes: isNoCommit(textAt(change, 'before')) || isNoCommit(after),
      ...(commit === undefined ? {} : { commit }),
    };
  });
}

function movedRef(body: unknown, ref: string) {
  const revision = revisionOf(ref);
  const isDefault = touchesDefault(revision, textAt(body, 'project', 'default_branch'));
  return { kind: 'push' as const, urls: urlsOf(body), revision, touchesDefault: isDefault };
}

/** Merge requests that are only commented on tell no action that counts. */
function isOfInterest(body: unknown): boolean {
  return MERGE_REQUEST_ACTIONS.has(textAt(body, 'object_attributes', 'action'));
}

function urlsOf(body: unknown): readonly string[] {
  const fields = ['web_url', 'git_http_url', 'git_ssh_url', 'http_url', 'ssh_url'];
  const urls = textsAmong(fields.map((field) => textAt(body, 'project', field)));
  if (urls.length === 0) throw unreadableEvent('GitLab', 'project.web_url');
  return urls;
}
