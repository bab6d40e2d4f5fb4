import type { Result } from '../../kernel/result.js';
import type { Checkout } from '../domain/checkout.js';
import type { GitTree } from '../domain/git-tree.js';
import type { ReadFailure } from '../domain/read-failure.js';
import type { GitMirrors } from './git-mirrors.js';

/** One commit of a mirrored repository. */
export class MirrorCheckout implements Checkout {
  constructor(
    private readonly mirrors: GitMirrors,
    private readonly url: string,
    readonly revision: string,
    readonly tree: GitTree,
  ) {}

  contents(paths: readonly string[]): Promise<Result<Buffer[], ReadFailure>> {
    return this.mirrors.contents(this.url, this.revision, paths);
  }

  export(paths: readonly string[], into: string): Promise<Result<void, ReadFailure>> {
    return this.mirrors.export({ url: this.url, sha: this.revision }, paths, into);
  }
}
