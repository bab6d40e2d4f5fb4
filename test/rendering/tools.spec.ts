import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Tools } from '../../src/rendering/tools/tools.js';

let cacheDirectory: string;

beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'tools-'));
});

afterEach(() => rm(cacheDirectory, { recursive: true, force: true }));

async function pathOf(tools: Tools): Promise<string> {
  const kubectl = await tools.kubectl();
  if (!kubectl.ok) throw new Error(kubectl.error.message);
  return kubectl.value;
}

describe('the bundled programs', () => {
  it('are unpacked once by two who start together, and found again later', async () => {
    const [left, right] = await Promise.all([
      pathOf(new Tools({ cacheDirectory })),
      pathOf(new Tools({ cacheDirectory })),
    ]);
    expect(left).toBe(right);
    const first = await stat(left);
    expect(await pathOf(new Tools({ cacheDirectory }))).toBe(left);
    expect((await stat(left)).mtimeMs).toBe(first.mtimeMs);
    expect(await readdir(join(left, '..'))).toEqual(['kubectl']);
    expect(await new Tools({ cacheDirectory }).kustomizeVersion()).toEqual({ ok: true, value: 'v5.8.1' });
  });

  it('are unpacked anew when one was cut short', async () => {
    const path = await pathOf(new Tools({ cacheDirectory }));
    await rm(path);
    await writeFile(path, 'half');
    expect((await stat(await pathOf(new Tools({ cacheDirectory })))).size).toBeGreaterThan(1_000_000);
  });

  it('give way to the ones an operator names', async () => {
    const tools = new Tools({ cacheDirectory, kubectlBinary: '/opt/kubectl', helmBinary: '/opt/helm' });
    expect(await tools.kubectl()).toEqual({ ok: true, value: '/opt/kubectl' });
    expect(await tools.helm()).toEqual({ ok: true, value: '/opt/helm' });
    expect(await readdir(cacheDirectory)).toEqual([]);
    expect(await tools.kustomizeVersion()).toMatchObject({ ok: false, error: { code: 'RENDERER_UNAVAILABLE' } });
  });

  it('name the variable that helps where they cannot be unpacked', async () => {
    const blocked = join(cacheDirectory, 'file');
    await writeFile(blocked, '');
    const kubectl = await new Tools({ cacheDirectory: blocked }).kubectl();
    expect(kubectl).toMatchObject({
      error: { code: 'RENDERER_UNAVAILABLE', message: expect.stringContaining('KUBECTL_BINARY') },
    });
  });
});
