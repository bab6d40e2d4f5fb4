import { Injectable } from '@nestjs/common';
import type { Stored } from '../database/objects/hub-object.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import type { FleetReading } from '../generation/fleet-readings.js';
import { Log } from '../kernel/log.js';
import { done, wait, type Outcome } from '../reconcile/outcome.js';
import { ApplicationConditions } from './application-conditions.js';
import { DeliveryCommit } from './delivery/delivery-commit.js';
import type { DeliveryDecision, StoredApplication } from './delivery/delivery-decision.js';
import { DeliveryPlanner } from './delivery/delivery-planner.js';
import type { MemberDestination } from './domain/destination.js';
import { permitsApplication } from './domain/permits-application.js';

/** Where an Application goes, or why that cannot be told. */
export type Whereabouts = MemberDestination | { type: 'unknown'; reason: string };

/** Applications destined for member clusters: from decision to rows, conditions and log. */
@Injectable()
export class MemberApplications {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly planner: DeliveryPlanner,
    private readonly deliver: DeliveryCommit,
    private readonly conditions: ApplicationConditions,
    private readonly log: Log,
  ) {}

  async reconcile(stored: Stored<StoredApplication>, fleet: FleetReading, where: Whereabouts): Promise<Outcome> {
    const decision = await this.decide(stored, fleet, where);
    const changed = await this.deliver.commit(stored.object, decision, reads(stored, fleet));
    await this.conditions.write(stored.object, decision);
    this.tell(decision, changed);
    if (decision.retryAfterMs === undefined) return done();
    return wait(decision.conditions[0]?.message ?? 'an input is unreadable', decision.retryAfterMs);
  }

  /** The questions in order: is there a project, does the destination exist, may it go there, what would it deliver? */
  private async decide(
    stored: Stored<StoredApplication>,
    { projects, clusters }: FleetReading,
    where: Whereabouts,
  ): Promise<DeliveryDecision> {
    const { metadata, spec } = stored.object;
    const rows = await this.deliveries.forApplications([metadata.uid]);
    const name = spec.project || 'default';
    const project = projects.get(name);
    if (!project) {
      return this.planner.freeze(stored, rows, `application references project ${name} which does not exist`);
    }
    if (where.type === 'unknown') return this.planner.freeze(stored, rows, where.reason);
    const verdict = permitsApplication(project.spec, spec, {
      namespace: metadata.namespace,
      destination: where,
      ownClusters: clusters.ownedBy(name),
    });
    if (!verdict.allowed) return this.planner.freeze(stored, rows, verdict.reason);
    return this.planner.plan({ stored, project, cluster: where.cluster, namespace: where.namespace, rows });
  }

  private tell({ owner, rendered, writes, guarded }: DeliveryDecision, changed: number): void {
    const application = owner.name;
    if (changed > 0) {
      const intents = writes.map(({ intent }) => intent);
      this.log.info({ application, bundle: rendered?.digest, intents }, 'delivery committed');
    }
    for (const { line, reason } of guarded.held) {
      this.log.warn({ application, objects: line.objects.length, reason }, 'removal awaits approval');
    }
  }
}

function reads({ object }: Stored<StoredApplication>, { projects, clusters }: FleetReading): Map<string, string> {
  const project = projects.get(object.spec.project || 'default');
  const read = [...(project ? [project] : []), ...clusters.all];
  return new Map(read.map(({ uid, resourceVersion }) => [uid, resourceVersion]));
}
