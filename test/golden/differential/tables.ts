import { readFileSync } from 'node:fs';
import type { Area, Question } from './area.js';
import type { GoAnswer } from './oracle.js';

/** A question and Go's answer to it. */
export type Row = readonly [Question, GoAnswer];

const LONGEST_ROW = 400;

/** Rows worth keeping: short enough to read. */
export function isSmall(row: Row): boolean {
  return JSON.stringify(row).length <= LONGEST_ROW;
}

export function tableFile({ name }: Area): URL {
  return new URL(`tables/${name}.json`, import.meta.url);
}

export function readTable(area: Area): Row[] {
  return (JSON.parse(readFileSync(tableFile(area), 'utf8')) as { rows: Row[] }).rows;
}
