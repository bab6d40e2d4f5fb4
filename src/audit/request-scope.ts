import { AsyncLocalStorage } from 'node:async_hooks';

/** Carries the request's id to audit entries and logs written deep below the door it came through. */
export class RequestScope {
  private readonly storage = new AsyncLocalStorage<string>();

  run<T>(requestId: string, work: () => T): T {
    return this.storage.run(requestId, work);
  }

  requestId(): string | undefined {
    return this.storage.getStore();
  }
}
