import type { Application, ApplicationSpec } from '../../applications/domain/application.js';
import { resolveDestination, type ClusterLookup, type OwnedClusters } from '../../applications/domain/destination.js';
import { normaliseSpec } from '../../applications/domain/normalise-spec.js';
import { permitsApplication } from '../../applications/domain/permits-application.js';
import type { DesiredItem, StoredItem } from '../../changes/plan.js';
import type { ObjectWrite, Stored } from '../../database/objects/hub-object.js';
import type { GeneratedApplication } from '../../expansion/expansion.js';
import type { JudgedItems, Problem } from '../../generation/judged-items.js';
import { controllerOf, type KubernetesObject, type ObjectMeta, type OwnerReference } from '../../kernel/object.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import type { IgnoredDifferences } from './ignored-differences.js';
import type { PreservedFields } from './preserved-fields.js';
import { withPreserved } from './preserved-fields.js';

export interface SetContext {
  /** Project the set acts for. */
  project: string;
  owner: OwnerReference;
  preserved: PreservedFields;
  ignored: IgnoredDifferences;
  /** A rollout syncs them: their own automation is turned off (argocd-behaviour.md 3.6). */
  rollsOut: boolean;
  clusters: ClusterLookup & OwnedClusters;
  projects: ReadonlyMap<string, { spec: AppProjectSpec }>;
  /** What is stored under the generated names, and all that the set owns. */
  stored: ReadonlyMap<string, Stored>;
  /** uids of what the set itself comes from: Applications whose repositories hold it, and who owns those. */
  comesFrom?: ReadonlySet<string>;
}

/** Units of work (kernel/pace.ts) that one Application takes. */
export const UNITS_AN_ITEM = 100;

/**
 * Judges each generated Application on its own, in pieces of one each; a refused one never stops the others
 * (argocd-behaviour.md 3.2).
 */
export function* judging(
  generated: readonly GeneratedApplication[],
  context: SetContext,
): Generator<number, JudgedItems> {
  const result = {
    desired: [] as DesiredItem<ObjectWrite>[],
    leave: new Map<string, string>(),
    problems: [] as Problem[],
  };
  const counts = new Map<string, number>();
  for (const { metadata } of generated) counts.set(keyOf(metadata), (counts.get(keyOf(metadata)) ?? 0) + 1);
  for (const application of generated) {
    const key = keyOf(application.metadata);
    if (result.leave.has(key)) continue;
    yield UNITS_AN_ITEM;
    const judged = judge(application, context, counts.get(key) ?? 0);
    if ('code' in judged) {
      result.problems.push({ ...judged, key, project: readersProject(application, context) });
      result.leave.set(key, judged.message);
    } else {
      result.desired.push(judged);
    }
  }
  return result;
}

/** What of a stored Application takes part in the comparison. */
export function storedItem(stored: Stored, preserved: PreservedFields): StoredItem<Stored> {
  const { object } = stored;
  return {
    key: keyOf(object.metadata),
    uid: object.metadata.uid,
    deleting: object.metadata.deletionTimestamp !== undefined,
    content: contentOf(object, {
      spec: normaliseSpec(object.spec as Record<string, unknown>),
      live: object,
      preserved,
    }),
    value: stored,
  };
}

export function keyOf({ namespace, name }: { namespace?: string; name: string }): string {
  return `${namespace ?? ''}/${name}`;
}

type Fault = Omit<Problem, 'key'>;

function judge(generated: GeneratedApplication, context: SetContext, count: number): DesiredItem<ObjectWrite> | Fault {
  const key = keyOf(generated.metadata);
  const { name } = generated.metadata;
  const fault = nameFault(name, count) ?? ownershipFault(context.stored.get(key), context);
  if (fault) return fault;
  const normalised = normaliseSpec(generated.spec) as ApplicationSpec;
  const live = context.stored.get(key)?.object;
  const wanted = document(generated, context.rollsOut ? withoutAutomation(normalised) : normalised, context);
  const object = context.ignored.carriedOver(wanted, live);
  const { spec } = object;
  if (spec.project !== context.project && context.project !== 'default') {
    return {
      code: 'PROJECT_NOT_OWNED',
      message: `the set acts for project "${context.project}" and may not create Applications in "${spec.project}"`,
    };
  }
  const project = context.projects.get(spec.project);
  if (!project)
    return { code: 'PROJECT_UNKNOWN', message: `application references project ${spec.project} which does not exist` };
  const destination = resolveDestination(spec.destination, context.clusters);
  if (!destination.ok)
    return {
      code: destination.error.code,
      message: `application destination spec is invalid: ${destination.error.message}`,
    };
  const verdict = permitsApplication(project.spec, spec, {
    namespace: generated.metadata.namespace,
    destination: destination.value,
    ownClusters: context.clusters.ownedBy(spec.project),
  });
  if (!verdict.allowed) return { code: 'NOT_PERMITTED', message: verdict.reason };
  const cluster = destination.value.type === 'member' ? { cluster: destination.value.cluster.name } : {};
  const scope = { project: spec.project, ownerUid: context.owner.uid, ...cluster };
  return {
    key,
    content: contentOf(object, { spec, live, preserved: context.preserved }),
    value: { object, scope },
  };
}

/** A team's set is the team's to mend, whatever it named; those of `default` make Applications of every project. */
function readersProject({ spec }: GeneratedApplication, { project }: SetContext): string {
  const named = spec['project'];
  return project === 'default' && typeof named === 'string' && named !== '' ? named : project;
}

const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

function nameFault(name: string, count: number): Fault | undefined {
  if (name === '')
    return { code: 'NAME_MISSING', message: 'an application with no name was generated; a name must be set' };
  if (name.length > 253 || name.includes('\n') || !DNS_NAME.test(name)) {
    return { code: 'NAME_INVALID', message: `"${name.slice(0, 80)}" is not a DNS subdomain name` };
  }
  return count > 1
    ? {
        code: 'NAME_DUPLICATE',
        message: `${count} applications were generated with the name "${name}"; none of them is touched`,
      }
    : undefined;
}

/** An Application without a controlling owner is adopted, one of another owner never (argocd-behaviour.md 3.5). */
function ownershipFault(stored: Stored | undefined, context: SetContext): Fault | undefined {
  if (!stored || stored.scope.ownerUid === context.owner.uid) return undefined;
  const { metadata } = stored.object;
  const taken = (by: string): Fault => ({ code: 'NAME_TAKEN', message: `Application "${metadata.name}" ${by}` });
  const self = `ApplicationSet "${context.owner.name}"`;
  const sees = stored.scope.project === context.project || context.project === 'default';
  if (stored.scope.ownerUid !== undefined)
    return taken(`belongs to ${sees ? ownerName(metadata) : 'another owner'}; ${self} may not generate it too`);
  if (context.comesFrom?.has(metadata.uid)) return taken(`brings ${self} itself, which may not take it over`);
  return sees ? undefined : taken('exists in another project');
}

function ownerName(metadata: ObjectMeta): string {
  const owner = controllerOf(metadata);
  return owner ? `${owner.kind} "${owner.name}"` : 'the Application whose repository holds it';
}

function document(
  generated: GeneratedApplication,
  spec: ApplicationSpec,
  { owner, preserved, stored }: SetContext,
): Application {
  const { name, namespace, labels = {}, annotations = {} } = generated.metadata;
  const live = stored.get(keyOf(generated.metadata))?.object;
  const finalizers = withHookFinalizers(generated.metadata.finalizers, live);
  const metadata = withPreserved(
    { name, namespace, labels, annotations, finalizers, ownerReferences: [owner] },
    live?.metadata,
    preserved,
  );
  const kept = live === undefined ? {} : { uid: live.metadata.uid, managedFields: live.metadata.managedFields ?? [] };
  const operation = live?.['operation'] === undefined ? {} : { operation: live['operation'] };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { ...metadata, ...kept },
    spec,
    ...operation,
  };
}

const HOOK_FINALIZERS = ['pre-delete-finalizer.argocd.argoproj.io', 'post-delete-finalizer.argocd.argoproj.io'];

/** Those of deletion hooks are the controller's: no template takes them away (argocd-behaviour.md 3.5). */
function withHookFinalizers(generated: readonly string[] = [], live: KubernetesObject | undefined): string[] {
  const kept = (live?.metadata.finalizers ?? []).filter((name) =>
    HOOK_FINALIZERS.some((prefix) => name.startsWith(prefix)),
  );
  return [...new Set([...generated, ...kept])];
}

function withoutAutomation(spec: ApplicationSpec): ApplicationSpec {
  const { syncPolicy } = spec;
  if (!syncPolicy?.automated) return spec;
  return { ...spec, syncPolicy: { ...syncPolicy, automated: { ...syncPolicy.automated, enabled: false } } };
}

interface Compared {
  /** Normalised. */
  spec: unknown;
  live: KubernetesObject | undefined;
  preserved: PreservedFields;
}

function contentOf(object: KubernetesObject, { spec, live, preserved }: Compared): unknown {
  const { name, namespace, labels = {}, annotations = {}, finalizers = [], ownerReferences = [] } = object.metadata;
  const metadata = withPreserved({ name, labels, annotations }, live?.metadata, preserved);
  return { metadata: { ...metadata, ...(namespace ? { namespace } : {}), finalizers, ownerReferences }, spec };
}
