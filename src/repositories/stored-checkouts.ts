import { Injectable } from '@nestjs/common';
import { fail, ok, type Result } from '../kernel/result.js';
import { Checkouts, type ChartReference, type Checkout } from './domain/checkout.js';
import { readFailure, type ReadFailure } from './domain/read-failure.js';
import { GitMirrors } from './git/git-mirrors.js';
import { MirrorCheckout } from './git/mirror-checkout.js';

/** Sources as the hub keeps them: repositories mirrored, charts downloaded once. */
@Injectable()
export class StoredCheckouts extends Checkouts {
  constructor(private readonly mirrors: GitMirrors) {
    super();
  }

  async repository(url: string, revision: string, tagPrefix = ''): Promise<Result<Checkout, ReadFailure>> {
    const resolved = await this.mirrors.resolve(url, revision, tagPrefix);
    if (!resolved.ok) return resolved;
    const { sha } = resolved.value;
    const tree = await this.mirrors.tree(url, sha);
    return tree.ok ? ok(new MirrorCheckout(this.mirrors, url, sha, tree.value)) : tree;
  }

  chart({ repoURL, chart }: ChartReference): Promise<Result<Checkout, ReadFailure>> {
    const message = `charts of Helm repositories are not read yet (${chart} of ${repoURL})`;
    return Promise.resolve(fail(readFailure('GIT_URL_REFUSED', message)));
  }
}
