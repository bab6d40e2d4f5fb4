import { messageOf } from '../kernel/errors.js';
import type { Log } from '../kernel/log.js';

/** What was started and has to be stopped, last first. One that does not stop keeps none of the others alive. */
export class Teardown {
  private readonly stops: { what: string; stop: () => Promise<void> }[] = [];

  add(what: string, stop: () => Promise<void>): void {
    this.stops.push({ what, stop });
  }

  async run(log: Log): Promise<void> {
    for (let next = this.stops.pop(); next; next = this.stops.pop()) {
      try {
        await next.stop();
      } catch (error) {
        log.error({ what: next.what, error: messageOf(error) }, 'not stopped in order');
      }
    }
  }
}
