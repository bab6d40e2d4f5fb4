import { FleetError } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';

/** What the next requests meet instead of, or before, their answer. */
export interface Fault {
  /** HTTP status to answer; undefined lets the request through after the delay. */
  status?: number;
  /** When the client may come again, as API servers say with 429. */
  retryAfterSeconds?: number;
  delayMs?: number;
  /** Only requests for which this holds; every one when absent. */
  matches?: (method: string, path: string) => boolean;
}

/** Which writes an admission webhook denies: those of objects of all the names given. */
export interface AdmissionRule {
  kind?: string;
  namespace?: string;
  name?: string;
  message: string;
  /** Default `policy.example.com`. */
  webhook?: string;
}

/** Faults that a scene or a test plants in one cluster. */
export class Faults {
  private planted: { fault: Fault; left: number }[] = [];
  private readonly broken = new Set<string>();
  private readonly crashing = new Set<string>();
  private readonly brokenStores = new Set<string>();
  private refusals: { why: (object: KubernetesObject) => string | undefined; webhook: string }[] = [];

  /** The next `count` requests meet the fault; Infinity until `clear`. */
  plant(fault: Fault, count = 1): void {
    this.planted.push({ fault, left: count });
  }

  /** Pods find no image of this reference from now on; those under `.invalid` can never be pulled. */
  breakImage(image: string): void {
    this.broken.add(image);
  }

  mendImage(image: string): void {
    this.broken.delete(image);
    this.crashing.delete(image);
  }

  hasImage(image: string): boolean {
    return !this.broken.has(image) && !/^[^/]+\.invalid(:\d+)?\//.test(image);
  }

  /** Containers of the image end with an error as soon as they start, from now on. */
  crashImage(image: string): void {
    this.crashing.add(image);
  }

  crashes(image: string): boolean {
    return this.crashing.has(image);
  }

  /** From now on a webhook denies the writes that a rule names, with the rule's message. */
  deny({ message, webhook, ...names }: AdmissionRule): void {
    const isMeant = ({ kind, metadata }: KubernetesObject): boolean =>
      (names.kind ?? kind) === kind &&
      (names.namespace ?? metadata.namespace) === metadata.namespace &&
      (names.name ?? metadata.name) === metadata.name;
    this.refuse((object) => (isMeant(object) ? message : undefined), webhook);
  }

  /** From now on an admission webhook refuses the writes for which `why` has something to say. */
  refuse(why: (object: KubernetesObject) => string | undefined, webhook = 'policy.example.com'): void {
    this.refusals.push({ why, webhook });
  }

  /** Throws FORBIDDEN when an admission rule refuses the object. */
  admit(object: KubernetesObject): void {
    for (const refusal of this.refusals) {
      const why = refusal.why(object);
      if (why === undefined) continue;
      const message = `admission webhook "${refusal.webhook}" denied the request: ${why}`;
      throw new FleetError('forbidden', 'ADMISSION_DENIED', message);
    }
  }

  /** The provider of the secret stores of this name fails from now on. */
  breakStore(name: string): void {
    this.brokenStores.add(name);
  }

  mendStore(name: string): void {
    this.brokenStores.delete(name);
  }

  hasProvider(storeName: string): boolean {
    return !this.brokenStores.has(storeName);
  }

  clear(): void {
    this.planted = [];
    this.refusals = [];
    this.broken.clear();
    this.crashing.clear();
    this.brokenStores.clear();
  }

  /** The fault that a request meets, if any; uses one of its turns up. */
  take(method: string, path: string): Fault | undefined {
    const found = this.planted.find(({ fault }) => fault.matches?.(method, path) ?? true);
    if (found === undefined) return undefined;
    found.left--;
    if (found.left <= 0) this.planted = this.planted.filter((entry) => entry !== found);
    return found.fault;
  }
}
