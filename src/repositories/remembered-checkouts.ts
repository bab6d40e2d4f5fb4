import type { Result } from '../kernel/result.js';
import { Checkouts, type ChartReference, type Checkout } from './domain/checkout.js';
import type { ReadFailure } from './domain/read-failure.js';

type Opened = Promise<Result<Checkout, ReadFailure>>;

/** Opens each revision once and answers everyone else with it: for what belongs to one moment. */
export class RememberedCheckouts extends Checkouts {
  private readonly opened = new Map<string, Opened>();

  constructor(private readonly checkouts: Checkouts) {
    super();
  }

  repository(url: string, revision: string, tagPrefix = ''): Opened {
    const key = JSON.stringify(['repository', url, revision, tagPrefix]);
    return this.once(key, () => this.checkouts.repository(url, revision, tagPrefix));
  }

  chart(reference: ChartReference): Opened {
    const { repoURL, chart, version, passCredentials = false } = reference;
    return this.once(JSON.stringify(['chart', repoURL, version, chart, passCredentials]), () =>
      this.checkouts.chart(reference),
    );
  }

  private once(key: string, open: () => Opened): Opened {
    const opened = this.opened.get(key) ?? open();
    this.opened.set(key, opened);
    return opened;
  }
}
