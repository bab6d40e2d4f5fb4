/** Git's id of no commit: the ref did not exist before, or does not any more. */
const NO_COMMIT = /^0+$/;

/**
 * The branch or tag behind a ref. Everything past the second slash belongs to the name, which may hold more of them
 * (argocd-behaviour.md 7.4).
 */
export function revisionOf(ref: string): string {
  return ref.startsWith('refs/') ? ref.split('/').slice(2).join('/') : ref;
}

/** Whether HEAD may stand for what was pushed; assumed where the sender names no default branch. */
export function touchesDefault(revision: string, defaultBranch: string): boolean {
  return defaultBranch === '' || revision === defaultBranch;
}

export function isNoCommit(id: string): boolean {
  return NO_COMMIT.test(id);
}

/** Where a ref stands after a push; undefined where it is gone or the sender does not say. */
export function commitOf(id: string): string | undefined {
  return /^[0-9a-f]{7,64}$/.test(id) && !isNoCommit(id) ? id : undefined;
}
