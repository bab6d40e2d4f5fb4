import type { ImpactedApplication } from '../../applications/revisions/repository-impact.js';
import type { ObjectChange } from '../../applications/domain/bundle-difference.js';
import type { FieldChange } from '../../changes/field-changes.js';
import { canonicalJson } from '../../kernel/json.js';

/** What all pages of an answer tell together. */
export interface Impact {
  repository: string;
  base: string;
  head: string;
  items: ImpactedApplication[];
  unchanged: number;
  elsewhere: number;
  /** Applications that were not looked at. */
  remaining: number;
}

/** Less than a comment may have where pull requests are. */
const MOST_CHARACTERS = 60_000;
const MOST_NAMES = 10;
const MOST_OBJECTS = 50;
const MOST_FIELDS = 20;
const LONGEST_TEXT = 200;

/** A comment for a pull request: Applications with equal changes together, each object and field on a line. */
export function impactMarkdown(impact: Impact): string {
  const changed = impact.items.filter(({ error }) => error === undefined);
  const failed = impact.items.filter(({ error }) => error !== undefined);
  const groups = grouped(changed).map(groupLines);
  const parts = [...headLines(impact, changed), ...failed.map(failureLines), ...groups];
  const shown: string[] = [];
  let left = MOST_CHARACTERS;
  for (const part of parts) {
    left -= part.length + 1;
    if (left < 0) break;
    shown.push(part);
  }
  if (shown.length < parts.length) shown.push(`*${parts.length - shown.length} more sections are left out.*\n`);
  return `${shown.join('\n')}\n`;
}

function headLines(
  { repository, base, head, unchanged, elsewhere, remaining }: Impact,
  changed: readonly ImpactedApplication[],
) {
  const clusters = new Set(changed.map(({ cluster }) => cluster)).size;
  const rest = [
    ...(unchanged > 0 ? [`${unchanged} stay as they are`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} follow another revision`] : []),
    ...(remaining > 0 ? [`${remaining} were not looked at`] : []),
  ];
  return [
    `### ${count(changed.length, 'Application')} on ${count(clusters, 'cluster')} would change\n`,
    `${code(repository)}: ${code(base)} → ${code(head)}${rest.length > 0 ? `. Of the others, ${rest.join(', ')}` : ''}.\n`,
  ];
}

function failureLines({ namespace, name, error }: ImpactedApplication): string {
  return `**${code(`${namespace}/${name}`)} cannot be told:** ${code(error?.code ?? '')} ${code(error?.message ?? '')}\n`;
}

/** Those with the same changes, most Applications first. */
function grouped(items: readonly ImpactedApplication[]): ImpactedApplication[][] {
  const groups = new Map<string, ImpactedApplication[]>();
  for (const item of items) {
    const key = canonicalJson([item.changes, item.more, item.refused, item.warnings]);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].sort((left, right) => right.length - left.length);
}

function groupLines(group: readonly ImpactedApplication[]): string {
  const [first] = group;
  const { changes = [], more = 0, warnings = [], refused } = first ?? {};
  const names = group
    .slice(0, MOST_NAMES)
    .map(({ namespace, name, cluster }) => code(`${namespace}/${name} on ${cluster}`));
  const others = group.length > MOST_NAMES ? ` and ${group.length - MOST_NAMES} more` : '';
  const tally = (['create', 'update', 'delete'] as const)
    .map((action) => ({ action, found: changes.filter((change) => change.action === action).length }))
    .filter(({ found }) => found > 0)
    .map(({ action, found }) => `${action} ${found}`);
  const left = Math.max(0, changes.length - MOST_OBJECTS) + more;
  return [
    `<details><summary><b>${count(group.length, 'Application')}</b>: ${tally.join(', ')}</summary>\n`,
    `${names.join(', ')}${others}\n`,
    ...(refused === undefined ? [] : [`**Would be refused:** ${code(refused)}\n`]),
    ...warnings.slice(0, MOST_NAMES).map((warning) => `> ${code(warning)}\n`),
    ...changes.slice(0, MOST_OBJECTS).map(changeLines),
    ...(left > 0 ? [`- ${left} more objects`] : []),
    '\n</details>\n',
  ].join('\n');
}

function changeLines({ action, group, kind, namespace, name, changes = [] }: ObjectChange): string {
  const what = `${kind}${group === '' ? '' : `.${group}`} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const fields = changes.slice(0, MOST_FIELDS).map((change) => `  - ${fieldLine(change)}`);
  const more = changes.length > MOST_FIELDS ? [`  - ${changes.length - MOST_FIELDS} more fields`] : [];
  return [`- **${action}** ${code(what)}`, ...fields, ...more].join('\n');
}

function fieldLine(change: FieldChange): string {
  const side = (value: unknown): string => code(typeof value === 'string' ? value : JSON.stringify(value));
  if (!('from' in change)) return `${code(change.path)} = ${side(change.to)}`;
  return `${code(change.path)}: ${side(change.from)} → ${'to' in change ? side(change.to) : '*nothing*'}`;
}

/** Text of others as code, on one line: it can neither end the code nor mean anything to who shows it. */
function code(text: string): string {
  const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return `\`${cut.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').replaceAll('`', "'") || ' '}\``;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
