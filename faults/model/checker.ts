import type { Edit } from './history.js';
import { afterEdit, atRest, NO_WISHES, protectedBy, wantedOf, type Wanted, type Wishes } from './reference.js';

export interface Violation {
  rule: 'wrong delete' | 'lost write' | 'no convergence' | 'plan differs' | 'stuck' | 'broken';
  message: string;
}

/** Follows what people said and what clusters hold, and says what must not have happened. Knows nothing of the product. */
export class Checker {
  readonly violations: Violation[] = [];
  private wishes: Wishes = NO_WISHES;
  private now: Set<string> = new Set();
  /** Protected by everything that may have been wished since all was at rest: whatever deletes one of these is wrong. */
  private always: Set<string> = new Set();

  get state(): Wishes {
    return this.wishes;
  }

  /** Somebody asks for it; from here on the system may act on it, whether or not the answer arrives. */
  attempt(edit: Edit): Wishes {
    const next = afterEdit(this.wishes, edit);
    const kept = protectedBy(next, this.now);
    this.always = new Set([...this.always].filter((key) => kept.has(key)));
    return next;
  }

  /** The answer arrived, or was read back: this is what is wished from now on. */
  accept(next: Wishes): void {
    this.wishes = next;
    this.now = protectedBy(next, this.now);
  }

  /** An object went, and no person did it. */
  deleted(key: string): void {
    if (this.always.has(key)) this.fail('wrong delete', `${key} was deleted although it was wanted all the time`);
  }

  /** Faults have stopped and everything is at rest: clusters must hold what is wanted, to the letter. */
  settled(found: ReadonlyMap<string, string>): void {
    const wanted = wantedOf(this.wishes);
    const { objects } = wanted;
    for (const difference of differencesFrom(wanted, found)) this.fail('no convergence', difference);
    for (const key of protectedBy(this.wishes, this.now))
      if (!found.has(key) && !objects.has(key)) this.now.delete(key);
    this.always = new Set(this.now);
    this.wishes = atRest(this.wishes);
  }

  fail(rule: Violation['rule'], message: string): void {
    this.violations.push({ rule, message });
  }
}

/** How what clusters hold is not what is wanted; empty when all is well. */
export function differencesFrom({ objects, unsettled, loose }: Wanted, found: ReadonlyMap<string, string>): string[] {
  const differences: string[] = [];
  for (const [key, value] of objects) {
    const held = found.get(key);
    if (held !== value) differences.push(`${key} is ${held ?? 'absent'}, wanted ${value}`);
  }
  for (const key of found.keys()) {
    const [cluster = '', application = ''] = key.split('/');
    const isFree = unsettled.has(application) || loose.has(`${cluster}/${application}`);
    if (!objects.has(key) && !isFree) differences.push(`${key} is there, and nobody wants it`);
  }
  return differences;
}
