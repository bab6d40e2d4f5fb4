import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const IMPORT = /^(?:import|export)\s(?!type\b)(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]/gm;

/** Every package and file that loading a module loads. */
function loads(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const pending = [entry];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.')) pending.push(resolve(dirname(file), name.replace(/\.js$/, '.ts')));
      else packages.add(name);
    }
  }
  return { files, packages };
}

describe('what the agent loads', () => {
  const { files, packages } = loads(resolve('src/agent.ts'));

  it('is no framework, no database, no renderer', () => {
    expect([...packages].filter((name) => !name.startsWith('node:')).sort()).toEqual([
      'jose',
      'js-yaml',
      'pino',
      'undici',
      'zod',
    ]);
  });

  it('is nothing of the hub', () => {
    const rooms = [...files].map((file) =>
      file
        .slice(resolve('src').length + 1)
        .split('/')
        .slice(0, 2)
        .join('/'),
    );
    const allowed =
      /^((agent|stop-on-signals)\.ts|applications\/domain|config\/|dispatch\/(agent|protocol)|kernel\/|kubernetes\/|projects\/domain|rendering\/domain)/;
    expect(rooms.filter((room) => !allowed.test(room))).toEqual([]);
  });

  it('is all found: the walk goes through the whole agent', () => {
    expect(files.size).toBeGreaterThan(60);
  });
});
