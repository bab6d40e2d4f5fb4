import { messageOf } from '../../../kernel/errors.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { Target } from '../target.js';
import { applicationReport, unknownReport } from './application-report.js';
import { lookAround } from './look-around.js';
import type { PassContext } from './pass-context.js';
import { prepareTarget } from './prepare-target.js';

/** Compares and reports; touches nothing. */
export async function observeIntent(application: ManagedApplication, context: PassContext): Promise<undefined> {
  const prepared = await prepareTarget(application, context);
  if ('violation' in prepared) {
    return context.publish(unknownReport(application.record, prepared.violation, context.clock.now())) as undefined;
  }
  await compare(application, prepared.target, [], context);
}

/** A right was lost: no apply, no heal, no removal. What was last delivered is still compared where it can be. */
export async function freezeIntent(application: ManagedApplication, context: PassContext): Promise<undefined> {
  const { record } = application;
  const frozen = 'frozen: nothing is applied, healed or removed';
  const target = application.target ?? (await targetIfReadable(application, context));
  if (target) return compare(application, target, [frozen], context);
  context.publish(unknownReport(record, frozen, context.clock.now()));
}

async function targetIfReadable(application: ManagedApplication, context: PassContext): Promise<Target | undefined> {
  if (application.record.delivery.bundleDigest === null) return undefined;
  try {
    const prepared = await prepareTarget(application, context);
    return 'target' in prepared ? prepared.target : undefined;
  } catch (error) {
    context.logger.debug({ application: application.record.uid, err: messageOf(error) }, 'frozen target not readable');
    return undefined;
  }
}

async function compare(
  application: ManagedApplication,
  target: Target,
  messages: string[],
  context: PassContext,
): Promise<undefined> {
  await lookAround(application, target, () => false, context);
  const { record } = application;
  const left = [...record.inventory.keys()].filter((key) => !target.objects.has(key) && context.live.get(key)?.present);
  context.publish(
    applicationReport({
      record,
      target,
      live: (key) => context.live.get(key),
      failures: new Map(),
      leftovers: new Map(left.map((key) => [key, 'nothing is removed under this intent'])),
      messages,
      observedAt: context.clock.now(),
    }),
  );
  await context.memory.save(record);
}
