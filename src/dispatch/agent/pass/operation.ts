import type { OperationPhase, OperationReport } from '../../protocol/report.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { PassContext } from './pass-context.js';

/**
 * The operation to carry out now, if any. A new one is stored before anything is done for it, so that its id is run once
 * whatever happens; every object is then applied again. One that comes too late is refused.
 */
export async function openOperation(
  { record }: ManagedApplication,
  context: PassContext,
): Promise<OperationReport | undefined> {
  const asked = record.delivery.operation;
  if (asked === null) {
    if (isOpen(record.operation)) finishOperation(record, 'Error', 'the hub withdrew the operation', context);
    return undefined;
  }
  if (record.operation?.id === asked.id) return isOpen(record.operation) ? record.operation : undefined;
  const now = context.clock.now();
  record.operation = { id: asked.id, phase: 'Running', message: '', startedAt: now.toISOString(), finishedAt: null };
  const log = { application: record.uid, operation: asked.id, by: asked.initiatedBy };
  if (now.getTime() > Date.parse(asked.notAfter)) {
    finishOperation(record, 'Failed', `not started: its deadline was ${asked.notAfter}`, context);
    return undefined;
  }
  context.logger.info(log, 'operation started');
  for (const entry of record.inventory.values()) entry.digest = '';
  await context.memory.save(record);
  return record.operation;
}

export function finishOperation(
  record: ManagedApplication['record'],
  phase: Exclude<OperationPhase, 'Running'>,
  message: string,
  { clock, logger }: PassContext,
): void {
  if (record.operation === null) return;
  const finishedAt = clock.now().toISOString();
  record.operation = { ...record.operation, phase, message: message.slice(0, 2048), finishedAt };
  logger.info({ application: record.uid, operation: record.operation.id, phase, message }, 'operation finished');
}

function isOpen(operation: OperationReport | null): boolean {
  return operation !== null && operation.finishedAt === null;
}
