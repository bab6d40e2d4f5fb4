import { fail, type Result } from '../../kernel/result.js';
import { Checkouts, type ChartReference, type Checkout } from '../../repositories/domain/checkout.js';
import { readFailure, type ReadFailure } from '../../repositories/domain/read-failure.js';
import { withoutCredentials } from '../../repositories/domain/repository-url.js';
import { localChart } from './local-charts.js';
import type { LocalRepositories } from './local-repositories.js';

/** Sources as the command line gives them, whatever revision is asked for. */
export class LocalCheckouts extends Checkouts {
  constructor(private readonly repositories: LocalRepositories) {
    super();
  }

  repository(url: string): Promise<Result<Checkout, ReadFailure>> {
    return this.repositories.open(url);
  }

  /** A registry is given with `oci://` or without. */
  chart(reference: ChartReference): Promise<Result<Checkout, ReadFailure>> {
    const { chart, repoURL } = reference;
    const bare = repoURL.replace(/^oci:\/\//, '');
    const spellings = bare.includes('://') ? [repoURL] : [repoURL, bare, `oci://${bare}`];
    const folder = spellings.map((url) => this.repositories.pathOf(url)).find((path) => path !== undefined);
    if (folder !== undefined) return localChart(folder, reference);
    const shown = withoutCredentials(repoURL);
    const message = `the chart "${chart}" is not given: add --git ${shown}=PATH (no network is used)`;
    return Promise.resolve(fail(readFailure('GIT_NOT_GIVEN', message)));
  }
}
