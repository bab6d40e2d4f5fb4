import type { FieldChange } from '../../changes/field-changes.js';
import type { PlanLineView, PlanView } from '../../changes/plan-view.js';
import type { PreviewResult } from './hub-door.js';

const SIGNS: Record<PlanLineView['action'], string> = {
  create: '+',
  update: '~',
  delete: '-',
  prune: '-',
  move: '>',
  freeze: '*',
};

/** What the hub would do with each document, for people. */
export function planLines(results: readonly PreviewResult[]): string[] {
  return results.flatMap(({ kind, namespace, name, action, warnings, error, plan }) => [
    `${kind} ${namespace}/${name}: ${action}`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...(error === undefined ? [] : [`  error: ${error.message}${inBrackets(error.details?.code)}`]),
    ...(error?.details?.hint === undefined ? [] : [`  ${error.details.hint}`]),
    ...(plan === undefined ? [] : linesOfPlan(plan)),
  ]);
}

/** A hub of an earlier version may leave lists out. */
function linesOfPlan({ problems = [], warnings = [], branches = [], more = {}, ...plan }: PlanView): string[] {
  const { lines, held, kept, unchanged, errors } = plan;
  const failed = branches.filter(({ state }) => state === 'failed');
  return [
    ...lines.flatMap((line) => lineOf(line)),
    ...held.flatMap((line) => lineOf(line, 'waits for approval')),
    ...kept.flatMap((line) => lineOf(line, 'kept')),
    ...[
      ...errors.map(({ path, ...error }) => ({ ...error, at: path })),
      ...problems.map(({ key, ...problem }) => ({ ...problem, at: key })),
    ].map(({ code, message, at }) => `  error: ${at ? `${at}: ` : ''}${message}${inBrackets(code)}`),
    ...failed.map(({ path }) => `  ${path} failed: what it made is left as it is, the other generators count`),
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...(unchanged === 0 ? [] : [`  ${unchanged} unchanged`]),
    ...Object.entries(more).map(([what, count]) => `  ${count} more: ${what}`),
  ];
}

function lineOf({ action, kind, namespace, name, changes = [], ...line }: PlanLineView, note?: string): string[] {
  const where = [
    line.project && `project ${line.project}`,
    line.cluster && `cluster ${line.cluster}`,
    note,
    line.reason,
  ];
  const told = where.filter((part) => part !== undefined && part !== '').join(', ');
  const head = `  ${SIGNS[action]} ${action} ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  return [told === '' ? head : `${head} (${told})`, ...changes.map(changeLine)];
}

function changeLine({ path, from, to }: FieldChange): string {
  return `      ${path}: ${shown(from)} -> ${shown(to)}`;
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}

function inBrackets(code: string | undefined): string {
  return code === undefined ? '' : ` (${code})`;
}
