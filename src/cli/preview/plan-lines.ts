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

function linesOfPlan({ lines, held, kept, unchanged, errors }: PlanView): string[] {
  return [
    ...lines.flatMap((line) => lineOf(line)),
    ...held.flatMap((line) => lineOf(line, 'waits for approval')),
    ...kept.flatMap((line) => lineOf(line, 'kept')),
    ...errors.map(({ code, message, path }) => `  error: ${path ? `${path}: ` : ''}${message}${inBrackets(code)}`),
    ...(unchanged === 0 ? [] : [`  ${unchanged} unchanged`]),
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
