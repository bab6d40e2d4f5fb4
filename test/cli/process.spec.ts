import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleetwright, listSet, startFleetwright, type PrintedSet } from '../support/command-line.js';

const names = (count: number) => Array.from({ length: count }, (_, index) => `application-${index}`);
const MANY = JSON.stringify(listSet('many', names(5_000)));

describe('the bin', () => {
  it('is a plain file of dist that starts by itself', () => {
    const root = path.resolve(import.meta.dirname, '../..');
    const { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      bin: { fleetwright: string };
    };
    expect(path.dirname(bin.fleetwright)).toBe('dist');
    expect(readFileSync(path.join(root, bin.fleetwright), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});

describe('standard output', () => {
  it('is whole however slowly it is read', async () => {
    const child = startFleetwright(['expand', '-f', '-', '-o', 'json']);
    child.stdin.end(MANY);
    const ended = once(child, 'close');
    let length = 0;
    let tail = '';
    for await (const chunk of child.stdout) {
      length += (chunk as Buffer).length;
      tail = (tail + (chunk as Buffer).toString()).slice(-100);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    expect(length).toBeGreaterThan(1 << 20);
    expect(tail.endsWith('"errors":[]}]}\n')).toBe(true);
    expect(child.exitCode).toBe(0);
  });

  it('is whole when nobody reads before all of it is made', async () => {
    const child = startFleetwright(['expand', '-f', '-', '-o', 'json']);
    const ended = once(child, 'close');
    child.stdin.end(MANY);
    await once(child.stdout, 'readable');
    const { applicationSets } = JSON.parse(await text(child.stdout)) as { applicationSets: PrintedSet[] };
    await ended;
    expect(applicationSets[0]?.applications).toHaveLength(5_000);
  });

  it('may be closed by its reader: the rest is not made, and nobody is told', async () => {
    const child = startFleetwright(['expand', '-f', '-', '-o', 'yaml']);
    const said = text(child.stderr);
    child.stdin.end(MANY);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child, 'exit');
    expect({ code: child.exitCode, signal: child.signalCode, said: await said }).toEqual({
      code: 0,
      signal: null,
      said: '',
    });
  });
});

describe('wrong usage', () => {
  it.each([
    [[]],
    [['expand']],
    [['expand', '-f']],
    [['expand', '--what']],
    [['expand', '-f', '/nonexistent.yaml']],
    [['expand', '-f', 'https://example.com/set.yaml']],
    [['expand', '-f', '-', '-o', 'xml']],
    [['expand', 'set.yaml']],
    [['expnd']],
  ])('%j says what is wrong on stderr and exits 2', async (words) => {
    const { code, stdout, stderr } = await fleetwright(words, '');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^fleetwright: \S/);
  });

  it('suggests the command that was meant', async () => {
    expect((await fleetwright(['exapnd', '-f', 'x'])).stderr).toContain('did you mean "fleetwright expand"?');
  });
});

describe('help', () => {
  it.each([[['--help']], [['-h']], [['help']], [['expand', '--help']], [['expand', '-f', 'x', '-h']]])(
    '%j is on stdout, exit 0',
    async (words) => {
      const { code, stdout, stderr } = await fleetwright(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage: fleetwright');
    },
  );
});
