import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DemoFolder } from '../../src/demo/demo-folder.js';

let parent = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'fleetwright-test-'));
});

afterEach(() => rm(parent, { recursive: true, force: true }));

describe("the demo's folder", () => {
  it('is made where there is none', async () => {
    const folder = await DemoFolder.startOver(join(parent, 'new'));
    expect(folder.startedOver).toBe(false);
    expect(await readdir(parent)).toEqual(['new']);
  });

  it('loses what an earlier run left, and nothing else', async () => {
    const path = join(parent, 'demo');
    (await DemoFolder.startOver(path)).leave();
    for (const name of ['hub', 'git', 'notes']) await mkdir(join(path, name));
    const again = await DemoFolder.startOver(path);
    expect(again.startedOver).toBe(true);
    const left = await readdir(path);
    expect(left).toContain('notes');
    expect(left).not.toContain('hub');
    expect(left).not.toContain('git');
  });

  it('is refused, and left as it is, where it holds what no demo made', async () => {
    await writeFile(join(parent, 'hub'), 'mine');
    await expect(DemoFolder.startOver(parent)).rejects.toMatchObject({ code: 'FOLDER_NOT_OURS' });
    expect(await readdir(parent)).toEqual(['hub']);
  });

  it('is gone after a run that was to be played once', async () => {
    const folder = await DemoFolder.temporary();
    await folder.remove();
    await expect(readdir(folder.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
