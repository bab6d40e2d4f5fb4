import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../src/kernel/json.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import { HAS_HELM, refusal } from '../support/helm.js';
import { ROOT } from '../support/root.js';

interface Schema {
  type?: string | string[];
  enum?: string[];
  $ref?: string;
  properties?: Record<string, Schema>;
  pattern?: string;
  minimum?: number;
}

/** Taken as they are: Kubernetes judges what is in them. */
const FREE = new Set(['global', 'affinity']);

/** Every value of a chart that is no section, by its path. */
function valuesOf(schema: Schema, path: readonly string[] = []): [string, Schema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const below = [...path, name];
    return each.properties === undefined ? [[below.join('.'), each]] : valuesOf(each, below);
  });
}

function schemaOf(chart: string): { schema: Schema; resolved: (each: Schema) => Schema } {
  const text = readFileSync(resolve(ROOT, `charts/${chart}/values.schema.json`), 'utf8');
  const schema = JSON.parse(text) as Schema & { definitions: Record<string, Schema> };
  const resolved = (each: Schema) => schema.definitions[each.$ref?.split('/').at(-1) ?? ''] ?? each;
  return { schema, resolved };
}

/** Of a type that the value may not have. */
function ofWrongType({ type = [], enum: names }: Schema): unknown {
  const types = [type].flat();
  if (names !== undefined) return 'nonsense';
  return types.includes('array') ? { a: 1 } : types.includes('object') ? 'text' : [];
}

/** Of the right type, and still nothing that could be meant. */
function ofWrongForm({ type, pattern, minimum }: Schema): unknown {
  if (minimum !== undefined) return minimum - 1;
  return type === 'string' && pattern !== undefined ? '!! no such thing !!' : undefined;
}

/** helm tells every fault of one run, each by the path of its value. */
async function untold(chart: 'hub' | 'agent', wrong: readonly [string, unknown][]): Promise<string[]> {
  const told = await refusal({ chart, values: Object.fromEntries(wrong) });
  return wrong.map(([path]) => path).filter((path) => !told.includes(`'/${path.replaceAll('.', '/')}`));
}

describe.skipIf(!HAS_HELM).each(['hub', 'agent'] as const)('the chart of the %s (needs helm)', (chart) => {
  const { schema, resolved } = schemaOf(chart);
  const values = valuesOf(schema).map(([path, each]) => [path, resolved(each)] as const);

  it('refuses every one of its values where it is of a wrong type, by name', async () => {
    expect(values.length).toBeGreaterThan(20);
    const wrong = values.filter(([path]) => !FREE.has(path)).map(([path, each]) => [path, ofWrongType(each)] as const);
    expect(await untold(chart, wrong as [string, unknown][])).toEqual([]);
  });

  it('refuses every text and number that cannot be meant, by name', async () => {
    const wrong = values
      .map(([path, each]) => [path, ofWrongForm(each)] as const)
      .filter(([, value]) => value !== undefined);
    expect(wrong.length).toBeGreaterThan(8);
    expect(await untold(chart, wrong as [string, unknown][])).toEqual([]);
  });

  it('knows every value that values.yaml has, and the other way round', () => {
    const [given] = parseYamlDocuments(readFileSync(resolve(ROOT, `charts/${chart}/values.yaml`), 'utf8'));
    const paths = (each: unknown, known: Schema, at: string): string[] =>
      isObject(each) && known.properties !== undefined
        ? Object.entries(each).flatMap(([name, value]) => paths(value, known.properties?.[name] ?? {}, `${at}.${name}`))
        : [at.slice(1)];
    const listed = values.map(([path]) => path).filter((path) => path !== 'global' && !path.startsWith('resources.'));
    const documented = paths(given, schema, '').filter((path) => !path.startsWith('resources'));
    expect(documented.sort()).toEqual(listed.filter((path) => path !== 'resources').sort());
  });
});
