import { Injectable, Optional } from '@nestjs/common';
import { fail, ok, type Result } from '../kernel/result.js';
import { StoredCharts } from './charts/stored-charts.js';
import { Checkouts, type ChartReference, type Checkout } from './domain/checkout.js';
import { readFailure, type ReadFailure } from './domain/read-failure.js';
import { GitMirrors } from './git/git-mirrors.js';
import { MirrorCheckout } from './git/mirror-checkout.js';

/** Sources as the hub keeps them: repositories mirrored, charts downloaded once. */
@Injectable()
export class StoredCheckouts extends Checkouts {
  /** Where nothing of charts is set up they are refused. */
  constructor(
    private readonly mirrors: GitMirrors,
    @Optional() private readonly charts?: StoredCharts,
  ) {
    super();
  }

  async repository(url: string, revision: string, tagPrefix = ''): Promise<Result<Checkout, ReadFailure>> {
    if (url.startsWith('oci://')) return fail(readFailure('CHART_REFUSED', OCI_WITHOUT_CHART));
    const resolved = await this.mirrors.resolve(url, revision, tagPrefix);
    if (!resolved.ok) return resolved;
    const { sha } = resolved.value;
    const tree = await this.mirrors.tree(url, sha);
    return tree.ok ? ok(new MirrorCheckout(this.mirrors, url, sha, tree.value)) : tree;
  }

  chart(reference: ChartReference): Promise<Result<Checkout, ReadFailure>> {
    if (this.charts !== undefined) return this.charts.open(reference);
    return Promise.resolve(fail(readFailure('CHART_REFUSED', 'no charts of Helm repositories are read here')));
  }
}

const OCI_WITHOUT_CHART = 'a source in an OCI registry needs `chart`: artifacts that are no charts are not read yet';
