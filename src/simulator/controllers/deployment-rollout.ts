import { digestJson } from '../../kernel/digest.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { record, type Fields } from '../fill-in.js';
import { controllerReference } from './owned-objects.js';

export const REVISION = 'deployment.kubernetes.io/revision';
const TEMPLATE_HASH = 'pod-template-hash';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What a Deployment wants of its ReplicaSets; `current` is the one of its present template. */
export interface Rollout {
  current: KubernetesObject | undefined;
  others: KubernetesObject[];
}

/** The name of the ReplicaSet that runs a Deployment's present template. */
export function currentSetName(deployment: KubernetesObject): string {
  return `${deployment.metadata.name}-${templateHash(deployment)}`;
}

function templateHash({ spec }: KubernetesObject): string {
  return digestJson(record(spec).template).slice(-10);
}

export function rolloutOf(deployment: KubernetesObject, sets: readonly KubernetesObject[]): Rollout {
  const name = currentSetName(deployment);
  return {
    current: sets.find(({ metadata }) => metadata.name === name),
    others: sets.filter(({ metadata }) => metadata.name !== name),
  };
}

/** The ReplicaSet of a Deployment's present template, without pods as yet. */
export function newSet(deployment: KubernetesObject, revision: number): KubernetesObject {
  const { namespace = '' } = deployment.metadata;
  const { selector, template, minReadySeconds } = record(deployment.spec);
  const { metadata, spec } = record(template);
  const hash = { [TEMPLATE_HASH]: templateHash(deployment) };
  const labels = { ...(record(record(metadata).labels) as Record<string, string>), ...hash };
  const matchLabels = { ...record(record(selector).matchLabels), ...hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: currentSetName(deployment),
      namespace,
      labels,
      annotations: setAnnotations(deployment, revision),
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...record(selector), matchLabels },
      template: { metadata: { ...record(metadata), labels }, spec },
    },
  };
}

/** A Deployment's annotations go to its present ReplicaSet. */
export function setAnnotations({ metadata }: KubernetesObject, revision: number): Record<string, string> {
  const { [LAST_APPLIED]: _applied, [REVISION]: _own, ...copied } = metadata.annotations ?? {};
  return { ...copied, [REVISION]: String(revision) };
}

export function revisionOf({ metadata }: KubernetesObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

/** The revision of the present template: the newest there is, once it has been rolled back to as well. */
export function currentRevision({ current, others }: Rollout): number {
  const newest = Math.max(0, ...others.map(revisionOf));
  return current !== undefined && revisionOf(current) > newest ? revisionOf(current) : newest + 1;
}

/**
 * How many replicas each ReplicaSet should have now, by name: a step of the roll-out, within what the strategy allows
 * to be missing and to be too many. Old pods that do not work go first.
 */
export function scalesOf(deployment: KubernetesObject, rollout: Rollout): Map<string, number> {
  const wanted = replicasOf(deployment);
  const { strategy, paused } = record(deployment.spec);
  const { type, rollingUpdate } = record(strategy);
  if (paused === true) return pausedScales(wanted, rollout);
  if (type === 'Recreate') return recreateScales(wanted, rollout);
  const { surge, unavailable } = bounds(record(rollingUpdate), wanted);
  const scales = oldScales(rollout, wanted - unavailable);
  const { current, others } = rollout;
  if (current === undefined) return scales;
  const room = Math.max(0, wanted + surge - sum(others, replicasOf) - replicasOf(current));
  return scales.set(current.metadata.name, Math.min(wanted, replicasOf(current) + room));
}

/** `least` pods must stay available while the old ones go. */
function oldScales({ current, others }: Rollout, least: number): Map<string, number> {
  const all = current === undefined ? others : [current, ...others];
  const missingOfNew = current === undefined ? 0 : Math.max(0, replicasOf(current) - availableOf(current));
  const oldest = [...others].sort((left, right) => revisionOf(left) - revisionOf(right));
  const scales = new Map(oldest.map((set) => [set.metadata.name, replicasOf(set)]));
  let spare = sum(all, replicasOf) - least - missingOfNew;
  const takeDown = (most: number, mayGo: (set: KubernetesObject) => number): void => {
    let left = Math.min(most, spare);
    for (const set of oldest) {
      const now = scales.get(set.metadata.name) ?? 0;
      const gone = Math.max(0, Math.min(now, left, mayGo(set)));
      scales.set(set.metadata.name, now - gone);
      left -= gone;
      spare -= gone;
    }
  };
  takeDown(spare, (set) => replicasOf(set) - availableOf(set));
  takeDown(sum(all, availableOf) - least, (set) => scales.get(set.metadata.name) ?? 0);
  return scales;
}

/** A pause stops roll-outs, not scaling. */
function pausedScales(wanted: number, { current, others }: Rollout): Map<string, number> {
  const active = [...(current === undefined ? [] : [current]), ...others].filter((set) => replicasOf(set) > 0);
  return new Map(active.length === 1 ? active.map((set) => [set.metadata.name, wanted]) : []);
}

/** All of the old are gone before the first of the new comes. */
function recreateScales(wanted: number, { current, others }: Rollout): Map<string, number> {
  const scales = new Map(others.map((set) => [set.metadata.name, 0]));
  const areGone = sum(others, (set) => Number(record(set.status).replicas ?? 0)) === 0;
  if (current !== undefined) scales.set(current.metadata.name, areGone ? wanted : replicasOf(current));
  return scales;
}

/** How many pods a roll-out may add and miss; where both round to none, one may be missing. */
export function bounds(rollingUpdate: Fields, wanted: number): { surge: number; unavailable: number } {
  const surge = Math.ceil(shareOf(rollingUpdate.maxSurge, wanted));
  const unavailable = Math.floor(shareOf(rollingUpdate.maxUnavailable, wanted));
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, wanted) };
}

/** A number, or that share of `of`. */
export function shareOf(value: unknown, of: number): number {
  if (typeof value === 'string' && value.endsWith('%')) return (Number(value.slice(0, -1)) * of) / 100;
  return Number(value ?? 0);
}

export function replicasOf({ spec }: KubernetesObject): number {
  return Number(record(spec).replicas ?? 1);
}

function availableOf({ status }: KubernetesObject): number {
  return Number(record(status).availableReplicas ?? 0);
}

export function sum(sets: readonly KubernetesObject[], of: (set: KubernetesObject) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}
