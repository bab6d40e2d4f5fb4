import { filesOf, type ListedPush } from './listed-commits.js';
import { listAt, textAt, textsAmong } from './payload-fields.js';
import { commitOf, isNoCommit, revisionOf, touchesDefault } from './pushed-ref.js';
import type { PushEvent } from './webhook-event.js';
import { unreadableEvent } from './webhook-provider.js';

/** How a sender tells of a repository. */
export interface ToldRepository {
  sender: string;
  /** The field that holds it. */
  at: string;
  /** Its members with a URL, the one that is always there first. */
  urls: readonly string[];
}

/** Every spelling of the repository that the sender names. Throws WEBHOOK_UNREADABLE where there is none. */
export function repositoryUrls(body: unknown, { sender, at, urls }: ToldRepository): readonly string[] {
  const found = textsAmong(urls.map((field) => textAt(body, at, field)));
  if (found.length === 0) throw unreadableEvent(sender, `${at}.${urls[0]}`);
  return found;
}

/** A push whose body names one ref, both commits and the files between. Throws WEBHOOK_UNREADABLE without a ref. */
export function listedPush(
  body: unknown,
  told: ToldRepository,
  { total, forced }: Pick<ListedPush, 'total' | 'forced'>,
): PushEvent {
  const [ref, before, after] = [textAt(body, 'ref'), textAt(body, 'before'), textAt(body, 'after')];
  if (ref === '') throw unreadableEvent(told.sender, 'ref');
  const files = filesOf({ before, after, commits: listAt(body, 'commits'), total, forced });
  const commit = commitOf(after);
  return {
    ...movedRef(body, told, ref),
    comesOrGoes: isNoCommit(before) || isNoCommit(after),
    ...(files === undefined ? {} : { files }),
    ...(commit === undefined ? {} : { commit }),
  };
}

/** Which branch or tag of which repository; what became of it is the caller's to say. */
export function movedRef(body: unknown, told: ToldRepository, ref: string): Omit<PushEvent, 'comesOrGoes'> {
  const revision = revisionOf(ref);
  const isDefault = touchesDefault(revision, textAt(body, told.at, 'default_branch'));
  return { kind: 'push', urls: repositoryUrls(body, told), revision, touchesDefault: isDefault };
}
