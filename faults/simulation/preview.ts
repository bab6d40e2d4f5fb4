import type { PlanLineView } from '../../src/changes/plan-view.js';
import { objectRows } from '../memory/readings.js';
import { differencesBetween, seenIn, type Seen } from '../documents/fleet-differences.js';
import { proposed, type DocumentEdit } from '../documents/proposed.js';
import { REPOSITORY_URL } from './repository.js';
import type { Simulation } from './simulation.js';

const ADMIN = { type: 'token', admin: true, name: 'admin' } as never;

/** Shows the plan of an edit, lets it be carried out, and says how the two differ; undefined where they do not. */
export async function previewAndCompare(
  edit: DocumentEdit,
  world: Simulation,
  carryOut: () => Promise<void>,
): Promise<string | undefined> {
  const { hub } = world;
  const { kind, name, document } = proposed(edit, REPOSITORY_URL);
  const stored = objectRows(hub.transactions, kind).find(({ object }) => object.metadata.name === name);
  if (!document || stored?.object.metadata.deletionTimestamp !== undefined) return undefined;
  const uid = stored && { uid: stored.object.metadata.uid };
  const next = { ...document.object, metadata: { ...document.object.metadata, ...uid } };
  const previous = stored && {
    ...stored.object,
    metadata: { ...stored.object.metadata, resourceVersion: String(stored.commit.position) },
  };
  const change = { kind, actor: ADMIN, next, ...(previous ? { previous } : {}) };
  const view = await world.atOnce(() => hub.previewer.preview(change));
  const before = applications(world);
  await carryOut();
  const shown = (view?.lines ?? [])
    .filter(({ kind: of }) => of === 'Application')
    .map(lineText)
    .sort();
  const done = differencesBetween(before, applications(world));
  return shown.join() === done.join() ? undefined : `shown [${shown.join(', ')}], carried out [${done.join(', ')}]`;
}

function applications({ hub }: Simulation): Map<string, Seen> {
  return seenIn(objectRows(hub.transactions, 'Application').map(({ object }) => object));
}

function lineText({ action, name }: PlanLineView): string {
  return `${action} ${name}`;
}
