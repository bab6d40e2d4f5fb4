import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf } from '../../kernel/errors.js';
import { Log } from '../../kernel/log.js';
import { WorkQueue } from '../../reconcile/work-queue.js';
import type { ChartReference } from '../domain/checkout.js';
import { RepositoryReaders, type RepositoryReader } from '../repository-readers.js';
import { chartOfRead, chartRead } from './domain/chart-read.js';
import { StoredCharts } from './stored-charts.js';

export interface ChartPollerParts {
  charts: StoredCharts;
  readers: RepositoryReaders;
  queue: WorkQueue;
  log: Log;
}

/** Looks at the charts in use and wakes the Applications whose range gives another version, or whose chart comes or goes. */
@Injectable()
export class ChartPoller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /** `tickMs`: how often it is seen which of them are due; absent for only when asked. */
  constructor(
    private readonly parts: ChartPollerParts,
    private readonly tickMs?: number,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.parts.charts.close();
  }

  /** Looks now at every chart that one Application names, and wakes all that read it. */
  async refreshFor(reader: RepositoryReader): Promise<void> {
    await this.look(referencesIn(await this.parts.readers.chartsOf(reader)));
  }

  /** The same of charts that somebody tells of; those that nobody reads are passed over by the caller. */
  async look(references: readonly ChartReference[]): Promise<void> {
    for (const reference of references) await this.parts.charts.refresh(reference);
    await this.wake(references);
  }

  /** Every chart that anybody reads, with its range. */
  async read(): Promise<ChartReference[]> {
    return referencesIn(await this.parts.readers.charts());
  }

  /** Looks at those that are due. */
  async poll(): Promise<void> {
    const { charts, log } = this.parts;
    const moved: ChartReference[] = [];
    await Promise.all(
      (await this.read()).map(async (reference) => {
        const { changed, failure } = await charts.poll(reference);
        if (!changed) return;
        moved.push(reference);
        log.info({ chart: reference.chart, version: reference.version, failure: failure?.code }, 'chart moved');
      }),
    );
    await this.wake(moved);
  }

  private async wake(references: readonly ChartReference[]): Promise<void> {
    if (references.length === 0) return;
    const watched = references.map((reference) => ({ url: chartRead(reference), watches: 'everything' as const }));
    await this.parts.queue.enqueueAll(await this.parts.readers.readersOf(watched));
  }

  private schedule(): void {
    if (this.stopped || this.tickMs === undefined) return;
    this.timer = setTimeout(() => void this.tick(), this.tickMs);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    try {
      await this.poll();
    } catch (error) {
      this.parts.log.warn({ error: messageOf(error) }, 'charts were not polled');
    }
    this.schedule();
  }
}

function referencesIn(reads: readonly string[]): ChartReference[] {
  return reads.flatMap((read) => chartOfRead(read) ?? []);
}
