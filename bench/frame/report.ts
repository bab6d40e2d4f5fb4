import { formatTable } from '../../src/demo/table.js';
import { verdictOf, type Figure } from './figure.js';
import type { Machine } from './machine.js';
import type { ProcessMemory } from './work.js';

/** What one work gave, with how busy the machine was meanwhile. */
export interface WorkReport {
  work: string;
  about: string;
  seconds: number;
  /** One-minute load before it. */
  load: number;
  /** Share of all cores' time used by anybody, this work included. */
  busy: number;
  figures: Figure[];
  memory: ProcessMemory[];
  failure?: string;
}

export interface BenchReport {
  at: string;
  machine: Machine;
  works: WorkReport[];
}

const HEAD = ['figure', 'measured', 'hold', 'reach', 'verdict', 'runs (lowest – highest)', 'Argo CD 3.6'];

/** For people: the machine, a table for each work, then its memory and its notes. */
export function formatReport({ machine, works, at }: BenchReport): string[] {
  const { cores, cpu, memoryGiB, node, commit } = machine;
  return [
    `fleetwright bench of ${commit} at ${at}: ${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}`,
    ...works.flatMap((work) => ['', ...formatWork(work)]),
  ];
}

function formatWork(work: WorkReport): string[] {
  const { figures, memory, failure } = work;
  const busy = Math.round(work.busy * 100);
  return [
    `${work.work}: ${work.about}`,
    `  took ${Math.round(work.seconds)} s; load ${work.load} before, ${busy} % of all cores busy meanwhile`,
    ...(failure === undefined ? [] : [`  FAILED: ${failure}`]),
    ...(figures.length === 0 ? [] : formatTable(HEAD, figures.map(rowOf)).map((line) => `  ${line}`)),
    ...memory.map((each) => `  memory of ${each.process}: ${Math.round(each.rss / 2 ** 20)} MiB`),
    ...figures.flatMap(({ name, note }) => (note === undefined ? [] : [`  ${name}: ${note}`])),
  ];
}

function rowOf(figure: Figure): string[] {
  const { name, value, unit, runs, hold, reach, anchor = '–' } = figure;
  const target = (limit: number | undefined): string => (limit === undefined ? '–' : formatNumber(limit));
  const range = `${runs.length}: ${formatNumber(Math.min(...runs))} – ${formatNumber(Math.max(...runs))}`;
  const spread = runs.length > 1 ? range : '1';
  return [name, `${formatNumber(value)} ${unit}`, target(hold), target(reach), verdictOf(figure), spread, anchor];
}

/** Three significant digits, thousands apart. */
export function formatNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(Math.min(digits, 6))).toLocaleString('en-US', { maximumFractionDigits: 6 });
}
