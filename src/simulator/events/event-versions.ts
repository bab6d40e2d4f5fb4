import type { KubernetesObject } from '../../kernel/object.js';
import { record, type Fields } from '../fill-in.js';

/** How `events.k8s.io/v1` calls what core Events hold. */
const NAMES: readonly (readonly [stored: string, told: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['count', 'deprecatedCount'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['source', 'deprecatedSource'],
];

/** A core Event as `events.k8s.io/v1` tells it. */
export function fromCoreEvent(event: KubernetesObject): KubernetesObject {
  return { ...renamed(event, new Map(NAMES)), apiVersion: 'events.k8s.io/v1' } as KubernetesObject;
}

/** An Event of `events.k8s.io/v1` as it is stored. */
export function toCoreEvent(event: KubernetesObject): KubernetesObject {
  const back = new Map(NAMES.map(([stored, told]) => [told, stored] as const));
  const { source, ...fields } = renamed(event, back);
  return { ...fields, source: record(source), apiVersion: 'v1' } as unknown as KubernetesObject;
}

function renamed(object: KubernetesObject, names: ReadonlyMap<string, string>): Fields {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]));
}
