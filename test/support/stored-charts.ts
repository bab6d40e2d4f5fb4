import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ChartAccesses, type ChartAccess } from '../../src/repositories/charts/chart-access.js';
import type { ChartRepository } from '../../src/repositories/charts/domain/chart-repository.js';
import { StoredCharts, type StoredChartsOptions } from '../../src/repositories/charts/stored-charts.js';
import type { ChartReference } from '../../src/repositories/domain/checkout.js';
import { HeldClock } from './held-clock.js';
import { RecordingLog } from './recording-log.js';

/** Lets in by the URL's start; what is not given is read anonymously, and named by no admin. */
export class GivenAccesses extends ChartAccesses {
  readonly given = new Map<string, Partial<ChartAccess>>();

  find({ url }: ChartRepository): Promise<ChartAccess> {
    const start = [...this.given.keys()].find((each) => url.startsWith(each));
    const access = start === undefined ? undefined : this.given.get(start);
    return Promise.resolve(access === undefined ? { isDeclared: false } : { isDeclared: true, ...access });
  }
}

/** Charts kept in a folder of their own, with time standing still. */
export class StoredChartsFixture {
  readonly clock = new HeldClock();
  readonly accesses = new GivenAccesses();
  readonly log = new RecordingLog();
  private readonly opened: StoredCharts[] = [];

  private constructor(readonly directory: string) {}

  static async create(): Promise<StoredChartsFixture> {
    return new StoredChartsFixture(await mkdtemp(join(tmpdir(), 'stored-charts-')));
  }

  /** As a process that starts now. */
  open(options: Partial<StoredChartsOptions> = {}): StoredCharts {
    const { directory, clock, log, accesses } = this;
    const charts = new StoredCharts({ directory, clock, log, accesses, allowPrivate: true, ...options });
    this.opened.push(charts);
    return charts;
  }

  async close(): Promise<void> {
    for (const charts of this.opened) await charts.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The version that was opened, which is the chart's own too, or the code of the failure. */
export async function openedBy(charts: StoredCharts, reference: ChartReference): Promise<string> {
  const checkout = await charts.open(reference);
  if (!checkout.ok) return checkout.error.code;
  const text = await checkout.value.contents(['Chart.yaml']);
  expect(text.ok && text.value[0]?.toString()).toContain(checkout.value.revision);
  return checkout.value.revision;
}
