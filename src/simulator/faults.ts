/** What the next requests meet instead of, or before, their answer. */
export interface Fault {
  /** HTTP status to answer; undefined lets the request through after the delay. */
  status?: number;
  delayMs?: number;
  /** Only requests for which this holds; every one when absent. */
  matches?: (method: string, path: string) => boolean;
}

/** Faults that a scene or a test plants in one cluster. */
export class Faults {
  private planted: { fault: Fault; left: number }[] = [];
  private readonly broken = new Set<string>();

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
  }

  hasImage(image: string): boolean {
    return !this.broken.has(image) && !/^[^/]+\.invalid(:\d+)?\//.test(image);
  }

  clear(): void {
    this.planted = [];
    this.broken.clear();
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
