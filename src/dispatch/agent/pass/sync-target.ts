import { messageOf } from '../../../kernel/errors.js';
import { withoutSecretValues } from '../../../kubernetes/mask-values.js';
import { groupOf } from '../../../kernel/object.js';
import { optionValue } from '../../../applications/domain/sync-options.js';
import { NAMESPACES } from '../../../kubernetes/client/api-resource.js';
import { isConflict } from '../../../kubernetes/client/kubernetes-api-error.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { DesiredObject, Target } from '../target.js';
import type { PassContext } from './pass-context.js';

/** `full` brings every object there and waits between waves; `heal` puts back what drifted, waiting for nothing. */
export type SyncMode = 'full' | 'heal';

export interface SyncProgress {
  state: 'done' | 'waiting' | 'failed';
  /** What is waited for. */
  waitingFor: string;
  /** Message by object key. */
  failures: Map<string, string>;
  /** Objects put in place by this pass. */
  applied: number;
  /** Whether trying again by itself may help. */
  retry: boolean;
}

/**
 * Applies what needs it, wave by wave (argocd-behaviour.md 4.7). Stops after a wave that failed or, in a full sync, whose
 * objects are not healthy yet; a later pass goes on from there, as applied objects are known by their digests.
 */
export async function syncTarget(
  application: ManagedApplication,
  target: Target,
  mode: SyncMode,
  context: PassContext,
): Promise<SyncProgress> {
  const progress: SyncProgress = { state: 'done', waitingFor: '', failures: new Map(), applied: 0, retry: false };
  const due = new Set(
    [...target.objects.values()].filter((desired) => needsApply(desired, application, mode, context)),
  );
  refuseShared(application, target, progress, context);
  if (due.size > 0) await prepare(application, target, due, context);
  let left = due.size;
  for (const wave of target.waves) {
    for (const group of wave) {
      const batch = group.filter((desired) => due.has(desired));
      left -= batch.length;
      await Promise.all(batch.map((desired) => applyOne(application, desired, progress, context)));
      if (batch.length > 0 && providesKinds(group)) await context.catalog.refresh();
    }
    if (progress.failures.size > 0) return { ...progress, state: 'failed' };
    const blocker = mode === 'full' && left > 0 ? notHealthy(wave.flat(), context) : undefined;
    if (blocker !== undefined) return { ...progress, state: 'waiting', waitingFor: blocker };
  }
  return progress;
}

/** Whether an object has to be applied. One on its way out is left alone until it is gone. */
export function needsApply(
  { key, digest }: DesiredObject,
  application: ManagedApplication,
  mode: SyncMode,
  context: PassContext,
): boolean {
  const verdict = context.live.get(key);
  if (verdict?.deleting || sharedWith(key, application, context) !== undefined) return false;
  const entry = application.record.inventory.get(key);
  if (mode === 'full' && entry?.digest !== digest) return true;
  if (verdict === undefined || verdict.judgedBy !== digest) return false;
  return !verdict.present || verdict.drift.length > 0;
}

/** The name of another Application of this hub that wants the object and holds it now: two must not fight over it. */
function sharedWith(key: string, application: ManagedApplication, context: PassContext): string | undefined {
  const holder = context.live.get(key)?.trackedBy;
  if (holder === undefined || holder === application.record.settings?.instance) return undefined;
  const other = context.applications.otherWanting(key, application);
  return other?.record.settings?.instance === holder ? holder : undefined;
}

function refuseShared(
  application: ManagedApplication,
  target: Target,
  progress: SyncProgress,
  context: PassContext,
): void {
  for (const key of target.objects.keys()) {
    const holder = sharedWith(key, application, context);
    if (holder !== undefined) progress.failures.set(key, `Application ${holder} manages it too and holds it`);
  }
}

/** Inventory entries are stored before the apply, with no digest: a crash in between leaves an object known and due. */
async function prepare(
  { record }: ManagedApplication,
  target: Target,
  due: ReadonlySet<DesiredObject>,
  context: PassContext,
): Promise<void> {
  for (const { key, object, wave } of due) {
    record.inventory.set(key, { key, apiVersion: object.apiVersion, wave, digest: '' });
  }
  await context.memory.save(record);
  const { syncOptions = [], destinationNamespace = '' } = record.settings ?? {};
  if (optionValue('CreateNamespace', syncOptions) !== 'true' || destinationNamespace === '') return;
  if (!target.objects.has(`/Namespace//${destinationNamespace}`)) await createNamespace(destinationNamespace, context);
}

/** Not tracked, so never pruned (argocd-behaviour.md 4.4). */
async function createNamespace(name: string, { client }: PassContext): Promise<void> {
  if (await client.get(NAMESPACES, '', name)) return;
  try {
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

async function applyOne(
  { record }: ManagedApplication,
  desired: DesiredObject,
  progress: SyncProgress,
  context: PassContext,
): Promise<void> {
  const { object, key, digest } = desired;
  const resource = context.catalog.find(object.apiVersion, object.kind);
  const fail = (message: string): void => {
    progress.failures.set(key, message);
    progress.retry = true;
  };
  if (!resource) return fail(`the cluster does not serve ${object.kind} of ${object.apiVersion}`);
  try {
    context.live.observeApplied(desired, await context.client.apply(resource, object));
    const entry = record.inventory.get(key);
    if (entry) entry.digest = digest;
    progress.applied += 1;
  } catch (error) {
    fail(withoutSecretValues(messageOf(error), object));
  }
}

function providesKinds(group: readonly DesiredObject[]): boolean {
  const first = group[0]?.object;
  return first?.kind === 'CustomResourceDefinition' && groupOf(first.apiVersion) === 'apiextensions.k8s.io';
}

/** The first object of a wave that later waves have to wait for; kinds without a check pass at once. */
function notHealthy(wave: readonly DesiredObject[], { live }: PassContext): string | undefined {
  for (const { key, object } of wave) {
    const verdict = live.get(key);
    const name = `${object.kind} ${object.metadata.name}`;
    if (!verdict?.present) return `${name} is not there yet`;
    const { health } = verdict;
    if (health && health.status !== 'Healthy') return `${name} is ${health.status}: ${health.message}`;
  }
  return undefined;
}
