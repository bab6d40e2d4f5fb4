import { FleetError } from '../../../kernel/errors.js';
import type { TargetNames } from '../application-record.js';
import { boundaryViolation } from '../boundaries.js';
import type { ManagedApplication } from '../managed-applications.js';
import { buildTarget, type DesiredObject, type Target } from '../target.js';
import type { PassContext } from './pass-context.js';

/** Of a cluster whose settings do not say (design.md section 2). */
const DEFAULT_SERVER = (cluster: string): string => `https://${cluster}.clusters.fleetwright.invalid`;

export type Prepared = { target: Target } | { violation: string };

/** A target with kinds that are not served is prepared again where a fresh discovery finds more: a definition may be new. */
export async function prepareServed(application: ManagedApplication, context: PassContext): Promise<Prepared> {
  const prepared = await prepareTarget(application, context);
  if ('violation' in prepared) return prepared;
  const isServed = ({ object }: DesiredObject): boolean =>
    context.catalog.find(object.apiVersion, object.kind) !== undefined;
  if ([...prepared.target.objects.values()].every(isServed)) return prepared;
  const { revision } = context.catalog;
  await context.catalog.refresh();
  return context.catalog.revision === revision ? prepared : prepareTarget(application, context);
}

/**
 * Reads what the delivery names and judges it: digest, project, local ceiling. A violation is a verdict and stands until
 * another delivery comes; a document that cannot be read is thrown and tried again.
 */
export async function prepareTarget(
  application: ManagedApplication,
  context: PassContext,
  names: TargetNames = namesOf(application),
): Promise<Prepared> {
  const { bundleDigest, projectDigest, settingsDigest } = names;
  if (bundleDigest === null) throw new FleetError('invalid', 'DELIVERY_INCOMPLETE', 'the delivery names no bundle');
  const inputs = [bundleDigest, projectDigest, settingsDigest, context.catalog.revision].join(' ');
  if (application.target && application.targetInputs === inputs) return { target: application.target };
  const settings = await context.documents.settingsOf(names);
  const [project, bundle] = await Promise.all([context.documents.projectOf(names), context.bundles.get(bundleDigest)]);
  const target = buildTarget(bundle, {
    bundleDigest,
    hubId: context.hubId,
    settings,
    isNamespaced: (group, kind) => context.catalog.isNamespaced(group, kind),
  });
  const server = settings.destinationServer ?? DEFAULT_SERVER(context.cluster);
  const violation = boundaryViolation(
    [...[...target.objects.values()].map(({ object }) => object), ...target.hooks.map(({ object }) => object)],
    { project, settings, cluster: { name: context.cluster, server }, ceiling: context.ceiling },
  );
  if (violation !== undefined) return { violation };
  application.record.settings = settings;
  application.record.judged = { bundleDigest, projectDigest, settingsDigest };
  application.target = target;
  application.targetInputs = inputs;
  return { target };
}

/** What the delivery names; an open operation names its own bundle. */
function namesOf({ record }: ManagedApplication): TargetNames {
  const asked = record.delivery.operation;
  const isOpen = asked !== null && (record.operation?.id !== asked.id || record.operation.finishedAt === null);
  return isOpen ? { ...record.delivery, bundleDigest: asked.bundleDigest } : record.delivery;
}
