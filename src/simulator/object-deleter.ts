import { rfc3339, type Clock } from '../kernel/clock.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { Target } from './admission.js';
import { conflictOn, type ObjectWriter } from './object-writer.js';
import type { ClusterStore } from './cluster-store.js';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  propagationPolicy?: Propagation;
  uid?: string;
  resourceVersion?: string;
  dryRun?: boolean;
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
    if (finalizers.length === 0 && !holdsContent(target)) {
      if (options.dryRun !== true) this.store.remove(target.kind, live);
      return undefined;
    }
    if (live.metadata.deletionTimestamp !== undefined && finalizers.length === live.metadata.finalizers?.length)
      return live;
    const marked = this.mark(live, finalizers);
    return options.dryRun === true ? marked : this.store.put(target.kind, marked);
  }

  private mark(live: KubernetesObject, finalizers: string[]): KubernetesObject {
    const { generation, deletionTimestamp = rfc3339(this.clock.now()), finalizers: _old, ...rest } = live.metadata;
    const metadata = {
      ...rest,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
      deletionTimestamp,
      deletionGracePeriodSeconds: 0,
    };
    const status = live.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {};
    return { ...live, ...status, metadata };
  }
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
