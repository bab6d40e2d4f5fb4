import { findRevision } from '../domain/find-revision.js';
import type { RemoteRefs } from '../domain/remote-refs.js';

const MOST_NAMES = 1_000;

/** What names stand for in what a remote offers. Remembered: a range of versions is looked up among all tags. */
export class NamedCommits {
  private readonly found = new Map<string, string | undefined>();

  constructor(private readonly remote: RemoteRefs) {}

  find(revision: string, tagPrefix: string): string | undefined {
    const key = JSON.stringify([revision, tagPrefix]);
    if (!this.found.has(key)) {
      if (this.found.size >= MOST_NAMES) this.found.clear();
      this.found.set(key, findRevision(this.remote, revision, tagPrefix));
    }
    return this.found.get(key);
  }
}
