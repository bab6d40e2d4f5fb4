import { FleetError } from '../../../kernel/errors.js';
import { keepsOnPrune } from '../../../applications/domain/sync-options.js';
import type { OperationReport } from '../../protocol/report.js';
import { afterHeal, healPauseMs } from '../heal-pace.js';
import { fenceOf } from '../hub-history.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { Target } from '../target.js';
import { applicationReport, unknownReport } from './application-report.js';
import { forgetPredecessors } from './forget-predecessors.js';
import { lookAround } from './look-around.js';
import { finishOperation, openOperation } from './operation.js';
import type { PassContext } from './pass-context.js';
import { prepareServed, prepareTarget, type Prepared } from './prepare-target.js';
import { removeLeftovers, type Removal } from './remove-leftovers.js';
import { needsApply, syncTarget, type SyncMode, type SyncProgress } from './sync-target.js';

const NOTHING_DONE: SyncProgress = { state: 'done', waitingFor: '', failures: new Map(), applied: 0, retry: false };

interface Outcome {
  target: Target;
  operation: OperationReport | undefined;
  sync: SyncProgress;
  removal: Removal;
}

/** Brings an Application to its bundle and keeps it there. Answers when to look again by itself. */
export async function applyIntent(application: ManagedApplication, context: PassContext): Promise<number | undefined> {
  const { record } = application;
  const operation = await openOperation(application, context);
  const prepared = await prepareOrHeal(application, context);
  if ('violation' in prepared) return refuse(application, prepared.violation, context);
  await forgetPredecessors(application, context);
  const { target } = prepared;
  const mode = modeOf(application, target, operation);
  const isToApply = (desired: Parameters<typeof needsApply>[0]): boolean =>
    mode === 'full' && needsApply(desired, application, mode, context);
  await lookAround(application, target, isToApply, context);
  const pauseMs = mode === 'heal' ? healPauseMs(application.heals, context.clock.now().getTime()) : 0;
  const sync = mode === undefined || pauseMs > 0 ? NOTHING_DONE : await syncTarget(application, target, mode, context);
  noteSync(application, { target, sync, mode }, context);
  const removal = await prune(application, { target, operation, sync }, context);
  const outcome = { target, operation, sync, removal };
  closeOperation(application, outcome, context);
  await context.memory.save(record);
  context.publish(reportOf(application, outcome, context));
  if (sync.retry) throw new FleetError('unavailable', 'SYNC_FAILED', summary(sync.failures));
  if (sync.state === 'waiting' || removal.going.length > 0) return context.recheckMs;
  return pauseMs > 0 ? pauseMs : undefined;
}

/** While a new delivery cannot be read, the cluster is kept at the last one that was applied whole. */
async function prepareOrHeal(application: ManagedApplication, context: PassContext): Promise<Prepared> {
  try {
    return await prepareServed(application, context);
  } catch (error) {
    await healLast(application, context);
    throw error;
  }
}

async function healLast(application: ManagedApplication, context: PassContext): Promise<void> {
  const { record } = application;
  if (!record.judged || !record.settings?.automated || !record.settings.selfHeal) return;
  const last = await prepareTarget(application, context, record.judged).catch(() => undefined);
  if (last === undefined || 'violation' in last || last.target.id !== record.appliedTarget) return;
  await lookAround(application, last.target, () => false, context);
  if (healPauseMs(application.heals, context.clock.now().getTime()) > 0) return;
  const sync = await syncTarget(application, last.target, 'heal', context);
  noteSync(application, { target: last.target, sync, mode: 'heal' }, context);
  await context.memory.save(record);
}

/** Nothing of it is applied, and what an earlier delivery applied stays. */
async function refuse(application: ManagedApplication, violation: string, context: PassContext): Promise<undefined> {
  const { record } = application;
  const message = `refused: ${violation}`;
  if (record.operation?.finishedAt === null) finishOperation(record, 'Failed', message, context);
  context.logger.warn({ application: record.uid, violation }, 'delivery refused');
  await context.memory.save(record);
  context.publish(unknownReport(record, message, context.clock.now()));
}

function modeOf(
  { record }: ManagedApplication,
  target: Target,
  operation: OperationReport | undefined,
): SyncMode | undefined {
  if (operation) return 'full';
  if (!record.settings?.automated) return undefined;
  if (record.appliedTarget !== target.id) return 'full';
  return record.settings.selfHeal ? 'heal' : undefined;
}

function noteSync(
  application: ManagedApplication,
  { target, sync, mode }: { target: Target; sync: SyncProgress; mode: SyncMode | undefined },
  { clock, logger }: PassContext,
): void {
  const { record } = application;
  const log = { application: record.uid, objects: sync.applied };
  if (mode === 'heal' && sync.applied > 0) {
    record.healed += sync.applied;
    application.heals = afterHeal(application.heals, clock.now().getTime());
    logger.info(log, 'drift healed');
  }
  if (mode !== 'full' || sync.state !== 'done') return;
  record.appliedTarget = target.id;
  record.appliedBundle = target.bundleDigest;
  logger.info({ ...log, bundle: target.bundleDigest }, 'bundle applied');
}

/** Only once everything wanted is in place, so that nothing is removed for a bundle that does not work. */
async function prune(
  application: ManagedApplication,
  { target, operation, sync }: Omit<Outcome, 'removal'>,
  context: PassContext,
): Promise<Removal> {
  const { delivery, settings } = application.record;
  const asked = (operation !== undefined && delivery.operation?.prune) || (settings?.automated && settings.prune);
  const fence = fenceOf(delivery, context.history());
  const refusal = fence ?? (asked ? 'the sync is not through yet' : 'pruning is not asked for');
  return removeLeftovers(
    application,
    {
      wanted: target.objects,
      mayRemove: fence === undefined && asked === true && sync.state === 'done',
      refusal,
      keeps: (object) => keepsOnPrune(object.metadata, settings?.syncOptions ?? []),
      letGoOfKept: false,
    },
    context,
  );
}

function closeOperation({ record }: ManagedApplication, outcome: Outcome, context: PassContext): void {
  const { operation, sync, removal } = outcome;
  if (!operation) return;
  if (sync.state === 'failed') return finishOperation(record, 'Failed', summary(sync.failures), context);
  if (sync.state === 'waiting') {
    if (sync.waitingFor.includes(' is Degraded')) finishOperation(record, 'Failed', sync.waitingFor, context);
    return;
  }
  if (removal.going.length > 0) return;
  finishOperation(record, 'Succeeded', 'successfully synced', context);
  // It may have applied another bundle than the one the Application is compared with.
  context.wake(record.uid);
}

function reportOf({ record }: ManagedApplication, { target, sync, removal }: Outcome, context: PassContext) {
  const leftovers = new Map([...removal.kept, ...removal.going.map((key) => [key, 'it is being removed'] as const)]);
  return applicationReport({
    record,
    target,
    live: (key) => context.live.get(key),
    failures: sync.failures,
    leftovers,
    messages: [sync.waitingFor === '' ? '' : `waiting: ${sync.waitingFor}`, summary(sync.failures)],
    observedAt: context.clock.now(),
  });
}

function summary(failures: ReadonlyMap<string, string>): string {
  const [first] = failures;
  if (first === undefined) return '';
  const [key, message] = first;
  return failures.size === 1 ? `${key}: ${message}` : `${failures.size} objects failed; ${key}: ${message}`;
}
