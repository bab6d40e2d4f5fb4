import { describe, expect, it } from 'vitest';
import { readSources } from '../architecture/import-graph.js';

/** Servers, databases and whatever else takes long to load. */
const HEAVY =
  /^(@nestjs\/|typeorm|pg$|pg\/|fastify|mercurius|graphql|undici|pino|rxjs|zod|class-|prom-client|embedded-)/;

/** What `fleetwright` loads before it does anything: own files and packages. */
function loaded(entry: string): { files: string[]; packages: string[] } {
  const sources = readSources();
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const { target, own, typeOnly } of sources.get(file)?.imports ?? []) {
      if (!typeOnly) (own ? files : packages).add(target);
    }
  }
  return { files: [...files], packages: [...packages] };
}

describe('the start of fleetwright', () => {
  const { files, packages } = loaded('cli.ts');

  it('loads what it needs to expand', () => {
    expect(files).toContain('expansion/expand.ts');
    expect(packages).toContain('js-yaml');
  });

  it('loads no Nest, no TypeORM and nothing else of a server', () => {
    expect(packages.filter((name) => HEAVY.test(name))).toEqual([]);
  });

  it('loads no module, controller, store or migration of the hub', () => {
    expect(
      files.filter((file) =>
        /^(api|database)\/|^config\/(?!cli-config\.ts)|\.(module|controller|kind)\.ts$/.test(file),
      ),
    ).toEqual([]);
  });
});
