import { listAt, textsAmong } from './payload-fields.js';
import { isNoCommit } from './pushed-ref.js';

export interface ListedPush {
  before: string;
  after: string;
  /** The `commits` of the payload. */
  commits: readonly unknown[];
  /** How many commits the push has, where the sender says: it may list only the first of them. */
  total?: unknown;
  /** History was rewritten: files of the commits that went are not listed. */
  forced?: unknown;
}

/** Every path that the commits of a push changed; undefined where the list cannot be all of them. */
export function filesOf({ before, after, commits, total, forced }: ListedPush): readonly string[] | undefined {
  if (commits.length === 0 || forced === true || isNoCommit(before) || isNoCommit(after)) return undefined;
  if (typeof total === 'number' && total > commits.length) return undefined;
  return textsAmong(commits.flatMap((commit) => CHANGES.flatMap((change) => listAt(commit, change))));
}

const CHANGES = ['added', 'modified', 'removed'];
