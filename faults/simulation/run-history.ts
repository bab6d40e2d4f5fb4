import type { MemoryTransaction } from '../memory/memory-transaction.js';
import { ConnectionLost } from '../memory/memory-transactions.js';
import { isDocumentEdit, type DocumentEdit } from '../documents/proposed.js';
import type { HeldRow } from '../memory/guard-memory.js';
import type { WorkRow } from '../memory/work.js';
import type { Violation } from '../model/checker.js';
import { CLUSTERS, type Edit, type Fault, type History, type Step } from '../model/history.js';
import type { Wishes } from '../model/reference.js';
import { Actors } from './actors.js';
import { carryOut, isStored, lostWrites, Refused } from './edits.js';
import { previewAndCompare } from './preview.js';
import { Simulation, type Seams } from './simulation.js';

export interface Verdict {
  violations: Violation[];
  turns: number;
  log: readonly string[];
}

const MOST_TURNS = 60_000;
const MOST_ROUNDS = 60;
const LONGEST_RETRY_MS = 301_000;
/** Timers of clusters and agents that belong to what is under way: not worth a round. */
const SOON_MS = 6_000;

/** Plays a history from nothing and says what went wrong. The same history gives the same answer, always. */
export async function runHistory(history: History, seams: Seams = {}): Promise<Verdict> {
  const run = new HistoryRun(history, seams);
  const undo = run.world.time.install();
  try {
    await run.play();
  } finally {
    run.end();
    undo();
  }
  const { checker, interleaving, log } = run.world;
  return { violations: checker.violations, turns: interleaving.count, log: log.lines };
}

interface InFlight {
  edit: DocumentEdit;
  next: Wishes;
}

export class HistoryRun {
  readonly world: Simulation;
  private readonly actors: Actors;
  private inFlight: InFlight | undefined;

  constructor(
    private readonly history: History,
    seams: Seams,
  ) {
    this.world = new Simulation(history.seed, seams);
    this.actors = new Actors(this.world);
  }

  async play(): Promise<void> {
    const { steps } = this.history;
    await this.world.prepare();
    const last = steps.at(-1)?.step === 'settle' ? [] : [{ step: 'settle' } as const];
    for (const step of [...steps, ...last]) {
      await this.take(step);
      if (this.world.checker.violations.length > 0) return;
    }
  }

  end(): void {
    this.world.hub.life.end();
    for (const { agent, cluster } of this.world.members.values()) {
      agent.end();
      cluster.close();
    }
  }

  private async take(step: Step): Promise<void> {
    switch (step.step) {
      case 'edit':
        return this.edit(step.edit);
      case 'preview':
        return this.preview(step.edit);
      case 'fault':
        return this.fault(step.fault);
      case 'sync':
        throw new TypeError('nobody takes requests for a sync here: play it with real parts');
      case 'run':
        return this.run(step.turns);
      case 'settle':
        return this.settle();
    }
  }

  /** The person waits for the last answer before the next edit, and not for this one's. */
  private async edit(edit: Edit): Promise<void> {
    await this.answered();
    const { checker, repository, hub } = this.world;
    const next = checker.attempt(edit);
    if (!isDocumentEdit(edit)) {
      repository.push(next.files);
      return checker.accept(next);
    }
    const flight = { edit, next };
    this.inFlight = flight;
    carryOut(edit, hub).then(
      () => this.landed(flight, true),
      (error: unknown) => this.failed(flight, error),
    );
  }

  private landed(flight: InFlight, isThere: boolean): void {
    if (this.inFlight !== flight) return;
    this.inFlight = undefined;
    if (isThere) this.world.checker.accept(flight.next);
  }

  /** An error may mean either; like a person, look at what is stored. */
  private failed(flight: InFlight, error: unknown): void {
    if (error instanceof ConnectionLost || error instanceof Refused || codeOf(error) === 'ALREADY_EXISTS')
      return this.landed(flight, !(error instanceof Refused) && isStored(flight.edit, this.world.hub.transactions));
    this.world.checker.fail('broken', `an edit failed: ${String(error)}`);
    this.landed(flight, false);
  }

  private async preview(edit: Edit): Promise<void> {
    await this.answered();
    if (!isDocumentEdit(edit)) return;
    this.world.cut = undefined;
    await this.drain({ hubOnly: true });
    const { checker } = this.world;
    await previewAndCompare(edit, this.world, async () => {
      await this.edit(edit);
      await this.drain({ hubOnly: true });
    }).then((difference) => difference && checker.fail('plan differs', difference));
  }

  private async fault(fault: Fault): Promise<void> {
    const { world } = this;
    switch (fault.fault) {
      case 'crash-hub':
        return this.crashHub();
      case 'crash-agent':
        return world.startAgent(fault.cluster);
      case 'cut-commit':
        world.cut = { after: fault.after, when: fault.when };
        return;
      case 'partition':
        world.member(fault.cluster).connected = false;
        return;
      case 'reunite':
        world.member(fault.cluster).connected = true;
        return;
      case 'unreadable':
        return world.repository.become('fail');
      case 'empty':
        return world.repository.become('show nothing');
      case 'readable':
        return world.repository.become('work');
      case 'api':
        world.member(fault.cluster).failingCalls = fault.calls;
        return;
      case 'repeat':
        void world
          .member(fault.cluster)
          .agent.repeat()
          .catch(() => undefined);
        return;
      case 'lose-cache':
        world.member(fault.cluster).cache.clear();
        return;
      case 'clock':
        return world.time.jump(fault.seconds * 1_000);
      case 'tamper':
        return world.tamper(fault.cluster, fault.nth, fault.how);
      case 'crash-postgres':
      case 'database-clock':
        throw new TypeError('there is no such database here: play it with real parts');
    }
  }

  /** Whoever waited for an answer reads back what became of the edit. */
  private crashHub(): void {
    this.world.restartHub();
    const flight = this.inFlight;
    if (flight) this.landed(flight, isStored(flight.edit, this.world.hub.transactions));
  }

  private async run(turns: number): Promise<void> {
    for (let count = 0; count < turns; count += 1) {
      if (!(await this.actors.turn())) this.world.time.advance(1_000);
    }
  }

  private async answered(): Promise<void> {
    for (let count = 0; this.inFlight && count < MOST_TURNS; count += 1) await this.actors.turn();
  }

  private async drain(who: { hubOnly?: boolean } = {}): Promise<void> {
    let turns = 0;
    while ((await this.actors.turn(who)) || (!who.hubOnly && this.world.time.advanceToNext(SOON_MS))) {
      turns += 1;
      if (turns < MOST_TURNS) continue;
      return this.world.checker.fail('stuck', `still busy after ${turns} turns`);
    }
    const { underWay } = this.actors;
    if (underWay.length > 0 && !who.hubOnly) this.world.checker.fail('stuck', `never ended: ${underWay.join(', ')}`);
  }

  /** Faults stop; what waits is approved; retries come due; then nothing may be left to do. */
  private async settle(): Promise<void> {
    const { checker, time, hub } = this.world;
    this.stopFaults();
    await this.answered();
    let retries = 0; // since something was approved last: what waits for an input looks twice
    for (let round = 0; round < MOST_ROUNDS && checker.violations.length === 0; round += 1) {
      await this.drain();
      if ((await this.approveAll()) > 0) retries = 0;
      else if (retries >= 2 && !this.isWaiting()) break;
      time.advance(LONGEST_RETRY_MS);
      retries += 1;
    }
    if (checker.violations.length > 0) return;
    for (const lost of lostWrites(checker.state, hub.transactions)) checker.fail('lost write', lost);
    checker.settled(this.world.found());
  }

  private stopFaults(): void {
    const { world } = this;
    world.cut = undefined;
    if (world.repository.reads !== 'work') world.repository.become('work');
    for (const name of CLUSTERS) Object.assign(world.member(name), { connected: true, failingCalls: 0 });
  }

  /** Work that failed or has not run. What waits for an input may wait on. */
  private isWaiting(): boolean {
    const { hub, repository } = this.world;
    if (repository.moved || hub.feed.isBehind) return true;
    const rows = hub.transactions.all<WorkRow>('work');
    return rows.some(({ attempts, reason }) => attempts > 0 || reason === undefined);
  }

  /** An admin approves whatever waits. Answers how much did. */
  private async approveAll(): Promise<number> {
    const { hub, time } = this.world;
    const until = time.clock.now().getTime() + 3_600_000;
    const held = hub.transactions.all<HeldRow[]>('held').flat();
    const open = held.filter(({ approvedUntil = 0 }) => approvedUntil <= time.clock.now().getTime());
    for (const { owner } of open) {
      await this.world.atOnce(() =>
        hub.transactions.run(async (transaction) => {
          const tx = transaction as MemoryTransaction;
          await tx.write<HeldRow[]>('held', owner.uid, (rows = []) =>
            rows.map((row) => ({ ...row, approvedUntil: until })),
          );
          await hub.queue.enqueue(owner.queue, [owner.uid], { tx });
        }),
      );
    }
    return open.length;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}
