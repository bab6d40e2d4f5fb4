import { awaitCondition } from '../await-condition.js';
import { expectThat } from '../expect.js';
import { SCENE_SECONDS, type Stage } from '../stage.js';

/** So long without a write counts as quiet. */
const QUIET_MS = 500;

/** The clusters that a change does not concern: nothing may be written to them. */
export class Bystanders {
  private constructor(
    private readonly stage: Stage,
    private readonly concerned: string,
    private readonly before: ReadonlyMap<string, number>,
  ) {}

  /** Notes how much each cluster has stored so far, once nothing moves any more. */
  static async watch(stage: Stage, concerned: string): Promise<Bystanders> {
    let before = stage.fleet.writes();
    let since = performance.now();
    await awaitCondition({
      what: 'the fleet is quiet before the change',
      look: () => {
        const now = stage.fleet.writes();
        if (moved(before, now).length > 0) since = performance.now();
        before = now;
        return performance.now() - since > QUIET_MS ? true : undefined;
      },
      seconds: SCENE_SECONDS,
      signal: stage.signal,
    });
    return new Bystanders(stage, concerned, before);
  }

  expectUntouched(): void {
    const all = moved(this.before, this.stage.fleet.writes());
    expectThat(all.includes(this.concerned), `no write to ${this.concerned} was counted, so the counts prove nothing`);
    const touched = all.filter((name) => name !== this.concerned);
    expectThat(
      touched.length === 0,
      `something was written to ${touched.join(', ')}, which the change does not concern`,
    );
  }

  get count(): number {
    return this.before.size - 1;
  }
}

function moved(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...now].filter(([name, writes]) => before.get(name) !== writes).map(([name]) => name);
}
