import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverFolder } from '../../src/database/embedded/server-folder.js';

const STRANGER = 65_534;

describe('serverFolder', () => {
  let root: string;
  let home: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'fleetwright-folder-'));
    chmodSync(root, 0o755);
    home = path.join(root, 'home');
    mkdirSync(path.join(home, 'data'), { recursive: true });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const folderOf = (user: { uid?: number; gid?: number }) => serverFolder(path.join(home, 'data'), user, root);

  it('is the data folder for a hub that runs as nobody special', () => {
    chmodSync(home, 0o700);
    expect(folderOf({})).toBe(path.join(home, 'data'));
  });

  it('is the data folder where the server can get to it', () => {
    chmodSync(home, 0o711);
    expect(folderOf({ uid: STRANGER, gid: STRANGER })).toBe(path.join(home, 'data'));
  });

  it('is a folder of its own, the same at every start, below a home that is closed to the server', () => {
    chmodSync(home, 0o700);
    const folder = folderOf({ uid: STRANGER, gid: STRANGER });
    expect(path.dirname(folder)).toBe(root);
    expect(folderOf({ uid: STRANGER, gid: STRANGER })).toBe(folder);
  });
});
