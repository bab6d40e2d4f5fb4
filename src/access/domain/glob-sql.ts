import type { CharacterSet, GlobNode, GlobPattern } from '../../kernel/glob.js';
import { CONTROL_NAMESPACE, type ObjectSpelling } from '../access-object.js';

/** SQL names of the columns that hold an object's identity. */
export interface RowColumns {
  project: string;
  name: string;
  namespace: string;
}

export interface GlobSqlScope {
  spelling: ObjectSpelling;
  columns: RowColumns;
  parameters: unknown[];
}

/**
 * A boolean SQL expression that holds where the object's policy text matches the glob. Every pattern is a bound value.
 * `<project>/…` with a literal project becomes an equality, so that lists are found by the project's index.
 */
export function globSql(pattern: GlobPattern, { spelling, columns, parameters }: GlobSqlScope): string {
  const split = spelling === 'name' ? undefined : splitProject(pattern);
  if (!split) return textSql(pattern, wholeText(spelling, columns), parameters);
  const project = `${columns.project} = $${parameters.push(split.project)}`;
  if (isAnything(split.rest)) return project;
  return `(${project} and ${textSql(split.rest, textInProject(spelling, columns), parameters)})`;
}

/** Projects hold no slash, so a literal `team-a/` at the front can only be the project. */
function splitProject([first, ...others]: GlobPattern): { project: string; rest: GlobPattern } | undefined {
  const slash = first?.type === 'text' ? first.text.indexOf('/') : -1;
  if (first?.type !== 'text' || slash <= 0) return undefined;
  const rest = first.text.slice(slash + 1);
  return {
    project: first.text.slice(0, slash),
    rest: rest === '' ? others : [{ type: 'text', text: rest }, ...others],
  };
}

/** The same text that access-object's objectText spells. */
function wholeText(spelling: ObjectSpelling, columns: RowColumns): string {
  if (spelling === 'name') return columns.name;
  const inProject = `${columns.project} || '/' || ${textInProject(spelling, columns)}`;
  return `(case when coalesce(${columns.project}, '') = '' then ${columns.name} else ${inProject} end)`;
}

function textInProject(spelling: ObjectSpelling, { namespace, name }: RowColumns): string {
  if (spelling !== 'project/namespace/name') return name;
  const control = `coalesce(${namespace}, '') in ('', '${CONTROL_NAMESPACE}')`;
  return `(case when ${control} then ${name} else ${namespace} || '/' || ${name} end)`;
}

function textSql(pattern: GlobPattern, text: string, parameters: unknown[]): string {
  const [first, second] = pattern;
  if (isAnything(pattern)) return `${text} is not null`;
  if (first?.type === 'text' && second === undefined) return `${text} = $${parameters.push(first.text)}`;
  return `${text} ~ $${parameters.push(`^(?:${regexOf(pattern)})$`)}`;
}

function isAnything(pattern: GlobPattern): boolean {
  const [first, second] = pattern;
  return first?.type === 'many' && second === undefined && first.set.not && first.set.ranges.length === 0;
}

/** Postgres' own regular expressions: its engine is an automaton too, and every literal is escaped. */
function regexOf(pattern: GlobPattern): string {
  return pattern.map(nodeRegex).join('');
}

function nodeRegex(node: GlobNode): string {
  switch (node.type) {
    case 'text':
      return [...node.text].map(literal).join('');
    case 'one':
      return setRegex(node.set);
    case 'many':
      return `${setRegex(node.set)}*`;
    case 'anyOf':
      return `(?:${node.branches.map(regexOf).join('|')})`;
  }
}

function setRegex({ not, ranges }: CharacterSet): string {
  if (ranges.length === 0) return not ? '.' : '(?!.).';
  return `[${not ? '^' : ''}${ranges.map(([low, high]) => `${codeEscape(low)}-${codeEscape(high)}`).join('')}]`;
}

function literal(character: string): string {
  return /[A-Za-z0-9]/.test(character) ? character : codeEscape(character.codePointAt(0) ?? 0);
}

function codeEscape(code: number): string {
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
