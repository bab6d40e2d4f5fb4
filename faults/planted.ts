import { ok, type Result } from '../src/kernel/result.js';
import type { ReadFailure } from '../src/repositories/domain/read-failure.js';
import type { GitMirrors } from '../src/repositories/git/git-mirrors.js';
import type { Random } from './model/random.js';
import { MemoryMirrors } from './simulation/repository.js';
import type { HubSide } from './simulation/simulated-agent.js';
import type { Seams } from './simulation/simulation.js';

/** Bugs on purpose, one of each kind that must be found; they sit in what surrounds the product, never in it. */

/** A database that now and then answers a commit which it then forgets. */
export const LOST_UPDATE: Seams = {
  atCommit: (random) => (random.oneIn(60) ? 'lost' : undefined),
};

/** A repository that cannot be read is taken for one with a directory less, instead of for unreadable. */
export const PREMATURE_DELETE: Seams = {
  mirrors: (...around) => new HalfReadMirrors(...around) as unknown as GitMirrors,
};

/** A stream that now and then loses a delivery, and moves the cursor past it all the same. */
export const SKIPPED_REVISION: Seams = {
  hubSide: (side, random) => withoutSome(side, random),
};

class HalfReadMirrors extends MemoryMirrors {
  override async resolve(): Promise<Result<{ sha: string }, ReadFailure>> {
    const tip = await super.resolve();
    return tip.ok ? tip : ok({ sha: this.repository.head });
  }

  override async directories(url: string, sha: string): Promise<Result<string[], ReadFailure>> {
    const found = await super.directories(url, sha);
    return found.ok ? found : ok(this.repository.contentOf(sha).directories().slice(0, -1));
  }
}

function withoutSome(side: HubSide, random: Random): HubSide {
  return {
    ...side,
    deliveries: async (...asked) => {
      const { position, list } = await side.deliveries(...asked);
      const [, since] = asked;
      return { position, list: since !== undefined && random.oneIn(20) ? list.slice(1) : list };
    },
  };
}
