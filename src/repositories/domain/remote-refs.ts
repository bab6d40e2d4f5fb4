/** What a remote offers: branches and tags by full name, each as the commit it leads to. */
export interface RemoteRefs {
  refs: ReadonlyMap<string, string>;
  /** Full name of the default branch, where the remote tells it. */
  headRef?: string;
  /** Commit of HEAD; absent in an empty repository. */
  headSha?: string;
}

/** Reads `git ls-remote --symref <url>`; an annotated tag counts as the commit behind it. */
export function parseRemoteRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  let headRef: string | undefined;
  let headSha: string | undefined;
  for (const line of output.split('\n')) {
    const [left = '', name = ''] = line.split('\t');
    if (name === 'HEAD' && left.startsWith('ref: ')) headRef = left.slice('ref: '.length);
    else if (name === 'HEAD') headSha = left;
    else if (isMirrored(name)) refs.set(name.replace(/\^\{\}$/, ''), left);
  }
  return { refs, ...(headRef === undefined ? {} : { headRef }), ...(headSha === undefined ? {} : { headSha }) };
}

/** Reads `git for-each-ref` printed as `<name> <object> <peeled object>`. */
export function parseLocalRefs(output: string): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [name = '', object = '', peeled = ''] = line.split(' ');
    if (isMirrored(name)) refs.set(name, peeled === '' ? object : peeled);
  }
  return refs;
}

export function sameRefs(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([name, sha]) => right.get(name) === sha);
}

export function isFullSha(revision: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}

export function isShortSha(revision: string): boolean {
  return /^[0-9a-f]{7,39}$/.test(revision);
}

function isMirrored(name: string): boolean {
  return name.startsWith('refs/heads/') || name.startsWith('refs/tags/');
}
