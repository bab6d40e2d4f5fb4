import { messageOf } from './kernel/errors.js';
import type { Log } from './kernel/log.js';

/**
 * Hears SIGTERM and SIGINT from now on, a start that takes its time included: as first process of a container, one that
 * listens to neither is killed after the grace period. Answers the setter of what is to be finished first; before it is
 * set there is nothing that the next start would not find in order.
 */
export function stopOnSignals(log: Log, program: string): (stop: () => Promise<void>) => void {
  let stop = (): Promise<void> => Promise.resolve();
  const end = (signal: NodeJS.Signals): void => {
    log.info({ signal }, `${program} stops`);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: messageOf(error) }, `${program} did not stop in order`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  return (next) => {
    stop = next;
  };
}
