import { Injectable } from '@nestjs/common';
import type { Stored } from '../database/objects/hub-object.js';
import type { FleetReading } from '../generation/fleet-readings.js';
import { conflict } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import { again, done, wait, type Outcome } from '../reconcile/outcome.js';
import { ApplicationConditions } from './application-conditions.js';
import { asFarAsReady } from './delivery/as-far-as-ready.js';
import { DeliveryCommit } from './delivery/delivery-commit.js';
import type { DeliveryDecision, StoredApplication } from './delivery/delivery-decision.js';
import { DeliveryPlanner, type DeliveryInput } from './delivery/delivery-planner.js';
import { DeliveryReadings, type DeliverySituation } from './delivery/delivery-readings.js';
import { freeze } from './delivery/quiet-decisions.js';
import type { MemberDestination } from './domain/destination.js';
import { permitsApplication } from './domain/permits-application.js';

/** Where an Application goes, or why that cannot be told. */
export type Whereabouts = MemberDestination | { type: 'unknown'; reason: string };

/** An Application with its whereabouts, and the reading that they come from. */
export interface PlacedApplication {
  stored: Stored<StoredApplication>;
  fleet: FleetReading;
  where: Whereabouts;
}

interface Decided {
  placed: PlacedApplication;
  decision: DeliveryDecision;
}

/** A source that is slow to read holds up the others for this long. */
const PLANNING_TOGETHER = { atOnce: 4, stalledMs: 1_000 };

/** Applications destined for member clusters: from decision to rows, conditions and log. */
@Injectable()
export class MemberApplications {
  constructor(
    private readonly readings: DeliveryReadings,
    private readonly planner: DeliveryPlanner,
    private readonly deliver: DeliveryCommit,
    private readonly conditions: ApplicationConditions,
    private readonly log: Log,
  ) {}

  /** Throws STALE_PLAN when what it was planned from changed meanwhile. */
  async reconcile(placed: PlacedApplication): Promise<Outcome> {
    const situated = await this.situate([placed]);
    const plan = (input: DeliveryInput): Promise<DeliveryDecision> => this.planner.plan(input);
    const decided = situated.map(async (each) => ({ placed, decision: await decide(each, plan) }));
    const { uid, name } = placed.stored.object.metadata;
    const outcome = (await this.carryOut(await Promise.all(decided))).get(uid);
    if (outcome) return outcome;
    throw conflict('STALE_PLAN', `Application "${name}" changed while its delivery was planned`);
  }

  /**
   * Many at the cost of a few. Left out of the answer is who has removals to be judged, changed meanwhile, or has a source
   * that is slow or failed unexpectedly; whom that held up comes again. Throws STALE_PLAN when a project or cluster changed,
   * and then nothing is done.
   */
  async reconcileTogether(placed: readonly PlacedApplication[]): Promise<ReadonlyMap<string, Outcome>> {
    const situated = (await this.situate(placed)).filter(({ known }) => known.waiting.size === 0);
    const render = this.planner.renderingOnce();
    const decideAlike = async (each: SituatedApplication): Promise<Decided | undefined> => {
      const decision = await decide(each, (input) => this.planner.planWithoutRemovals(input, render));
      return decision && { placed: each, decision };
    };
    const { ready, untried } = await asFarAsReady(situated, decideAlike, PLANNING_TOGETHER);
    const outcomes = await this.carryOut(ready);
    for (const { stored } of untried) outcomes.set(stored.object.metadata.uid, again(0));
    return outcomes;
  }

  private situate(placed: readonly PlacedApplication[]): Promise<SituatedApplication[]> {
    const clusterOf = ({ where }: PlacedApplication) => (where.type === 'member' ? { cluster: where.cluster } : {});
    return this.readings.of(placed.map((each) => ({ ...each, ...clusterOf(each) })));
  }

  /** Answers the outcomes of those that had not changed meanwhile. */
  private async carryOut(decided: readonly Decided[]): Promise<Map<string, Outcome>> {
    const changed = await this.deliver.commit(
      decided.map(({ placed, decision }) => ({
        application: placed.stored.object,
        decision,
        reads: readsOf(placed),
      })),
    );
    const current = decided.filter(({ decision }) => changed.has(decision.owner.uid));
    await this.conditions.write(
      current.map(({ placed, decision }) => ({ application: placed.stored.object, ...decision })),
    );
    for (const { decision } of current) this.tell(decision, changed.get(decision.owner.uid) ?? 0);
    return new Map(current.map(({ decision }) => [decision.owner.uid, outcomeOf(decision)]));
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

type SituatedApplication = PlacedApplication & DeliverySituation;

/** The questions in order: is there a project, does the destination exist, may it go there, what would it deliver? */
async function decide<D>(
  application: SituatedApplication,
  plan: (input: DeliveryInput) => Promise<D>,
): Promise<DeliveryDecision | D> {
  const { stored, fleet, where } = application;
  const { metadata, spec } = stored.object;
  const name = spec.project || 'default';
  const project = fleet.projects.get(name);
  if (!project) return freeze(stored, application, `application references project ${name} which does not exist`);
  if (where.type === 'unknown') return freeze(stored, application, where.reason);
  const verdict = permitsApplication(project.spec, spec, {
    namespace: metadata.namespace,
    destination: where,
    ownClusters: fleet.clusters.ownedBy(name),
  });
  if (!verdict.allowed) return freeze(stored, application, verdict.reason);
  return plan({ ...application, project, cluster: where.cluster, namespace: where.namespace });
}

function readsOf({ stored, fleet, where }: PlacedApplication): Map<string, string> {
  const project = fleet.projects.get(stored.object.spec.project || 'default');
  const cluster = where.type === 'member' ? fleet.clusters.byName(where.cluster.name) : undefined;
  const read = [project, cluster].filter((each) => each !== undefined);
  return new Map(read.map(({ uid, resourceVersion }) => [uid, resourceVersion]));
}

function outcomeOf({ conditions, retryAfterMs }: DeliveryDecision): Outcome {
  if (retryAfterMs === undefined) return done();
  return wait(conditions[0]?.message ?? 'an input is unreadable', retryAfterMs);
}
