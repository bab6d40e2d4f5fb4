import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/kernel/errors.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { differencesBetween, seenIn } from '../documents/fleet-differences.js';
import { projectDocument, rootDocument } from '../documents/fleet-documents.js';
import { isDocumentEdit, proposed, type DocumentEdit } from '../documents/proposed.js';
import type { Violation } from '../model/checker.js';
import { CLUSTERS, type Edit, type Fault, type History, type Step } from '../model/history.js';
import { randomOf } from '../model/random.js';
import type { HubDatabase } from './hub-database.js';
import { People } from './people.js';
import { RealWorld } from './real-world.js';
import { comeToRest, hubRests, isOver } from './rest.js';

const TURN_MS = 5;

export interface RealVerdict {
  violations: readonly Violation[];
  /** What hub and agents said last, for whoever looks at a failure. */
  output: string;
}

/** Plays a history with real parts, from nothing, and says what went wrong. */
export async function runRealHistory(history: History, database: HubDatabase, bug?: string): Promise<RealVerdict> {
  const world = await RealWorld.start(database, bug);
  try {
    const run = new RealRun(world, history.seed);
    await run.play(history.steps).catch((error: unknown) => world.checker.fail('broken', messageOf(error)));
    const { violations } = world.checker;
    return { violations, output: violations.length > 0 ? world.output : '' };
  } finally {
    await world.stop();
  }
}

class RealRun {
  private readonly people: People;
  private readonly random;
  private inFlight: Promise<void> = Promise.resolve();
  /** Application → the operation that was taken for it last. */
  private readonly operations = new Map<string, string>();
  private skewSeconds = 0;
  /** The repository showed nothing since all was at rest: what waits for approval may be of that. */
  private wasEmpty = false;

  constructor(
    private readonly world: RealWorld,
    seed: number,
  ) {
    this.people = new People(() => world.admin, world.repository.url);
    this.random = randomOf(seed ^ 0x4ea1);
  }

  async play(steps: readonly Step[]): Promise<void> {
    const { checker, repository } = this.world;
    await repository.push(checker.state);
    await this.people.apply(projectDocument(null));
    await this.people.apply(rootDocument(repository.url));
    const last = steps.at(-1)?.step === 'settle' ? [] : [{ step: 'settle' } as const];
    for (const step of [...steps, ...last]) {
      await this.take(step);
      if (checker.violations.length > 0) return;
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
        return this.sync(step.nth, step.prune);
      case 'run':
        return sleep(step.turns * TURN_MS);
      case 'settle':
        return this.settle();
    }
  }

  /** The person waits for the last answer before the next edit, and not for this one's. */
  private async edit(edit: Edit): Promise<void> {
    await this.inFlight;
    const { checker, repository } = this.world;
    const next = checker.attempt(edit);
    if (!isDocumentEdit(edit)) {
      await repository.push(next);
      return checker.accept(next);
    }
    this.inFlight = this.people.carryOut(edit).then(
      (fate) => (fate === 'stored' ? checker.accept(next) : undefined),
      (error: unknown) => checker.fail('broken', `${JSON.stringify(edit)}: ${messageOf(error)}`),
    );
  }

  /** At rest, since what agents finish meanwhile is in nobody's plan. */
  private async preview(edit: Edit): Promise<void> {
    if (!isDocumentEdit(edit)) return;
    await this.settle();
    const { checker } = this.world;
    if (checker.violations.length > 0 || (await this.isGoing(edit))) return;
    const plan = await this.people.plan(edit);
    const before = await this.people.applications();
    await this.edit(edit);
    await this.inFlight;
    await hubRests(this.world);
    if (!plan) return;
    const shown = plan.lines
      .filter(({ kind }) => kind === 'Application')
      .map(({ action, name }) => `${action} ${name}`);
    const done = differencesBetween(seenIn(before), seenIn(await this.people.applications()));
    if (shown.toSorted().join() !== done.join())
      checker.fail('plan differs', `shown [${shown.toSorted().join(', ')}], carried out [${done.join(', ')}]`);
  }

  private async isGoing(edit: DocumentEdit): Promise<boolean> {
    const stored = await this.people.stored(proposed(edit, this.world.repository.url));
    return stored?.metadata.deletionTimestamp !== undefined;
  }

  private async fault(fault: Fault): Promise<void> {
    const { world } = this;
    switch (fault.fault) {
      case 'crash-hub':
        return world.crashHub();
      case 'crash-agent':
        return world.crashAgent(fault.cluster);
      case 'crash-postgres':
        return world.database.crash();
      case 'cut-commit':
        await sleep(fault.after * TURN_MS);
        return world.database.cutConnections();
      case 'partition':
        return world.member(fault.cluster).toHub.cut();
      case 'reunite':
        return world.member(fault.cluster).toHub.mend();
      case 'unreadable':
        return world.toGit.cut();
      case 'empty':
        this.wasEmpty = true;
        return world.repository.becomeEmpty(true);
      case 'readable':
        world.toGit.mend();
        return world.repository.becomeEmpty(false);
      case 'api':
        return world.member(fault.cluster).toCluster.lose(this.losses(fault.calls));
      case 'repeat':
        return this.repeat(fault);
      case 'lose-cache':
        return world.member(fault.cluster).loseCache();
      case 'clock':
        this.skewSeconds += fault.seconds;
        return world.jump(fault.seconds);
      case 'database-clock':
        return world.database.passTime(fault.seconds);
      case 'tamper':
        return world.member(fault.cluster).tamper(fault.nth, fault.how);
    }
  }

  private losses(calls: number): ('before' | 'after')[] {
    return Array.from({ length: calls }, () => this.random.pick(['before', 'after'] as const));
  }

  /** Whoever has only seen what an agent said cannot say it again. */
  private async repeat({ cluster }: Extract<Fault, { fault: 'repeat' }>): Promise<void> {
    const status = await this.world
      .member(cluster)
      .repeatReport()
      .catch(() => undefined); // the hub may be away
    if (status !== undefined && status < 300)
      this.world.checker.fail('broken', `a report of ${cluster} was taken twice: ${status}`);
  }

  private async sync(nth: number, prune: boolean): Promise<void> {
    const names = (await this.people.applications()).map(({ metadata }) => metadata.name).sort();
    const name = names[nth % Math.max(1, names.length)];
    if (name === undefined) return;
    const operation = await this.people.sync(name, prune);
    if (operation !== undefined) this.operations.set(name, operation);
  }

  /** Faults stop; what waits is approved; retries come due; then nothing may be left to do. */
  private async settle(): Promise<void> {
    const { world, people } = this;
    const { checker } = world;
    world.toGit.mend();
    await world.repository.becomeEmpty(false);
    for (const name of CLUSTERS) {
      world.member(name).toHub.mend();
      world.member(name).toCluster.mend();
    }
    await Promise.all([world.hub.isUp(), ...CLUSTERS.map((name) => world.member(name).agent.isUp())]);
    await this.inFlight;
    if (this.wasEmpty) await people.refreshAll();
    this.wasEmpty = false;
    const { busy, wrong } = await comeToRest(world, people, () => Date.now() + this.skewSeconds * 1_000);
    if (wrong.length === 0 && busy.length > 0) checker.fail('stuck', busy.join('; '));
    for (const lost of await people.lostWrites(checker.state)) checker.fail('lost write', lost);
    checker.settled(world.found());
    this.allIsWell(await people.applications());
  }

  private allIsWell(applications: readonly KubernetesObject[]): void {
    const { checker, hub, members } = this.world;
    if (!hub.process.isRunning) checker.fail('broken', 'the hub ended by itself');
    for (const [name, { agent }] of members)
      if (!agent.isRunning) checker.fail('broken', `the agent of ${name} ended by itself`);
    for (const [name, operation] of this.operations) {
      const application = applications.find(({ metadata }) => metadata.name === name);
      if (!isOver(operation, application)) checker.fail('stuck', `operation ${operation} of ${name} never ended`);
    }
    this.operations.clear();
  }
}
