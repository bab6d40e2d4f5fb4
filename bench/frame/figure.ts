/** One measured number beside what it should be. */
export interface Figure {
  name: string;
  /** The median of the runs, unless the name says otherwise. */
  value: number;
  unit: string;
  /** Every run's value, in order. */
  runs: readonly number[];
  better: 'more' | 'less';
  hold?: number;
  reach?: number;
  /** The other product's figure for the same work, as design.md section 10 has it. */
  anchor?: string;
  /** What to know to read the value. */
  note?: string;
}

export type Verdict = 'reached' | 'held' | 'MISSED' | '–';

/** Against the house's numbers; a figure without one is only shown. */
export function verdictOf({ value, better, hold, reach }: Omit<Figure, 'name' | 'unit' | 'runs'>): Verdict {
  const meets = (limit: number): boolean => (better === 'more' ? value >= limit : value <= limit);
  if (reach !== undefined && meets(reach)) return 'reached';
  if (hold === undefined) return reach === undefined ? '–' : 'MISSED';
  return meets(hold) ? 'held' : 'MISSED';
}
