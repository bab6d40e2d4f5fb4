import { isTouchedBy, type Watches } from '../repository-watch.js';
import { isSameRepository, repositoryKeys } from './repository-match.js';
import type { ArtifactEvent, PullRequestEvent, PushEvent, WebhookEvent } from './webhook-event.js';

/** Where work about an event's repository is gathered: one name for all its spellings. */
export function eventKey({ urls }: WebhookEvent): string | undefined {
  return urls.map((url) => repositoryKeys(url)[0]).find((key) => key !== undefined);
}

/** Whether a push may change anything for those who watch a repository so. */
export function isPushTo(event: PushEvent, { url, watches }: { url: string; watches: Watches }): boolean {
  return isSameRepository(keysOf(event), url) && isTouchedBy(watches, event);
}

/** Whether an artifact is a version of the chart at this URL that a range allows. */
export function isArtifactOf(event: ArtifactEvent, { url, range }: { url: string; range: string }): boolean {
  const movement = { revision: event.revision, touchesDefault: true };
  return isSameRepository(keysOf(event), url) && isTouchedBy([{ revision: range }], movement);
}

/**
 * Whether a question to a provider, such as `github acme web`, is about the repository of the event; a GitLab project may
 * be asked for by its number, which no URL tells, and so always is.
 */
export function isPullRequestOf(event: PullRequestEvent, question: string): boolean {
  const { owner, name } = parts(question);
  if (/^\d+$/.test(name)) return true;
  return pathsOf(event).some((path) => path === join(owner, name));
}

/** Whether repositories of the event's owner are listed by the question, such as `github acme`. */
export function isListedBy(event: PushEvent, question: string): boolean {
  const { owner, name } = parts(question);
  const listed = join(owner, name);
  return pathsOf(event).some((path) => path.startsWith(`${listed}/`));
}

function keysOf({ urls }: WebhookEvent): Set<string> {
  return new Set(urls.flatMap(repositoryKeys));
}

/** Without the host; Azure's `_git` and Bitbucket Server's `scm` are no names. */
function pathsOf(event: WebhookEvent): string[] {
  return [...keysOf(event)].map((key) =>
    key
      .split('/')
      .slice(1)
      .filter((segment) => segment !== '_git' && segment !== 'scm')
      .join('/'),
  );
}

/** A question is a provider, its API where that is not the public one, and what is asked for. */
function parts(question: string): { owner: string; name: string } {
  const [, ...words] = question.toLowerCase().split(' ');
  const named = words.filter((word) => !word.includes('://'));
  return { owner: named.slice(0, -1).join('/'), name: named.at(-1) ?? '' };
}

function join(owner: string, name: string): string {
  return owner === '' ? name : `${owner}/${name}`;
}
