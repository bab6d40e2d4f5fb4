import { compileGlob } from '../../kernel/glob.js';
import { objectText, projectOf, spellingOf, type AccessObject, type Resource } from '../access-object.js';
import { globSql, type RowColumns } from './glob-sql.js';
import type { ReadableObjects } from './readable-objects.js';

/**
 * Which rows of a list an actor may see. `build` answers a boolean SQL expression over the given columns (trusted
 * names, never user text) and appends its values to `parameters`; `matches` decides one row the same way.
 */
export interface AccessFilter {
  kind: 'all' | 'none' | 'sql';
  build(columns: RowColumns, parameters: unknown[]): string;
  matches(row: AccessObject): boolean;
}

export const everything: AccessFilter = { kind: 'all', build: () => 'true', matches: () => true };
export const nothing: AccessFilter = { kind: 'none', build: () => 'false', matches: () => false };

/** Rows that some closure allows and the same closure does not deny. */
export function filterOf(resource: Resource, closures: readonly ReadableObjects[]): AccessFilter {
  const useful = closures.filter(({ allowed }) => allowed.length > 0);
  if (useful.length === 0) return nothing;
  const matchers = useful.map((each) => closureMatcher(each, resource));
  return {
    kind: 'sql',
    build: (columns, parameters) => anyOf(useful.map((each) => closureSql(each, { resource, columns, parameters }))),
    matches: (row) => matchers.some((matches) => matches(row)),
  };
}

interface SqlScope {
  resource: Resource;
  columns: RowColumns;
  parameters: unknown[];
}

function closureSql(
  { project, allowed, denied }: ReadableObjects,
  { resource, columns, parameters }: SqlScope,
): string {
  const spelling = spellingOf(resource);
  const owner = spelling === 'name' ? columns.name : columns.project;
  const scope = project === undefined ? 'true' : `${owner} = $${parameters.push(project)}`;
  const allows = anyOf(allowed.map((pattern) => globSql(pattern, { spelling, columns, parameters })));
  if (denied.length === 0) return `(${scope} and ${allows})`;
  const denies = anyOf(denied.map((pattern) => globSql(pattern, { spelling, columns, parameters })));
  return `(${scope} and ${allows} and ${denies} is not true)`;
}

function closureMatcher(
  { project, allowed, denied }: ReadableObjects,
  resource: Resource,
): (row: AccessObject) => boolean {
  const allows = allowed.map(compileGlob);
  const denies = denied.map(compileGlob);
  return (row) => {
    if (project !== undefined && projectOf(resource, row) !== project) return false;
    const text = objectText(resource, row);
    return allows.some((matches) => matches(text)) && !denies.some((matches) => matches(text));
  };
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' or ')})`;
}
