import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');
/** Inside the repository, so that packages are found; apart from dist, so that nothing stale is tried. */
const BUILT = path.join(ROOT, '.cache', `dist-boots-${process.pid}`);
/** Importing one of these starts a process's work. */
const ENTRY_POINTS = new Set(['hub.js', 'agent.js', 'demo.js', 'cli.js']);

beforeAll(async () => {
  const compiler = path.join(ROOT, 'node_modules/ts7/bin/tsc');
  const built = run(process.execPath, [compiler, '-p', 'tsconfig.json', '--outDir', BUILT], { cwd: ROOT });
  await built.catch(() => undefined); // emits in spite of type errors, which the type check tells
});
afterAll(() => rmSync(BUILT, { recursive: true, force: true }));

/** Imports the built files one after the other in a fresh process; answers what it said. */
async function importAll(order: (files: string[]) => string[]): Promise<string> {
  const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !ENTRY_POINTS.has(file))
    .sort();
  const urls = order(files).map((file) => pathToFileURL(path.join(BUILT, file)).href);
  const script = `for (const url of ${JSON.stringify(urls)}) await import(url); process.stdout.write('all ' + ${urls.length})`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT });
  expect(urls.length).toBeGreaterThan(100);
  return stdout.replace(`all ${urls.length}`, 'all') + stderr;
}

/** Modules that load each other work or crash by who is loaded first, and only in the built program. */
describe('the built program', () => {
  it('loads in one order', async () => {
    expect(await importAll((files) => files)).toBe('all');
  });

  it('loads in the other order', async () => {
    expect(await importAll((files) => files.reverse())).toBe('all');
  });
});

describe('the built hub', () => {
  let database: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-hub-'));
  });
  afterAll(async () => {
    await database?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('boots, answers and stops when told to', async () => {
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      FLEETWRIGHT_PORT: '0',
      FLEETWRIGHT_DATA_DIR: dataDir,
      FLEETWRIGHT_LOG_LEVEL: 'silent',
    };
    const hub = spawn(process.execPath, [path.join(BUILT, 'hub.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => hub.once('exit', resolve));
    const [first, second] = await firstLines(hub.stdout, 2);
    const url = /http:\S+/.exec(first ?? '')?.[0] ?? '';
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(second).toMatch(/^first admin token, shown this once: fw_/);
    hub.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('tells a wrong configuration in full and exits 2', async () => {
    const env = { FLEETWRIGHT_PORT: 'none', FLEETWRIGHT_ROLES: 'cook' };
    const failed = await run(process.execPath, [path.join(BUILT, 'hub.js')], { env }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringMatching(/FLEETWRIGHT_PORT[^]*FLEETWRIGHT_ROLES/) });
  });
});

async function firstLines(stream: NodeJS.ReadableStream, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}
