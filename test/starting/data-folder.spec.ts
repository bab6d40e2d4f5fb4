import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataFolder } from '../../src/config/data-folder.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { CAN_MOUNT, SYSTEM_PATH, withDisk } from '../support/mounts.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { Program } from '../support/program.js';
import { ROOT } from '../support/root.js';

let folder: string;
let database: TestDatabase | undefined;
const running: Program[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-folder-'));
  chmodSync(folder, 0o711); // Postgres does not run as root and must get through
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.end('SIGTERM');
  await database?.close();
  database = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ FLEETWRIGHT_DATA_DIR: folder, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_LOG_LEVEL: 'silent' });

function start(wrap: (command: string[]) => string[] = (command) => command, more: object = {}): Program {
  const command = wrap([process.execPath, join(ROOT, 'dist/hub.js')]);
  const program = Program.run(command, { PATH: SYSTEM_PATH, ...environment(), ...more });
  running.push(program);
  return program;
}

/** The first line of a hub that gives up, and its exit code. */
async function lastWords(program: Program): Promise<string> {
  const code = await program.ends();
  return `${code} ${program.output.split('\n')[0]}`;
}

describe('a data folder', () => {
  it.each([
    ['with a Postgres of its own', () => Promise.resolve({})],
    ['with a database elsewhere', async () => ({ DATABASE_URL: (database = await createTestDatabase()).url })],
  ])('that a living hub %s uses is left to that one', async (_, more) => {
    const environment = await more();
    const first = start(undefined, environment);
    await first.says(/fleetwright hub: http/);
    const words = await lastWords(start(undefined, environment));
    expect(words).toMatch(/^1 fleetwright hub: data folder .* is in use by process \d+\. Stop that process/);
    expect(await first.end('SIGTERM')).toBe(0);
    expect(readdirSync(folder)).not.toContain('owner');
  });

  it.skipIf(!CAN_MOUNT)('that a hub in another container uses is left to that one (needs root)', async () => {
    const first = start((command) => ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', ...command]);
    await first.says(/fleetwright hub: http/);
    expect(await lastWords(start())).toMatch(/^1 fleetwright hub: data folder .* is in use by .* another container/);
    expect(first.isRunning).toBe(true);
    await first.end('SIGKILL'); // unshare passes no other signal on; with its first process the container is gone
  });

  it.each([
    ['newer', 19, /^Start the newer Fleetwright/],
    ['older', 17, /^Dump that database/],
  ])('of a %s Postgres is not covered by an empty one', async (_, major, hint) => {
    mkdirSync(join(folder, `pg${major}`));
    writeFileSync(join(folder, `pg${major}`, 'PG_VERSION'), `${major}\n`);
    const refused = { code: 'DATA_FOLDER_VERSION', details: { hint: expect.stringMatching(hint) as string } };
    await expect(startEmbeddedPostgres({ dataDir: folder })).rejects.toMatchObject(refused);
    expect(existsSync(join(folder, 'pg18'))).toBe(false);
  });

  it('whose database was being made when the hub was killed gets a whole one', async () => {
    mkdirSync(join(folder, 'pg18.new'));
    writeFileSync(join(folder, 'pg18.new', 'PG_VERSION'), '18\n');
    const postgres = await startEmbeddedPostgres({ dataDir: folder });
    await postgres.stop();
    expect(readdirSync(folder)).not.toContain('pg18.new');
  });

  it('that is a file is refused, and left as it is', () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'mine');
    expect(() => prepareDataFolder(folder)).toThrow(/cannot write to the data folder/);
    expect(readFileSync(folder, 'utf8')).toBe('mine');
  });
});

describe.skipIf(!CAN_MOUNT)('the disk of a data folder (needs root and mounts)', () => {
  it('that is full stops the start and nothing else', async () => {
    const program = start((command) => withDisk(folder, 'size=64k', command));
    expect(await lastWords(program)).toMatch(/^1 fleetwright hub: cannot write .*the disk is full\. Free space/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is read-only is named', async () => {
    const program = start((command) => withDisk(folder, 'ro', command));
    expect(await lastWords(program)).toMatch(
      /^1 fleetwright hub: cannot write .*the disk is read-only\. Mount a volume/,
    );
  });

  it('that has no room for a database says so in its first line', async () => {
    const program = start((command) => withDisk(folder, 'size=8m', command));
    expect(await lastWords(program)).toMatch(/^1 fleetwright hub: .*(full|No space left)/);
  });
});
