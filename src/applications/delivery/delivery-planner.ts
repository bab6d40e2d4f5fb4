import { Injectable } from '@nestjs/common';
import { GuardMemory, type OwnerMemory, type RemovalOwner } from '../../approvals/guard-memory.js';
import { RemovalGuard } from '../../approvals/removal-guard.js';
import type { Guarded, RemovalLine } from '../../changes/guard.js';
import { ClusterFactsReader } from '../../clusters/cluster-facts-reader.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { asWrite } from '../../dispatch/gateway/deliveries/delivery-endings.js';
import { DeliveryTotals } from '../../dispatch/gateway/deliveries/delivery-totals.js';
import type { DeliveryWrite, StoredDelivery } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import { RollingSets } from '../../generation/rolling-sets.js';
import { digestJson } from '../../kernel/digest.js';
import type { ProjectInfo } from '../../projects/project.reader.js';
import { SourceRenderer, type RenderOutcome } from '../../rendering/source-renderer.js';
import { placed, placedKeys, scopeLookup, type ScopeOf } from '../domain/bundle-keys.js';
import { planDelivery } from '../domain/delivery-plan.js';
import type { DestinationCluster } from '../domain/destination.js';
import { permitsObjects } from '../domain/permits-objects.js';
import { renderRequestOf } from '../domain/render-request.js';
import { deliverySettings } from '../domain/sync-settings.js';
import {
  removalOwner,
  type ApplicationCondition,
  type DeliveryDecision,
  type StoredApplication,
} from './delivery-decision.js';
import {
  emptiedSource,
  heldConditions,
  heldKeys,
  isHeld,
  linesOf,
  removalsOf,
  type Removals,
} from './delivery-removals.js';
import { projectDocument } from '../domain/project-document.js';

const RETRY_MS = 60_000;
const NOTHING: Guarded = { allowed: [], held: [] };

/** An Application that may go where it wants to: what it is, and where it stands now. */
export interface DeliveryInput {
  stored: Stored<StoredApplication>;
  project: ProjectInfo;
  cluster: DestinationCluster;
  namespace: string;
  /** Every row of the Application, on whichever cluster. */
  rows: readonly StoredDelivery[];
}

interface Rendered {
  bundle: RenderOutcome;
  isNamespaced: ScopeOf;
}

/** source → bundle → delivery plan → guard, for one Application on a member cluster. */
@Injectable()
export class DeliveryPlanner {
  constructor(
    private readonly renderer: SourceRenderer,
    private readonly facts: ClusterFactsReader,
    private readonly totals: DeliveryTotals,
    private readonly memory: GuardMemory,
    private readonly guard: RemovalGuard,
    private readonly rolling: RollingSets,
  ) {}

  async plan(input: DeliveryInput): Promise<DeliveryDecision> {
    const { spec } = input.stored.object;
    const request = renderRequestOf(spec);
    if (!request.ok)
      return this.keep(input, { type: 'InvalidSpecError', message: `${request.error.code}: ${request.error.message}` });
    const bundle = await this.renderer.render(request.value);
    if (!bundle.ok) {
      const message = `${bundle.error.code}: ${bundle.error.message}`;
      return { ...(await this.keep(input, { type: 'ComparisonError', message })), retryAfterMs: RETRY_MS };
    }
    const isNamespaced = scopeLookup(await this.facts.apis(input.cluster.uid));
    const objects = bundle.value.objects.map((id) => placed(id, isNamespaced, input.namespace));
    const verdict = permitsObjects(input.project.spec, { ...input.cluster, objects });
    if (!verdict.allowed) return this.refuse(input, verdict.reason);
    return this.deliver(input, { bundle: bundle.value, isNamespaced });
  }

  /** No apply, heal or prune until the reason is gone: what a lost right leads to (design.md section 6). */
  async freeze(
    stored: Stored<StoredApplication>,
    rows: readonly StoredDelivery[],
    message: string,
  ): Promise<DeliveryDecision> {
    const live = rows.filter(({ intent }) => intent === 'apply' || intent === 'observe');
    return {
      ...(await this.quiet(stored)),
      writes: live.map((row) => ({ ...asWrite(row), intent: 'freeze', operation: null })),
      conditions: [{ type: 'InvalidSpecError', message }],
    };
  }

  /** The last delivery stays in force as it is. */
  private async keep({ stored }: DeliveryInput, condition: ApplicationCondition): Promise<DeliveryDecision> {
    return { ...(await this.quiet(stored)), conditions: [condition] };
  }

  /** A bundle with an object outside the project is not delivered; the one in force stays only while it is permitted itself. */
  private async refuse(input: DeliveryInput, reason: string): Promise<DeliveryDecision> {
    const current = input.rows.find((row) => row.clusterUid === input.cluster.uid);
    const permitted =
      current !== undefined &&
      current.projectDigest === digestJson(projectDocument(input.project.name, input.project.spec));
    if (permitted) return this.keep(input, { type: 'InvalidSpecError', message: reason });
    return this.freeze(input.stored, input.rows, reason);
  }

  private async deliver(input: DeliveryInput, { bundle, isNamespaced }: Rendered): Promise<DeliveryDecision> {
    const { stored, project, cluster, namespace } = input;
    const settings = deliverySettings(stored.object, cluster.server);
    const rules = projectDocument(project.name, project.spec);
    const inForce = input.rows.filter(({ intent }) => intent !== 'orphan' && intent !== 'prune');
    const current = inForce.find((row) => row.clusterUid === cluster.uid);
    const keys = placedKeys(bundle.objects, isNamespaced, namespace);
    const plan = planDelivery(current?.objects ?? [], keys);
    const left = inForce.filter((row) => row !== current);
    const prunes = settings.prune || (await this.prunesWhenRolled(stored));
    const removals = removalsOf(stored.object, prunes ? plan.prunes : [], left);
    const owner = removalOwner(stored);
    const known = await this.memory.read(owner.uid);
    const guarded = await this.judge({ owner, known, lines: linesOf(removals), emptied: emptiedSource(current, keys) });
    const kept = !prunes || isHeld(guarded, removals.prune) ? plan.prunes : [];
    const write: DeliveryWrite = {
      ...identityOf(stored.object, cluster.uid, project.name),
      intent: 'apply',
      bundleDigest: bundle.digest,
      settingsDigest: digestJson(settings),
      projectDigest: digestJson(rules),
      heldPrunes: current?.operation && !prunes ? current.heldPrunes : heldKeys(kept),
      objects: [...keys, ...kept].sort(),
    };
    return {
      writes: rowsAfter(write, removals, guarded),
      documents: [settings, rules],
      owner,
      known,
      guarded,
      objects: { creates: plan.creates, prunes: plan.prunes },
      conditions: [...heldConditions(guarded), ...renderWarnings(bundle)],
      rendered: bundle,
    };
  }

  /** A rollout prunes when its step comes; the guard is asked now, so that what it holds can be approved before. */
  private async prunesWhenRolled({ object, scope }: Stored<StoredApplication>): Promise<boolean> {
    if (object.spec.syncPolicy?.automated?.prune !== true || scope.ownerUid === undefined) return false;
    return (await this.rolling.among([scope.ownerUid])).length > 0;
  }

  private async judge(question: {
    owner: RemovalOwner;
    known: OwnerMemory;
    lines: RemovalLine[];
    emptied: string | undefined;
  }): Promise<Guarded> {
    const { emptied: reason, ...rest } = question;
    if (rest.lines.length === 0) return NOTHING;
    const { uid, countedUnder = uid, project = '' } = rest.owner;
    const totals = await this.totals.objects(countedUnder, project);
    return this.guard.judge({ ...rest, unit: 'object', totals, ...(reason === undefined ? {} : { emptied: reason }) });
  }

  private async quiet(stored: Stored<StoredApplication>): Promise<DeliveryDecision> {
    const owner = removalOwner(stored);
    const known = await this.memory.read(owner.uid);
    return {
      writes: [],
      documents: [],
      owner,
      known,
      guarded: NOTHING,
      objects: { creates: [], prunes: [] },
      conditions: [],
    };
  }
}

function identityOf({ kind, metadata }: StoredApplication, clusterUid: string, project: string) {
  const { uid, name, namespace } = metadata;
  return {
    clusterUid,
    applicationUid: uid,
    ownerKind: kind,
    application: name,
    applicationNamespace: namespace,
    project,
  };
}

/** A move that waits keeps the Application where it is: it must not run in two places. */
function rowsAfter(write: DeliveryWrite, { moves }: Removals, guarded: Guarded): DeliveryWrite[] {
  if (moves.some(({ line }) => isHeld(guarded, line))) return [];
  return [write, ...moves.map(({ row }): DeliveryWrite => ({ ...asWrite(row), intent: 'orphan', operation: null }))];
}

function renderWarnings({ warnings }: RenderOutcome): ApplicationCondition[] {
  return warnings.map((message) => ({ type: 'RenderWarning', message }));
}
