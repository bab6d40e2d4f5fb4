import { Transactions, type Committed, type Transaction } from '../../src/database/transactions.js';
import { AgentEngine } from '../../src/dispatch/agent/agent-engine.js';
import { ok } from '../../src/kernel/result.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import type { PlantedPart } from './planted-part.js';

/** The same bugs on purpose as those of the layer in memory, put into a process from outside, before it starts. */
export function plantBug(bug: PlantedPart): void {
  const plants = {
    'lost-update': loseUpdates,
    'premature-delete': halfReadRepositories,
    'skipped-revision': skipDeliveries,
  };
  plants[bug]();
}

class Forgotten {
  constructor(readonly value: unknown) {}
}

/** Each so-manieth commit is answered and not there. */
function loseUpdates(): void {
  const { commit } = Transactions.prototype;
  let count = 0;
  Transactions.prototype.commit = async function <T>(
    this: Transactions,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<Committed<T>> {
    count += 1;
    if (count % 11 !== 0) return commit.call(this, work) as Promise<Committed<T>>;
    const forget = async (tx: Transaction): Promise<never> => {
      throw new Forgotten(await work(tx));
    };
    try {
      return await (commit.call(this, forget) as Promise<never>);
    } catch (error) {
      if (error instanceof Forgotten) return { value: error.value as T, position: undefined };
      throw error;
    }
  };
}

const LOST_DIRECTORY = 'apps/d';

/** A repository that cannot be read is taken for one with a directory less. */
function halfReadRepositories(): void {
  const { resolve, directories } = GitMirrors.prototype;
  const shas = new Map<string, { sha: string }>();
  let isAway = false;
  GitMirrors.prototype.resolve = async function (this: GitMirrors, url, revision) {
    const found = await resolve.call(this, url, revision);
    isAway = !found.ok;
    if (found.ok) shas.set(url, found.value);
    const known = shas.get(url);
    return found.ok || known === undefined ? found : ok(known);
  };
  GitMirrors.prototype.directories = async function (this: GitMirrors, url, sha) {
    const found = await directories.call(this, url, sha);
    return found.ok && isAway ? ok(found.value.filter((path) => path !== LOST_DIRECTORY)) : found;
  };
}

/** Now and then a delivery is lost on the way, and the cursor moves past it all the same. */
function skipDeliveries(): void {
  const { accept } = AgentEngine.prototype;
  let count = 0;
  AgentEngine.prototype.accept = function (this: AgentEngine, delivery) {
    count += 1;
    if (count % 4 !== 0) accept.call(this, delivery);
  };
}
