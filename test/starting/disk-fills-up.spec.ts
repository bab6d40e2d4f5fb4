import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { CAN_MOUNT, insideDisk, SYSTEM_PATH, withDisk } from '../support/mounts.js';
import { Program } from '../support/program.js';
import { ROOT } from '../support/root.js';

const PIECE = Buffer.alloc(1 << 20, 1);
const LAST_PIECE = Buffer.alloc(4096, 1);

describe.skipIf(!CAN_MOUNT)('a disk that fills up under a hub (needs root and mounts)', () => {
  let folder: string;
  let hub: Program;
  let url = '';
  let token = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fleetwright-full-'));
    const environment = { FLEETWRIGHT_DATA_DIR: folder, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_LOG_LEVEL: 'error' };
    const command = withDisk(folder, 'size=140m', [process.execPath, join(ROOT, 'dist/hub.js')]);
    hub = Program.run(command, { PATH: SYSTEM_PATH, ...environment });
    await eventually('the hub to be up', async () => {
      if (!hub.isRunning) throw new Error(hub.output);
      token = /shown this once: (\S+)/.exec(hub.output)?.[1] ?? '';
      return [token !== '', hub.output];
    });
    url = /http:\S+/.exec(hub.output)?.[0] ?? '';
  });
  afterAll(async () => {
    await hub?.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  const headers = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const apply = async (name: string, size = 0) => {
    const metadata = { name, annotations: { text: 'y'.repeat(size) } };
    const body = JSON.stringify({ apiVersion: 'fleetwright.io/v1alpha1', kind: 'Cluster', metadata, spec: {} });
    const answer = await fetch(`${url}/api/v1/apply`, { method: 'POST', headers: headers(), body });
    return { status: answer.status, text: await answer.text() };
  };
  const names = async (): Promise<string[]> => {
    const answer = await fetch(`${url}/api/v1/clusters`, { headers: headers() });
    const { items } = (await answer.json()) as { items: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => metadata.name);
  };
  const fill = (): void => {
    const file = openSync(insideDisk(hub.pid, join(folder, 'fill')), 'w');
    for (const piece of [PIECE, LAST_PIECE]) {
      try {
        for (;;) writeFileSync(file, piece);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      }
    }
    closeSync(file);
  };

  it('refuses writes, loses none that were acknowledged, and takes them again when there is room', async () => {
    expect((await apply('before')).status).toBe(200);
    fill();
    const refused: string[] = [];
    const acknowledged = ['before'];
    for (const index of Array(5).keys()) {
      const { status, text } = await apply(`full-${index}`, 200_000);
      if (status === 200) acknowledged.push(`full-${index}`);
      else refused.push(text);
    }
    expect(refused.join()).toMatch(/DATABASE_(FULL|UNAVAILABLE)/);
    rmSync(insideDisk(hub.pid, join(folder, 'fill')));
    await eventually('a write to be taken again', async () => {
      const { status, text } = await apply('after').catch((error: Error) => ({ status: 0, text: error.message }));
      return [status === 200, text];
    });
    expect(await names()).toEqual(expect.arrayContaining([...acknowledged, 'after']));
  });
});
