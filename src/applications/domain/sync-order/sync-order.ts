import { groupOf, type KubernetesObject } from '../../../kernel/object.js';
import { fieldAt, textAt } from '../health/fields.js';
import { kindRank } from './kind-order.js';
import { waveOf } from './wave-of.js';

/** What is applied together: waves go one after the other, and so do the groups of one wave, each of one kind. */
export interface SyncWave {
  wave: number;
  groups: KubernetesObject[][];
}

interface Task {
  object: KubernetesObject;
  wave: number;
}

/**
 * The order in which stamped objects are applied: wave, kind, name. A Namespace or a CustomResourceDefinition that
 * would come after an object that needs it takes that object's wave (argocd-behaviour.md 4.7).
 */
export function syncOrder(objects: readonly KubernetesObject[]): SyncWave[] {
  const tasks = objects.map((object) => ({ object, wave: waveOf(object.metadata) }));
  pullForward(tasks);
  const waves = new Map<number, SyncWave>();
  for (const task of tasks.sort(compareTasks)) addTo(waves, task);
  return [...waves.values()];
}

function pullForward(tasks: Task[]): void {
  const earliest = new Map<string, number>();
  for (const { object, wave } of tasks) {
    for (const need of needsOf(object)) earliest.set(need, Math.min(earliest.get(need) ?? wave, wave));
  }
  for (const task of tasks) {
    const provided = provides(task.object);
    if (provided === undefined) continue;
    task.wave = Math.min(task.wave, earliest.get(provided) ?? task.wave);
  }
}

function needsOf(object: KubernetesObject): string[] {
  const kind = `kind ${groupOf(object.apiVersion)}/${object.kind}`;
  const { namespace } = object.metadata;
  return namespace === undefined ? [kind] : [kind, `namespace ${namespace}`];
}

function provides(object: KubernetesObject): string | undefined {
  const group = groupOf(object.apiVersion);
  if (group === '' && object.kind === 'Namespace') return `namespace ${object.metadata.name}`;
  if (group !== 'apiextensions.k8s.io' || object.kind !== 'CustomResourceDefinition') return undefined;
  if (fieldAt(object, 'spec', 'names', 'kind') === undefined) return undefined;
  return `kind ${textAt(object, 'spec', 'group')}/${textAt(object, 'spec', 'names', 'kind')}`;
}

function compareTasks(left: Task, right: Task): number {
  return (
    left.wave - right.wave ||
    kindRank(left.object.kind) - kindRank(right.object.kind) ||
    compareText(left.object.kind, right.object.kind) ||
    compareText(left.object.metadata.namespace ?? '', right.object.metadata.namespace ?? '') ||
    compareText(left.object.metadata.name, right.object.metadata.name)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function addTo(waves: Map<number, SyncWave>, { object, wave }: Task): void {
  const entry = waves.get(wave) ?? { wave, groups: [] };
  waves.set(wave, entry);
  const last = entry.groups.at(-1);
  if (last?.[0]?.kind === object.kind && last[0].apiVersion === object.apiVersion) last.push(object);
  else entry.groups.push([object]);
}
