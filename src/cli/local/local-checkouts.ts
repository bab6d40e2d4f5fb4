import { fail, type Result } from '../../kernel/result.js';
import { Checkouts, type ChartReference, type Checkout } from '../../repositories/domain/checkout.js';
import { readFailure, type ReadFailure } from '../../repositories/domain/read-failure.js';
import type { LocalRepositories } from './local-repositories.js';

/** Sources as the command line gives them, whatever revision is asked for. */
export class LocalCheckouts extends Checkouts {
  constructor(private readonly repositories: LocalRepositories) {
    super();
  }

  repository(url: string): Promise<Result<Checkout, ReadFailure>> {
    return this.repositories.open(url);
  }

  chart({ repoURL, chart }: ChartReference): Promise<Result<Checkout, ReadFailure>> {
    const message = `the chart "${chart}" of ${repoURL} is not given: no network is used`;
    return Promise.resolve(fail(readFailure('GIT_NOT_GIVEN', message)));
  }
}
