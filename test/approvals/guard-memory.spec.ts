import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardMemory, type RemovalOwner } from '../../src/approvals/guard-memory.js';
import { HeldRemovalQueries } from '../../src/approvals/held-removals.queries.js';
import { lineId, type RemovalLine } from '../../src/changes/guard.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const line = (uid: string, objects: string[] = []): RemovalLine => ({
  uid,
  action: 'delete',
  target: `Application argocd/${uid}`,
  objects,
});
const held = (each: RemovalLine) => ({ line: each, id: lineId(each), reason: 'too many' });
const ownerOf = (project = 'team-a'): RemovalOwner => ({
  queue: 'applicationsets',
  uid: randomUUID(),
  name: 'ApplicationSet argocd/s',
  project,
});

describe('GuardMemory', () => {
  let db: TestDatabase;
  let memory: GuardMemory;
  let queries: HeldRemovalQueries;
  const clock = new HeldClock();
  beforeAll(async () => {
    db = await createTestDatabase();
    memory = new GuardMemory(db.transactions, clock);
    queries = new HeldRemovalQueries(db.transactions);
  });
  afterAll(() => db.close());

  const record = (owner: RemovalOwner, lines: RemovalLine[]) =>
    db.transactions.run((tx) => memory.recordRemovals(tx, owner, 'application', lines));
  const replace = (owner: RemovalOwner, lines: RemovalLine[]) =>
    db.transactions.run((tx) => memory.replaceHeld(tx, owner, lines.map(held)));

  it('counts removals under their owner, their project and the fleet, each unit apart', async () => {
    const [a, b] = [ownerOf('counts'), ownerOf('counts')];
    const fleet = (await memory.recent(a, 'application')).fleet;
    await record(a, [line('x'), line('y', ['1', '2', '3'])]);
    await record(b, [line('z')]);
    expect(await memory.recent(a, 'application')).toEqual({ owner: 4, project: 5, fleet: fleet + 5 });
    expect((await memory.recent(a, 'object')).owner).toBe(0);
  });

  it("counts an Application's objects under the set that generated it", async () => {
    const set = ownerOf();
    await record({ ...ownerOf(), countedUnder: set.uid }, [line('x')]);
    expect((await memory.recent(set, 'application')).owner).toBe(1);
  });

  it('forgets removals after an hour', async () => {
    const owner = ownerOf();
    await record(owner, [line('x')]);
    clock.advance(3_599);
    expect((await memory.recent(owner, 'application')).owner).toBe(1);
    clock.advance(2);
    expect((await memory.recent(owner, 'application')).owner).toBe(0);
  });

  it('keeps the approval of a line that goes on waiting, and drops lines that wait no longer', async () => {
    const owner = ownerOf();
    await replace(owner, [line('x'), line('y')]);
    await approve(owner, line('x'), 60);
    await replace(owner, [line('x')]);
    const known = await memory.read(owner.uid);
    expect([...known.waiting]).toEqual([lineId(line('x'))]);
    expect([...known.approved]).toEqual([lineId(line('x'))]);
  });

  it('does not take an expired approval for one', async () => {
    const owner = ownerOf();
    await replace(owner, [line('x')]);
    await approve(owner, line('x'), 60);
    clock.advance(61);
    expect((await memory.read(owner.uid)).approved.size).toBe(0);
  });

  it('remembers what each remote input gave, until the set no longer reads it', async () => {
    const { uid } = ownerOf();
    const remember = (inputs: { path: string; results: number }[]) =>
      db.transactions.run((tx) => memory.rememberInputs(tx, uid, inputs));
    await remember([
      { path: 'a', results: 3 },
      { path: 'b', results: 1 },
    ]);
    await remember([{ path: 'a', results: 2 }]);
    expect([...(await memory.read(uid)).inputs]).toEqual([['a', 2]]);
  });

  async function approve(owner: RemovalOwner, approved: RemovalLine, seconds: number): Promise<void> {
    const waiting = await queries.list(() => 'true', 500);
    const found = waiting.find((each) => each.ownerUid === owner.uid && each.target === approved.target);
    const at = clock.now();
    const approval = { by: 'tester', at, expiresAt: new Date(at.getTime() + seconds * 1000) };
    await db.transactions.run((tx) => queries.decide(tx, found?.id ?? '', approval));
  }
});
