import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readHubConfig } from '../../src/config/hub-config.js';
import { checkPieces } from '../../src/demo/missing-pieces.js';
import { Tools } from '../../src/rendering/tools/tools.js';
import { testTools } from '../support/rendering.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pieces-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function faultsOf(tools: Tools, url = inject('postgresUrl')): Promise<string[]> {
  const pieces = await checkPieces(readHubConfig({ DATABASE_URL: url }), tools);
  return pieces.flatMap(({ name, fault }) => (fault === undefined ? [] : [`${name}: ${fault}`]));
}

describe('the pieces of the demo', () => {
  it('are found without a fault where every program runs', async () => {
    expect(await faultsOf(testTools)).toEqual([]);
  });

  it('are named with the variable that gives them where they are missing', async () => {
    const absent = join(folder, 'absent');
    const tools = new Tools({ cacheDirectory: folder, helmBinary: absent, kubectlBinary: absent });
    expect(await faultsOf(tools)).toEqual([
      expect.stringMatching(/^helm: .*HELM_BINARY/),
      expect.stringMatching(/^kubectl: .*KUBECTL_BINARY/),
    ]);
  });

  it('tell a database that does not answer', async () => {
    const nowhere = 'postgres://nobody@127.0.0.1:1/none';
    expect(await faultsOf(testTools, nowhere)).toEqual([expect.stringMatching(/^Postgres: .*DATABASE_URL/)]);
  });
});
