import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultWorld } from '../support/fault-world.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { eventually } from '../support/eventually.js';

const CLUSTERS = ['c1', 'c2', 'c3', 'c4'];

/** One writer and one reader of one label that only grows. */
class Counter {
  acknowledged = 0;
  attempted = 0;
  readonly statuses = new Set<number>();
  /** Reads that showed less than was acknowledged before them, or more than was ever written. */
  readonly wrong: string[] = [];
  private stopped = false;

  constructor(
    private readonly world: FaultWorld,
    readonly cluster: string,
    private readonly label: string,
  ) {}

  async run(): Promise<void> {
    await Promise.all([this.repeat(() => this.write()), this.repeat(() => this.read())]);
  }

  stop(): void {
    this.stopped = true;
  }

  async stored(): Promise<number> {
    const { body } = await this.send('GET');
    const { labels } = (body as { metadata: { labels: Record<string, string> } }).metadata;
    return Number(labels[this.label] ?? 0);
  }

  private async repeat(step: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      await step();
      await sleep(1);
    }
  }

  private async write(): Promise<void> {
    this.attempted += 1;
    const count = this.attempted;
    const { status } = await this.send('PATCH', { metadata: { labels: { [this.label]: String(count) } } });
    this.statuses.add(status);
    if (status === 200) this.acknowledged = count;
  }

  private async read(): Promise<void> {
    const least = this.acknowledged;
    const found = await this.stored().catch(() => undefined);
    if (found === undefined || (found >= least && found <= this.attempted)) return;
    this.wrong.push(`${this.cluster}: read ${found}, of ${least} acknowledged and ${this.attempted} attempted`);
  }

  private send(method: 'GET' | 'PATCH', patch?: unknown) {
    const path = `/api/v1/namespaces/argocd/clusters/${this.cluster}`;
    if (patch === undefined) return this.world.admin.send({ method, path });
    return this.world.admin.send({ method, path, type: 'application/merge-patch+json', body: JSON.stringify(patch) });
  }
}

describe('a database that is restarted under load', () => {
  let postgres: OwnPostgres;
  let world: FaultWorld;
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    world = await FaultWorld.start(CLUSTERS, postgres.url);
  });
  afterAll(async () => {
    await world?.stop();
    await postgres?.remove();
  });

  it.each([
    ['clean', (): Promise<void> => postgres.stop()],
    ['kill-9', async (): Promise<void> => postgres.kill()],
  ])('keeps every acknowledged edit and refuses the others with 503 (%s)', async (how, end) => {
    const counters = CLUSTERS.map((name) => new Counter(world, name, how));
    const runs = counters.map((counter) => counter.run());
    const further = (by: number): Promise<void> => {
      const goals = counters.map(({ acknowledged }) => acknowledged + by);
      return eventually(`${by} more edits of each label`, async () => {
        const counts = counters.map(({ acknowledged }) => acknowledged);
        return [counts.every((count, index) => count >= (goals[index] ?? 0)), counts];
      });
    };
    await further(10);
    await end();
    await eventually('every writer to be refused', async () => {
      const refused = counters.map(({ statuses }) => statuses.has(503));
      return [refused.every(Boolean), refused];
    });
    await postgres.restart();
    await further(10);
    for (const counter of counters) counter.stop();
    await Promise.all(runs);
    for (const counter of counters) {
      expect(counter.wrong).toEqual([]);
      expect([...counter.statuses].toSorted(), world.hub.output).toEqual([200, 503]);
      expect(await counter.stored()).toBeGreaterThanOrEqual(counter.acknowledged);
      expect(await counter.stored()).toBeLessThanOrEqual(counter.attempted);
    }
    expect(world.hub.isRunning).toBe(true);
  });
});
