import { awaitCondition } from './await-condition.js';
import type { Screen } from './screen.js';
import type { Stage } from './stage.js';
import { formatTable, summarise } from './table.js';
import { applicationNames, storeState } from './tenant-content.js';
import { TENANTS } from './tenants.js';

const CONVERGE_SECONDS = 90;
const LOOK_MS = 250;

/** Draws the bar until every labelled cluster has its Applications and its store, and all of them are well. */
export async function converge(stage: Stage, screen: Screen): Promise<void> {
  const { status, fleet, signal } = stage;
  const storeless = (): string[] => TENANTS.filter((name) => storeState(fleet.cluster(name)) !== 'Ready');
  await awaitCondition({
    what: 'the fleet has converged',
    look: async () => {
      // Before the count: an Application that appears in between is then in the count, and not yet well.
      const absent = await absentNames(stage);
      const { total, converged } = await status.progress();
      screen.progress('converging', converged, total);
      const isReached = total > 0 && converged === total && storeless().length === 0;
      return isReached && absent.length === 0 ? true : undefined;
    },
    explain: async () =>
      [
        `without a ready store: ${storeless().join(', ') || 'none'}`,
        `not created: ${(await absentNames(stage)).join(', ') || 'none'}`,
        await status.complaints(),
      ].join('\n'),
    seconds: CONVERGE_SECONDS,
    everyMs: LOOK_MS,
    signal,
  });
}

/** A row for each cluster, the hub's own document store last. */
export async function fleetTable({ status, fleet }: Stage): Promise<string[]> {
  const applications = await status.applications();
  const rows = [...fleet.names, 'in-cluster'].map((name) => {
    const own = applications.filter(({ spec }) => spec.destination.name === name);
    const sync = summarise(own.map((one) => one.status?.sync?.status ?? 'Unknown'));
    const health = summarise(own.map((one) => one.status?.health?.status ?? 'Unknown'));
    const store = name === 'in-cluster' ? '–' : storeState(fleet.cluster(name));
    return [name, String(own.length), sync, health, store];
  });
  return formatTable(['cluster', 'Applications', 'sync', 'health', 'store'], rows);
}

async function absentNames({ status }: Stage): Promise<string[]> {
  const names = new Set((await status.applications()).map(({ metadata }) => metadata.name));
  return TENANTS.flatMap(applicationNames).filter((name) => !names.has(name));
}
