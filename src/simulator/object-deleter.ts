import { rfc3339, type Clock } from '../kernel/clock.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { Target } from './admission.js';
import { conflictOn, type ObjectWriter } from './object-writer.js';
import { record } from './fill-in.js';
import type { ClusterStore } from './cluster-store.js';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  propagationPolicy?: Propagation;
  uid?: string;
  resourceVersion?: string;
  dryRun?: boolean;
  /** How long a pod may take to stop; its own period when absent. Other kinds stop at once. */
  gracePeriodSeconds?: number;
}

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';
/** Keeps a definition until its last instance is gone. */
export const CRD_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Deletes by the API server's rules: an object with finalizers is only marked, and goes when they are empty. */
export class ObjectDeleter {
  constructor(
    private readonly store: ClusterStore,
    private readonly writer: ObjectWriter,
    private readonly clock: Clock,
  ) {}

  /** Answers the marked object while finalizers hold it, undefined when it is gone. */
  delete(target: Target, options: DeleteOptions): KubernetesObject | undefined {
    const live = this.writer.require(target);
    requirePreconditions(target, live, options);
    const finalizers = finalizersFor(target, live, options.propagationPolicy);
    const grace = graceOf(target, live, options);
    if (finalizers.length === 0 && grace === 0 && !holdsContent(target)) {
      if (options.dryRun !== true) this.store.remove(target.kind, live);
      return undefined;
    }
    const isMarked = live.metadata.deletionTimestamp !== undefined;
    const isShorter = grace < (live.metadata.deletionGracePeriodSeconds ?? 0);
    if (isMarked && !isShorter && finalizers.length === (live.metadata.finalizers ?? []).length) return live;
    const marked = this.mark(live, finalizers, grace);
    return options.dryRun === true ? marked : this.store.put(target.kind, marked);
  }

  private mark(live: KubernetesObject, finalizers: string[], grace: number): KubernetesObject {
    const { generation, deletionTimestamp: before, finalizers: _old, ...rest } = live.metadata;
    const wasLonger = grace < (rest.deletionGracePeriodSeconds ?? 0);
    const end = rfc3339(new Date(this.clock.now().getTime() + grace * 1_000));
    const metadata = {
      ...rest,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
      deletionTimestamp: before === undefined || wasLonger ? end : before,
      deletionGracePeriodSeconds: grace,
    };
    const status = live.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {};
    return { ...live, ...status, metadata };
  }
}

/** Only pods on a node that still run take time; a repeated delete may shorten it, never lengthen it. */
function graceOf({ kind }: Target, { metadata, spec, status }: KubernetesObject, options: DeleteOptions): number {
  if (kind.group !== '' || kind.kind !== 'Pod') return 0;
  const { nodeName, terminationGracePeriodSeconds = 30 } = record(spec);
  const { phase } = record(status);
  if (nodeName === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  const wanted = options.gracePeriodSeconds ?? Number(terminationGracePeriodSeconds);
  return metadata.deletionTimestamp === undefined
    ? wanted
    : Math.min(wanted, metadata.deletionGracePeriodSeconds ?? wanted);
}

/** A namespace is emptied before it goes; what holds it is `spec.finalizers`. */
function holdsContent({ kind }: Target): boolean {
  return kind.group === '' && kind.kind === 'Namespace';
}

function finalizersFor({ kind }: Target, live: KubernetesObject, policy: Propagation | undefined): string[] {
  const present = live.metadata.finalizers ?? [];
  const added = [
    ...(policy === 'Foreground' ? [FOREGROUND] : []),
    ...(policy === 'Orphan' ? [ORPHAN] : []),
    ...(kind.kind === 'CustomResourceDefinition' ? [CRD_CLEANUP] : []),
  ];
  return [...present, ...added.filter((name) => !present.includes(name))];
}

function requirePreconditions(target: Target, live: KubernetesObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = live.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw conflictOn(target, `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`);
  }
  if (options.resourceVersion === undefined || options.resourceVersion === resourceVersion) return;
  throw conflictOn(
    target,
    `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`,
  );
}
