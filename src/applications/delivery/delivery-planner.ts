import { Injectable } from '@nestjs/common';
import type { OwnerMemory, RemovalOwner } from '../../approvals/guard-memory.js';
import { RemovalGuard } from '../../approvals/removal-guard.js';
import type { Guarded, RemovalLine } from '../../changes/guard.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { asWrite } from '../../dispatch/gateway/deliveries/delivery-endings.js';
import { DeliveryTotals } from '../../dispatch/gateway/deliveries/delivery-totals.js';
import type { DeliveryWrite } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import { digestJson } from '../../kernel/digest.js';
import type { ProjectInfo } from '../../projects/project.reader.js';
import { SourceRenderer, type RenderOutcome } from '../../rendering/source-renderer.js';
import { placed, placedKeys } from '../domain/bundle-keys.js';
import { planDelivery } from '../domain/delivery-plan.js';
import type { DestinationCluster } from '../domain/destination.js';
import { permitsObjects } from '../domain/permits-objects.js';
import { renderedSecrets } from '../domain/rendered-secrets.js';
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
import type { DeliverySituation } from './delivery-readings.js';
import { freeze, quiet } from './quiet-decisions.js';
import { projectDocument } from '../domain/project-document.js';

const RETRY_MS = 60_000;
const NOTHING: Guarded = { allowed: [], held: [] };

/** An Application that may go where it wants to: what it is, and where it stands now. */
export interface DeliveryInput extends DeliverySituation {
  stored: Stored<StoredApplication>;
  project: ProjectInfo;
  cluster: DestinationCluster;
  namespace: string;
}

type Render = SourceRenderer['render'];

/** A decision but for what the guard says to the removals in it. */
interface Draft {
  lines: RemovalLine[];
  emptied?: string | undefined;
  decide: (guarded: Guarded) => DeliveryDecision;
}

/** source → bundle → delivery plan → guard, for one Application on a member cluster. */
@Injectable()
export class DeliveryPlanner {
  constructor(
    private readonly renderer: SourceRenderer,
    private readonly totals: DeliveryTotals,
    private readonly guard: RemovalGuard,
  ) {}

  async plan(input: DeliveryInput): Promise<DeliveryDecision> {
    const { lines, emptied, decide } = await this.draft(input);
    const owner = removalOwner(input.stored);
    return decide(await this.judge({ owner, known: input.known, lines, emptied }));
  }

  /** Undefined where it would take something away: removals are judged one delivery after the other. */
  async planWithoutRemovals(input: DeliveryInput, render: Render): Promise<DeliveryDecision | undefined> {
    const { lines, decide } = await this.draft(input, render);
    return lines.length === 0 ? decide(NOTHING) : undefined;
  }

  /** For many Applications of a moment: those with equal sources share what they gave. */
  renderingOnce(): Render {
    return this.renderer.forOneMoment();
  }

  private async draft(
    input: DeliveryInput,
    render: Render = (request) => this.renderer.render(request),
  ): Promise<Draft> {
    const request = renderRequestOf(input.stored.object, input.target);
    if (!request.ok)
      return keep(input, { type: 'InvalidSpecError', message: `${request.error.code}: ${request.error.message}` });
    const bundle = await render(request.value);
    if (!bundle.ok) {
      const message = `${bundle.error.code}: ${bundle.error.message}`;
      return keep(input, { type: 'ComparisonError', message }, RETRY_MS);
    }
    const objects = bundle.value.objects.map((id) => placed(id, input.isNamespaced, input.namespace));
    const verdict = permitsObjects(input.project.spec, { ...input.cluster, objects });
    if (!verdict.allowed) return refuse(input, verdict.reason);
    const secrets = renderedSecrets(bundle.value);
    const isRefused = secrets !== undefined && input.project.renderedSecrets === 'refuse';
    return isRefused ? refuseSecrets(input, bundle.value, secrets) : deliver(input, bundle.value);
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
}

/** The last delivery stays in force as it is. */
function keep({ stored, known }: DeliveryInput, condition: ApplicationCondition, retryAfterMs?: number): Draft {
  const decision = { ...quiet(stored, known), conditions: [condition] };
  return { lines: [], decide: () => (retryAfterMs === undefined ? decision : { ...decision, retryAfterMs }) };
}

/** A bundle with an object outside the project is not delivered; the one in force stays only while it is permitted itself. */
function refuse(input: DeliveryInput, reason: string): Draft {
  const current = input.rows.find((row) => row.clusterUid === input.cluster.uid);
  const permitted =
    current !== undefined &&
    current.projectDigest === digestJson(projectDocument(input.project.name, input.project.spec));
  if (permitted) return keep(input, { type: 'InvalidSpecError', message: reason });
  return { lines: [], decide: () => freeze(input.stored, input, reason) };
}

/** What is in force stays, unless it is just what the project refuses now. */
function refuseSecrets(input: DeliveryInput, { digest }: RenderOutcome, secrets: string): Draft {
  const reason = `project ${input.project.name} refuses Secrets in sources: ${secrets}`;
  const isInForce = input.rows.some(
    ({ clusterUid, bundleDigest }) => clusterUid === input.cluster.uid && bundleDigest === digest,
  );
  if (!isInForce) return keep(input, { type: 'InvalidSpecError', message: reason });
  return { lines: [], decide: () => freeze(input.stored, input, reason) };
}

function deliver(input: DeliveryInput, bundle: RenderOutcome): Draft {
  const { stored, project, cluster, namespace, known } = input;
  const settings = deliverySettings(stored.object, cluster.server);
  const rules = projectDocument(project.name, project.spec);
  const inForce = input.rows.filter(({ intent }) => intent !== 'orphan' && intent !== 'prune');
  const current = inForce.find((row) => row.clusterUid === cluster.uid);
  const keys = placedKeys(bundle.objects, input.isNamespaced, namespace);
  const plan = planDelivery(current?.objects ?? [], keys);
  const left = inForce.filter((row) => row !== current);
  const prunes = settings.prune || input.prunesWhenRolled;
  const removals = removalsOf(stored.object, prunes ? plan.prunes : [], left);
  const digests = {
    bundleDigest: bundle.digest,
    settingsDigest: digestJson(settings),
    projectDigest: digestJson(rules),
  };
  const decide = (guarded: Guarded): DeliveryDecision => {
    const kept = !prunes || isHeld(guarded, removals.prune) ? plan.prunes : [];
    const write: DeliveryWrite = {
      ...identityOf(stored.object, cluster.uid, project.name),
      intent: 'apply',
      ...digests,
      heldPrunes: current?.operation && !prunes ? current.heldPrunes : heldKeys(kept),
      objects: [...keys, ...kept].sort(),
    };
    return {
      writes: rowsAfter(write, removals, guarded),
      documents: [settings, rules],
      owner: removalOwner(stored),
      known,
      guarded,
      objects: { creates: plan.creates, prunes: plan.prunes },
      conditions: [...heldConditions(guarded), ...renderWarnings(bundle)],
      rendered: bundle,
    };
  };
  return { lines: linesOf(removals), emptied: emptiedSource(current, keys), decide };
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

function renderWarnings(bundle: RenderOutcome): ApplicationCondition[] {
  const warnings = [...bundle.warnings, renderedSecrets(bundle)].filter((warning) => warning !== undefined);
  return warnings.map((message) => ({ type: 'RenderWarning', message }));
}
