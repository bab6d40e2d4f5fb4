import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLock } from '../../src/repositories/git/file-lock.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'x.lock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the file lock', () => {
  it('has one holder at a time, and leaves nothing behind', async () => {
    let holders = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      holders += 1;
      most = Math.max(most, holders);
      await readdir(folder);
      holders -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => new FileLock(path, { retryMs: 1 }).hold(work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is given back when the work fails', async () => {
    const failing = new FileLock(path).hold(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a holder elsewhere that has gone quiet', async () => {
    await writeFile(path, JSON.stringify({ host: 'elsewhere', pid: 1 }));
    const old = new Date('2020-01-01T00:00:00Z');
    await utimes(path, old, old);
    expect(await new FileLock(path, { retryMs: 1 }).hold(() => Promise.resolve('held'))).toBe('held');
  });

  it('is taken over from a process that is gone, although the clock was set back since', async () => {
    const gone = promisify(execFile)(process.execPath, ['-e', '']);
    await gone;
    await writeFile(path, JSON.stringify({ host: hostname(), pid: gone.child.pid }));
    const ahead = new Date(Date.now() + 3_600_000);
    await utimes(path, ahead, ahead);
    expect(await new FileLock(path, { retryMs: 1 }).hold(() => Promise.resolve('held'))).toBe('held');
  });

  it('is waited for while its holder, another process, lives', async () => {
    const seen = join(folder, 'seen');
    const script = `require('fs').writeFileSync(${JSON.stringify(path)}, JSON.stringify({host: require('os').hostname(), pid: process.pid}));
      setTimeout(() => { require('fs').writeFileSync(${JSON.stringify(seen)}, 'done'); require('fs').rmSync(${JSON.stringify(path)}); }, 1500);
      console.log('held');`;
    const child = promisify(execFile)(process.execPath, ['-e', script]);
    await expect.poll(() => readFile(path, 'utf8').catch(() => ''), { timeout: 60_000 }).toContain('pid');
    const order = await new FileLock(path).hold(() => readFile(seen, 'utf8'));
    expect(order).toBe('done');
    await child;
  });
});
