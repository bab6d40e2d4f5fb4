import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataFolder } from '../../src/config/data-folder.js';
import { claimDataFolder } from '../../src/database/embedded/data-folder.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { CAN_MOUNT, SYSTEM_PATH, withDisk } from '../support/mounts.js';
import { Program } from '../support/program.js';
import { ROOT } from '../support/root.js';

let folder: string;
const running: Program[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-folder-'));
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const environment = () => ({ FLEETWRIGHT_DATA_DIR: folder, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_LOG_LEVEL: 'silent' });

function start(wrap: (command: string[]) => string[] = (command) => command): Program {
  const command = wrap([process.execPath, join(ROOT, 'dist/hub.js')]);
  const program = Program.run(command, { PATH: SYSTEM_PATH, ...environment() });
  running.push(program);
  return program;
}

/** The first line of a hub that gives up, and its exit code. */
async function lastWords(program: Program): Promise<string> {
  const code = await program.ends();
  return `${code} ${program.output.split('\n')[0]}`;
}

describe('a data folder', () => {
  it('that another living hub has claimed is left to that one', async () => {
    const other = Program.run(['sleep', '600'], { PATH: SYSTEM_PATH });
    running.push(other);
    const status = readFileSync(`/proc/${other.pid}/stat`, 'utf8');
    const started = status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
    writeFileSync(join(folder, 'owner'), `${other.pid} ${started}`);
    const words = await lastWords(start());
    expect(words).toMatch(/^1 fleetwright hub: data folder .* is in use by process \d+\. Stop that process/);
    expect(readdirSync(folder)).toEqual(['owner']);
  });

  it('that a hub claimed which was killed since is taken over', () => {
    writeFileSync(join(folder, 'owner'), '1 0');
    claimDataFolder(folder);
    expect(readFileSync(join(folder, 'owner'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
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
