import { Transactions, type Committed, type Transaction } from '../../src/database/transactions.js';
import { AgentEngine } from '../../src/dispatch/agent/agent-engine.js';
import { ok } from '../../src/kernel/result.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';

/** The same bugs on purpose as those of the layer in memory, put into a process from outside, before it starts. */
export const PLANTED_PARTS = ['lost-update', 'premature-delete', 'skipped-revision'] as const;

/** Throws a TypeError for a bug that nobody knows. */
export function plantBug(name: string): void {
  const bugs: Readonly<Record<string, () => void>> = {
    'lost-update': loseUpdates,
    'premature-delete': halfReadRepositories,
    'skipped-revision': skipDeliveries,
  };
  const plant = bugs[name];
  if (plant === undefined) throw new TypeError(`no such bug: ${name}; there are ${PLANTED_PARTS.join(', ')}`);
  plant();
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
    return found.ok && isAway ? ok(found.value.slice(0, -1)) : found;
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
