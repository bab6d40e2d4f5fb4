import { jsonEqual } from '../kernel/json.js';
import type { KubernetesObject, ManagedFieldsEntry, ObjectMeta } from '../kernel/object.js';
import { goRoundTrip } from '../kubernetes/schema/go-round-trip.js';
import { pruned, withSchemaDefaults } from './custom-resources/structural-schema.js';
import { withDefaults } from './defaults.js';
import { requireValid } from './validation/validate-object.js';
import { withServerChoices } from './server-choices.js';
import type { KindDefinition } from './kind.js';

export interface WriteOptions {
  manager: string;
  dryRun?: boolean;
  /** Throws when a planted admission rule refuses what would be stored; controllers are not asked. */
  admit?: (object: KubernetesObject) => void;
  subresource?: 'status' | 'scale';
}

/** A write on its way to the store: what is there, what is wanted, and through which door. */
export interface Draft {
  kind: KindDefinition;
  live: KubernetesObject | undefined;
  wanted: KubernetesObject;
  options: WriteOptions;
}

/** A write's outcome: what its manager is held to have written, and that with what the server itself decides. */
export interface Completed {
  written: KubernetesObject;
  stored: KubernetesObject;
}

/** What the draft may touch, with defaults, held to the rules of its kind. */
export function completed(draft: Draft): Completed {
  const { kind, live, options } = draft;
  const scoped = inScope(draft);
  if (options.subresource === 'status') {
    const stored = kind.schema === undefined ? scoped : structural(kind.schema, scoped);
    return { written: stored, stored };
  }
  const written =
    kind.schema === undefined ? withDefaults(kind, typed(kind, scoped), live) : structural(kind.schema, scoped);
  const stored = withServerChoices(kind, written, live);
  requireValid(kind, stored, live);
  return { written, stored };
}

/** A custom resource as its definition has it stored: pruned, then defaulted. */
function structural(schema: Record<string, unknown>, object: KubernetesObject): KubernetesObject {
  return withSchemaDefaults(pruned(object, schema).value, schema) as KubernetesObject;
}

/** As the kind's type holds it: without what it does not know, with what it always prints. */
function typed({ type }: KindDefinition, object: KubernetesObject): KubernetesObject {
  if (type === undefined) return object;
  const { managedFields } = object.metadata;
  const read = goRoundTrip(type, { ...object, metadata: { ...object.metadata, managedFields: undefined } });
  const { metadata } = read.object as KubernetesObject;
  const { apiVersion, kind } = object;
  return {
    ...read.object,
    apiVersion,
    kind,
    metadata: managedFields === undefined ? metadata : { ...metadata, managedFields },
  };
}

/** Its subresource, or everything but it. */
function inScope({ kind, live, wanted, options }: Draft): KubernetesObject {
  if (options.subresource === 'status' && live !== undefined) return withStatusOf(wanted, live);
  if (!kind.hasStatus) return wanted;
  const { status: _client, ...rest } = wanted;
  return live?.status === undefined ? rest : { ...rest, status: live.status };
}

/** Of the metadata, the status door takes annotations and finalizers of built-in kinds, as real strategies do. */
function withStatusOf({ status, metadata }: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const { annotations: _own, ...rest } = live.metadata;
  const { annotations } = metadata;
  return { ...live, metadata: annotations === undefined ? rest : { ...rest, annotations }, status };
}

interface Stamp {
  uid: string;
  creationTimestamp: string;
  managedFields: ManagedFieldsEntry[];
}

/** The draft under the identity and bookkeeping that no client writes. */
export function stamped(draft: Draft, { managedFields, ...identity }: Stamp): KubernetesObject {
  const { live, wanted } = draft;
  const { deletionTimestamp, deletionGracePeriodSeconds, resourceVersion } = live?.metadata ?? {};
  const { generation: _given, deletionTimestamp: _client, resourceVersion: _seen, ...rest } = wanted.metadata;
  const { deletionGracePeriodSeconds: _grace, managedFields: _entries, ...metadata } = rest;
  const generation = generationOf(draft);
  return {
    ...wanted,
    metadata: {
      ...metadata,
      ...identity,
      ...(managedFields.length === 0 ? {} : { managedFields }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(generation === undefined ? {} : { generation }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp, deletionGracePeriodSeconds }),
    },
  };
}

/** Whether nothing holds a deleted object any more; namespaces are held by what is in them. */
export function isReleased(kind: KindDefinition, { metadata }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp === undefined || (kind.group === '' && kind.kind === 'Namespace')) return false;
  return (metadata.finalizers ?? []).length === 0 && (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** Equal but for the times of managers: an apply of what is there already is no write, however it is spelled. */
export function isSame(next: KubernetesObject, live: KubernetesObject): boolean {
  return jsonEqual(withoutTimes(next), withoutTimes(live));
}

function withoutTimes({ metadata, ...fields }: KubernetesObject): object {
  const managedFields = metadata.managedFields?.map(({ time: _time, ...entry }) => entry);
  return { ...fields, metadata: { ...metadata, managedFields } };
}

/** An applied document without what its manager cannot own through this door. */
export function applicable(
  kind: KindDefinition,
  config: KubernetesObject,
  { subresource }: WriteOptions,
): KubernetesObject {
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = config.metadata;
  const identity = namespace === undefined ? { name } : { name, namespace };
  if (subresource === 'status') {
    return { apiVersion: config.apiVersion, kind: config.kind, metadata: identity, status: config.status };
  }
  const metadata = Object.fromEntries(
    Object.entries({ ...identity, labels, annotations, ownerReferences, finalizers }).filter(([, v]) => v != null),
  ) as unknown as ObjectMeta;
  const { status, ...rest } = config;
  return kind.hasStatus || status === undefined ? { ...rest, metadata } : { ...rest, metadata, status };
}

function generationOf({ kind, live, wanted, options }: Draft): number | undefined {
  if (!kind.hasGeneration) return undefined;
  if (live === undefined) return 1;
  const current = live.metadata.generation ?? 1;
  const isSame = jsonEqual(specOf(live, kind), specOf(wanted, kind));
  return isSame && !hasNewAnnotations({ kind, live, wanted, options }) ? current : current + 1;
}

/** Deployments count a change of their annotations too, which their ReplicaSets take over. */
function hasNewAnnotations({ kind, live, wanted, options }: Draft): boolean {
  if (kind.group !== 'apps' || kind.kind !== 'Deployment' || options.subresource !== undefined) return false;
  return !jsonEqual(live?.metadata.annotations ?? {}, wanted.metadata.annotations ?? {});
}

function specOf({ metadata: _metadata, status, ...rest }: KubernetesObject, kind: KindDefinition): object {
  return kind.hasStatus ? rest : { ...rest, status };
}
