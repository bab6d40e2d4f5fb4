import { fieldChanges } from '../../changes/field-changes.js';
import type { GeneratedApplication } from '../../expansion/expansion.js';
import type { TemplateLine } from '../../expansion/templates/template-lines.js';
import { isObject } from '../../kernel/json.js';
import type { Generation } from './application-why.js';
import type { TracedApplication } from './set-trace.js';

export interface ShownTemplateLine {
  path: string;
  template: string;
  /** Null where the value does not stand in the Application, as when the patch replaced it. */
  value: string | null;
}

const MOST_PARAMETERS = 500;
const MOST_LINES = 200;
const LONGEST = 2_000;
const SECRET_NAME = /pass(?:word|wd|phrase)?|secret|token|credential|api[-_.]?key|private[-_.]?key/i;

/**
 * How a set came to one Application. Parameters may come from files and plugins that the asker may not read, so a value
 * is shown only where it stands in the Application, which he may see, or in the set; and never under a secret's name.
 */
export function generationOf({ application, from }: TracedApplication, set: { spec: unknown }): Generation {
  const { metadata, spec } = application;
  const seen = textsOf({ metadata, spec });
  const path = from.generator;
  const [, index = '0', kind = ''] = /^spec\.generators\[(\d+)\]\.(\w+)/.exec(path) ?? [];
  return {
    generator: { path, index: Number(index), kind },
    ...shownParameters(from.parameters, `${seen}\n${textsOf(set.spec)}`),
    template: byPath(from.lines()).slice(0, MOST_LINES).map(shownLine(seen)),
    ...patchOf(application, from.unpatched(), set.spec),
  };
}

function byPath(lines: readonly TemplateLine[]): TemplateLine[] {
  return [...lines].sort((left, right) => (left.path < right.path ? -1 : 1));
}

function shownParameters(parameters: object, seen: string): Pick<Generation, 'parameters' | 'hiddenParameters'> {
  const shown: [string, string][] = [];
  const hiddenParameters: string[] = [];
  for (const [name, value] of leavesOf(parameters)) {
    if (shown.length + hiddenParameters.length >= MOST_PARAMETERS) break;
    if (!SECRET_NAME.test(name) && seen.includes(value)) shown.push([name, value.slice(0, LONGEST)]);
    else hiddenParameters.push(name);
  }
  return { parameters: Object.fromEntries(shown), hiddenParameters };
}

/** By dotted name, one after the other: parameters may nest and repeat so much that a list of all is never made. */
function* leavesOf(value: object, prefix = ''): Generator<[string, string]> {
  for (const [key, member] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof member === 'object' && member !== null) yield* leavesOf(member as object, name);
    else yield [name, String(member)];
  }
}

function shownLine(seen: string): (line: TemplateLine) => ShownTemplateLine {
  return ({ path, template, value }) => ({
    path,
    template: template.slice(0, LONGEST),
    value: seen.includes(value) ? value.slice(0, LONGEST) : null,
  });
}

/** What the Application has that the template alone does not give it. */
function patchOf(
  { metadata, spec }: GeneratedApplication,
  unpatched: unknown,
  set: unknown,
): Pick<Generation, 'patch'> {
  const template = isObject(set) ? set['templatePatch'] : undefined;
  if (typeof template !== 'string' || template === '' || !isObject(unpatched)) return {};
  const { namespace: _namespace, ...named } = metadata;
  const before = { metadata: unpatched['metadata'] ?? {}, spec: unpatched['spec'] ?? {} };
  const changes = fieldChanges(before, { metadata: named, spec }).slice(0, MOST_LINES);
  return {
    patch: { template: template.slice(0, LONGEST), changes: changes.map(({ from: _from, ...change }) => change) },
  };
}

/** Every text of a document, keys included, a line each. */
function textsOf(node: unknown): string {
  if (Array.isArray(node)) return node.map(textsOf).join('\n');
  if (!isObject(node)) return node === null || node === undefined ? '' : String(node);
  return Object.entries(node)
    .map(([key, value]) => `${key}\n${textsOf(value)}`)
    .join('\n');
}
