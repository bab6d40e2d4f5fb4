import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programStamp, stampOf } from '../../src/config/program-stamp.js';

let root: string;
let program: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stamp-'));
  program = join(root, 'dist');
  await mkdir(join(program, 'domain'), { recursive: true });
  await writeFile(join(program, 'hub.js'), 'one');
  await writeFile(join(program, 'domain', 'rule.js'), 'two');
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('the stamp of a program', () => {
  it('is the same for the same files, wherever they lie', async () => {
    const before = stampOf(program);
    await rename(program, join(root, 'elsewhere'));
    expect(stampOf(join(root, 'elsewhere'))).toBe(before);
  });

  it.each([
    ['a file has other content', 'dist/hub.js', 'other'],
    ['a file comes', 'dist/domain/new.js', ''],
    ['other packages are installed', 'node_modules/.package-lock.json', '{}'],
  ])('is another one when %s', async (_what, file, content) => {
    const before = stampOf(program);
    await mkdir(join(root, 'node_modules'), { recursive: true });
    await writeFile(join(root, file), content);
    expect(stampOf(program)).not.toBe(before);
  });

  it('is another one when a file is renamed', async () => {
    const before = stampOf(program);
    await rename(join(program, 'hub.js'), join(program, 'agent.js'));
    expect(stampOf(program)).not.toBe(before);
  });

  it('does not regard source maps', async () => {
    const before = stampOf(program);
    await writeFile(join(program, 'hub.js.map'), '{}');
    expect(stampOf(program)).toBe(before);
  });

  it('is there for the program that runs', () => {
    expect(programStamp()).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
