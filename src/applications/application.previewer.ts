import { Injectable } from '@nestjs/common';
import { EMPTY_PLAN_VIEW, type PlanLineView, type PlanView } from '../changes/plan-view.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import type { Stored } from '../database/objects/hub-object.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import type { ChangePreviewer, ProposedChange } from '../documents/change-previewer.js';
import { UNSTORED_UID } from '../kernel/ids.js';
import type { DeliveryDecision, StoredApplication } from './delivery/delivery-decision.js';
import { DeliveryPlanner } from './delivery/delivery-planner.js';
import { DeliveryReadings } from './delivery/delivery-readings.js';
import { resolveDestination } from './domain/destination.js';

/** What a written Application would deliver, object by object: the same planner, without the commit. */
@Injectable()
export class ApplicationPreviewer implements ChangePreviewer {
  constructor(
    private readonly fleet: FleetReadings,
    private readonly planner: DeliveryPlanner,
    private readonly readings: DeliveryReadings,
    private readonly deliveries: DeliveriesStore,
  ) {}

  async preview(change: ProposedChange): Promise<PlanView | undefined> {
    if (change.kind !== 'Application') return undefined;
    const uid = change.previous?.metadata.uid ?? UNSTORED_UID;
    if (!change.next) {
      const rows = await this.deliveries.forApplications([uid]);
      return removal(
        change,
        rows.flatMap((row) => row.objects),
      );
    }
    const object = { ...change.next, metadata: { ...change.next.metadata, uid } } as StoredApplication;
    const stored: Stored<StoredApplication> = { object, scope: {} };
    const { clusters, projects } = await this.fleet.now();
    const destination = resolveDestination(object.spec.destination, clusters);
    const project = projects.get(object.spec.project || 'default');
    if (!destination.ok || !project)
      return {
        ...EMPTY_PLAN_VIEW,
        errors: [{ code: 'INVALID', message: destination.ok ? 'no such project' : destination.error.message }],
      };
    const line = lineOf(object, destination.value.type === 'member' ? destination.value.cluster.name : undefined);
    const action = change.previous ? 'update' : 'create';
    if (destination.value.type === 'hub') return { ...EMPTY_PLAN_VIEW, lines: [{ ...line, action }] };
    const { cluster, namespace } = destination.value;
    const [input] = await this.readings.of([{ stored, project, cluster, namespace }]);
    return input && viewOf(await this.planner.plan(input), { ...line, action });
  }
}

function viewOf({ objects, guarded, conditions }: DeliveryDecision, line: PlanLineView): PlanView {
  const held = guarded.held.map(({ line: removal, reason }) => ({
    ...line,
    action: removal.action,
    objects: [...removal.objects],
    reason,
  }));
  const waiting = new Set(held.flatMap((entry) => entry.objects));
  const prunes = objects.prunes.filter((key) => !waiting.has(key));
  return {
    ...EMPTY_PLAN_VIEW,
    lines: [
      { ...line, objects: objects.creates },
      ...(prunes.length === 0 ? [] : [{ ...line, action: 'prune' as const, objects: prunes }]),
    ],
    held,
    warnings: conditions.filter(({ type }) => type === 'RenderWarning').map(({ message }) => message),
    errors: conditions
      .filter(({ type }) => type.endsWith('Error'))
      .map(({ type, message }) => ({ code: type, message })),
  };
}

function removal({ previous }: ProposedChange, objects: string[]): PlanView {
  const cascades =
    previous?.metadata.finalizers?.some((finalizer) =>
      finalizer.startsWith('resources-finalizer.argocd.argoproj.io'),
    ) ?? false;
  const line = lineOf(previous as StoredApplication, undefined);
  return { ...EMPTY_PLAN_VIEW, lines: [{ ...line, action: 'delete', objects: cascades ? objects : [] }] };
}

function lineOf(
  { kind, metadata, spec }: StoredApplication,
  cluster: string | undefined,
): Omit<PlanLineView, 'action'> {
  const { namespace, name } = metadata;
  return { kind, namespace, name, project: spec.project || 'default', ...(cluster ? { cluster } : {}) };
}
