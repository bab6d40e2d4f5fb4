import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderClaim, type ClaimOptions } from '../../src/config/folder-claim.js';

const SOON = { beatMs: 5 };
const IN_USE = { code: 'DATA_FOLDER_IN_USE' };
let folder: string;
const claims: FolderClaim[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-claim-'));
});
afterEach(() => {
  for (const claim of claims.splice(0)) claim.release();
  rmSync(folder, { recursive: true, force: true });
});

const owner = (): string => readFileSync(join(folder, 'owner'), 'utf8');

async function take(options: ClaimOptions = SOON): Promise<FolderClaim> {
  const claim = await FolderClaim.take(folder, options);
  claims.push(claim);
  return claim;
}

describe('a claimed folder', () => {
  it('has one owner, until that one leaves it', async () => {
    const first = await take();
    await expect(take()).rejects.toMatchObject(IN_USE);
    first.release();
    await take();
  });

  it.each([
    ['was killed', '1 0'],
    ['never wrote its name', ''],
  ])('is taken over from an owner here that %s, without waiting', async (_, left) => {
    writeFileSync(join(folder, 'owner'), left);
    let waited = false;
    await take({ ...SOON, onWait: () => (waited = true) });
    expect(waited).toBe(false);
    expect(owner()).toMatch(new RegExp(`^${process.pid} `));
  });

  it('is left to an owner in another container that goes on beating', async () => {
    await take({ ...SOON, place: 'there' });
    await expect(take({ beatMs: 200, place: 'here' })).rejects.toMatchObject(IN_USE);
  });

  it('is taken over from an owner in another container that beats no more', async () => {
    writeFileSync(join(folder, 'owner'), '1 1 there 0123 000000000001');
    let waited = false;
    await take({ ...SOON, onWait: () => (waited = true) });
    expect(waited).toBe(true);
  });

  it('tells an owner whose place was taken, and leaves the other one its claim', async () => {
    let tell = (): void => undefined;
    const lost = new Promise<void>((resolve) => (tell = resolve));
    await take({ ...SOON, onLost: tell });
    writeFileSync(join(folder, 'owner'), 'another');
    await lost;
    for (const claim of claims.splice(0)) claim.release();
    expect(owner()).toBe('another');
  });
});
