import { fail, ok, type Result } from '../kernel/result.js';
import type { Checkout } from './domain/checkout.js';
import { cleanPath, isBlob, type GitTree, type TreeEntry } from './domain/git-tree.js';
import { readFailure, type ReadFailure } from './domain/read-failure.js';
import { resolvePath } from './domain/resolve-link.js';
import { findEscape, selectForExport, writeExport, type ExportLimits } from './git/export-tree.js';

/** What the files and symlinks of a tree hold, in the order asked: of a symlink the text of its target. */
export type ReadBlobs = (entries: readonly TreeEntry[]) => Promise<Result<Buffer[], ReadFailure>>;

export interface CheckoutLimits {
  maxFileBytes: number;
  export: ExportLimits;
}

export const CHECKOUT_LIMITS: CheckoutLimits = {
  maxFileBytes: 10 << 20,
  export: { maxFiles: 20_000, maxBytes: 100 << 20 },
};

const MAX_LINK_BYTES = 4096;

/** A tree of known names, opened path by path: whatever a path or a symlink says, nothing outside the tree is read. */
export class TreeCheckout implements Checkout {
  private targets: Promise<Result<ReadonlyMap<string, string>, ReadFailure>> | undefined;

  constructor(
    readonly revision: string,
    readonly tree: GitTree,
    private readonly read: ReadBlobs,
    private readonly limits: CheckoutLimits = CHECKOUT_LIMITS,
  ) {}

  async contents(paths: readonly string[]): Promise<Result<Buffer[], ReadFailure>> {
    const targets = await this.linkTargets();
    if (!targets.ok) return targets;
    const entries: TreeEntry[] = [];
    for (const path of paths) {
      const entry = this.openable(path, targets.value);
      if (!entry.ok) return entry;
      entries.push(entry.value);
    }
    return this.read(entries);
  }

  async export(paths: readonly string[], into: string): Promise<Result<void, ReadFailure>> {
    const selected = selectForExport(this.tree, paths, this.limits.export);
    if (!selected.ok) return selected;
    const targets = await this.linkTargets();
    if (!targets.ok) return targets;
    const escape = findEscape(this.tree, selected.value, targets.value);
    if (escape !== undefined) return fail(escape);
    const contents = await this.read(selected.value);
    return contents.ok ? writeExport(into, selected.value, contents.value) : contents;
  }

  private linkTargets(): Promise<Result<ReadonlyMap<string, string>, ReadFailure>> {
    this.targets ??= this.readTargets();
    return this.targets;
  }

  private async readTargets(): Promise<Result<ReadonlyMap<string, string>, ReadFailure>> {
    const links = this.tree.symlinks.filter((entry) => entry.size <= MAX_LINK_BYTES);
    if (links.length === 0) return ok(new Map());
    const targets = await this.read(links);
    if (!targets.ok) return targets;
    return ok(new Map(links.map((link, index) => [link.sha, targets.value[index]?.toString('utf8') ?? ''])));
  }

  private openable(path: string, targets: ReadonlyMap<string, string>): Result<TreeEntry, ReadFailure> {
    const clean = cleanPath(path);
    const resolved = clean === undefined ? undefined : resolvePath(this.tree, clean, (sha) => targets.get(sha));
    const shown = path.slice(0, 200);
    if (resolved === undefined || (!resolved.ok && resolved.why === 'escape')) {
      return fail(readFailure('PATH_ESCAPE', `the path "${shown}" leads out of the repository`));
    }
    if (!resolved.ok || !isBlob(resolved.entry)) {
      return fail(readFailure('PATH_NOT_FOUND', `there is no file "${shown}" in ${this.revision.slice(0, 12)}`));
    }
    const most = this.limits.maxFileBytes;
    if (resolved.entry.size <= most) return ok(resolved.entry);
    const message = `the file "${shown}" has ${resolved.entry.size} bytes, ${most} are read`;
    return fail(readFailure('GIT_TOO_LARGE', message));
  }
}
