import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { differencesFrom } from '../model/checker.js';
import { wantedOf } from '../model/reference.js';
import type { People } from './people.js';
import type { RealWorld } from './real-world.js';

const LONGEST_MS = 240_000;
const LOOK_MS = 100;
/** Whoever waits for longer than any retry is asked again so often. */
const PASS_TIME_MS = 1_500;
const LONGEST_RETRY_SECONDS = 901;
/** Looks in a row that must find everything at rest. */
const CALM_LOOKS = 3;
/** Idle looks at clusters that stay as they are, although they differ: enough for agents to look again, and for Git. */
const IDLE_LOOKS = 300;

/** What keeps the fleet from rest, and how clusters differ from the wishes; both empty when all is done. */
export interface Unrest {
  busy: string[];
  wrong: string[];
}

/** Waits until nothing is left to do. What waits is approved and retries come due. Answers what never came to rest. */
export async function comeToRest(world: RealWorld, people: People, now: () => number): Promise<Unrest> {
  const deadline = performance.now() + LONGEST_MS;
  const looks = new Looks();
  let passed = performance.now();
  for (;;) {
    const unrest = await unrestOf(world);
    // Not before: what is held may be of an input that was read when it was not there.
    const approved = unrest.busy.length === 0 ? await people.approveAll(now()) : 0;
    looks.take(unrest, approved);
    if (looks.areOver || performance.now() > deadline) return unrest;
    if (!looks.areCalm && performance.now() > passed + PASS_TIME_MS) {
      await world.database.passTime(LONGEST_RETRY_SECONDS, { leases: false });
      passed = performance.now();
    }
    await sleep(LOOK_MS);
  }
}

/** Looks in a row: at a fleet that rests, or at one that stays wrong with nothing left to do. */
class Looks {
  private calm = 0;
  private idle = 0;
  private wrong = '';

  take({ busy, wrong }: Unrest, approved: number): void {
    const isIdle = approved === 0 && busy.length === 0;
    this.calm = isIdle && wrong.length === 0 ? this.calm + 1 : 0;
    if (wrong.join() !== this.wrong || approved > 0) this.idle = 0;
    this.wrong = wrong.join();
    if (isIdle) this.idle += 1;
  }

  get areCalm(): boolean {
    return this.calm > 0;
  }

  get areOver(): boolean {
    return this.calm >= CALM_LOOKS || this.idle >= IDLE_LOOKS;
  }
}

/** Waits for the hub's own work only. */
export async function hubRests(world: RealWorld): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  let work: string[] = [];
  while (performance.now() < deadline) {
    work = await world.database.hubWork();
    if (work.length === 0) return;
    await sleep(LOOK_MS);
  }
  throw new Error(`the hub never came to rest: ${work.join(', ')}`);
}

async function unrestOf(world: RealWorld): Promise<Unrest> {
  const hub = await world.database.hubWork();
  const agents = (await world.database.deliveries()).flatMap((row) => {
    const { cluster, uid, application, intent, operates, position } = row;
    const answered = [...world.members].find(([name]) => name === cluster)?.[1].reported.get(uid);
    const isOpen = operates || intent === 'prune' || intent === 'orphan' || answered !== position;
    return isOpen ? [`${cluster}: ${intent} ${application} at ${position}, answered ${answered ?? 'never'}`] : [];
  });
  return { busy: [...hub, ...agents], wrong: differencesFrom(wantedOf(world.checker.state), world.found()) };
}

/** Of an operation that was taken: over, or over with its Application. */
export function isOver(operation: string, application: KubernetesObject | undefined): boolean {
  const status = application?.['status'] as { operationState?: { id?: string; phase: string } } | undefined;
  if (application === undefined || status?.operationState?.id !== operation) return true;
  return status.operationState.phase !== 'Running';
}
