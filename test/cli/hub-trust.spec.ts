import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCliConfig } from '../../src/config/cli-config.js';
import { runInProcess } from '../support/terminal.js';
import { LOOPBACK, TestAuthority } from '../support/tls.js';

let own: TestAuthority;
let server: Server;
/** What asked, by its token. */
let asked: (string | undefined)[];
beforeEach(async () => {
  asked = [];
  own = await TestAuthority.make();
  await writeFile(join(own.folder, 'token'), 'fw_secret\n');
});
afterEach(async () => {
  server?.close();
  await own.remove();
});

const file = (name: string): string => join(own.folder, name);

/** A hub with a certificate of its own authority, whose `ca.crt` the tests hold. */
async function serve(names: readonly string[] = LOOPBACK, lifeMs?: number): Promise<string> {
  const { chain, key } = await own.issue(names, lifeMs);
  server = createServer({ cert: chain, key }, (request, response) => {
    asked.push(request.headers.authorization);
    response.end('{"message": "here I am"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Every command that talks to a hub. */
const COMMANDS = [
  ['preview', ['preview', '-f', '-']],
  ['why', ['why', '--application', 'a']],
  ['why-not', ['why-not', '--set', 's', '--cluster', 'c']],
] as const;

describe.each(COMMANDS)("fleetwright %s and a hub's own authority", (_, words) => {
  const run = (hub: string, ...more: string[]) =>
    runInProcess([...words, '--hub', hub, '--token-file', file('token'), ...more]);

  it('is sent nothing without --ca-file, which is named', async () => {
    const { code, stderr } = await run(await serve());
    expect(code).toBe(1);
    expect(stderr).toContain('--ca-file');
    expect(asked).toEqual([]);
  });

  it('is trusted by --ca-file', async () => {
    const { stderr } = await run(await serve(), '--ca-file', file('ca.crt'));
    expect(stderr).not.toContain('cannot reach');
    expect(asked).toEqual(['Bearer fw_secret']);
  });

  it('is trusted by what the environment names, token and hub included', async () => {
    const environment = readCliConfig({
      FLEETWRIGHT_HUB_URL: await serve(),
      FLEETWRIGHT_TOKEN_FILE: file('token'),
      FLEETWRIGHT_HUB_CA: file('ca.crt'),
    });
    await runInProcess(words, environment.hub);
    expect(asked).toEqual(['Bearer fw_secret']);
  });
});

describe('a hub that the command line does not believe', () => {
  const run = (hub: string, ...more: string[]) =>
    runInProcess(['why', '--application', 'a', '--token-file', file('token'), '--hub', hub, ...more]);

  it('shows a certificate of another authority', async () => {
    const hub = await serve();
    const other = await TestAuthority.make();
    await other.issue();
    const { code, stderr } = await run(hub, '--ca-file', join(other.folder, 'ca.crt'));
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(stderr).toContain('of another authority');
    await other.remove();
  });

  it('shows a certificate of other names', async () => {
    const { stderr } = await run(await serve(['other.example']), '--ca-file', file('ca.crt'));
    expect(stderr).toContain('a name that its certificate has');
    expect(asked).toEqual([]);
  });

  it('shows a certificate that has expired, which may be the fault of this clock', async () => {
    const { stderr } = await run(await serve(LOOPBACK, -60_000), '--ca-file', file('ca.crt'));
    expect(stderr).toMatch(/set this machine's clock: it says \d{4}-/);
    expect(asked).toEqual([]);
  });
});

describe('wrong usage', () => {
  const run = (...words: string[]) => runInProcess(['why', '--application', 'a', ...words]);

  it.each([
    ['a hub over plain http beyond this machine', ['--hub', 'http://hub.example'], 'in clear'],
    ['no hub', [], '--hub URL'],
    ['an authority that is no file', ['--hub', 'https://hub', '--ca-file', '/nowhere'], 'cannot read'],
  ])('is %s', async (_, flags, reason) => {
    const { code, stderr } = await run('--token-file', file('token'), ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });

  it('is a file without a certificate as authority', async () => {
    const { code, stderr } = await run('--hub', 'https://x', '--token-file', file('token'), '--ca-file', file('token'));
    expect(code).toBe(2);
    expect(stderr).toContain('no certificate in PEM');
  });
});
