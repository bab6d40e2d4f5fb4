import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, fixed at 100 in Linux's answers. */
const TICKS_A_SECOND = 100;

interface ProcessStat {
  parent: number;
  ownTicks: number;
  /** Of children that have ended and were waited for. */
  childTicks: number;
}

/** Seconds of CPU that a process and all that it started have used, those that ended included. */
export function treeCpuSeconds(root: number, except: ReadonlySet<number> = new Set()): number {
  const stats = allStats();
  const within = (pid: number): boolean => pid === root || (stats.has(pid) && within(stats.get(pid)?.parent ?? 0));
  let ticks = 0;
  for (const [pid, stat] of stats) {
    if (!within(pid) || except.has(pid)) continue;
    ticks += stat.ownTicks + stat.childTicks;
  }
  return ticks / TICKS_A_SECOND;
}

/** Resident bytes of one process. */
export function rssOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m);
  return Number(line?.[1] ?? 0) * 1024;
}

/** Bytes of a process and all below it; pages that several share are split between them (PSS). */
export function treePss(root: number): number {
  const stats = allStats();
  const within = (pid: number): boolean => pid === root || (stats.has(pid) && within(stats.get(pid)?.parent ?? 0));
  return [...stats.keys()].filter(within).reduce((sum, pid) => sum + pssOf(pid), 0);
}

function pssOf(pid: number): number {
  try {
    const line = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+) kB$/m);
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended
  }
}

function allStats(): Map<number, ProcessStat> {
  const stats = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  return stats;
}

function statOf(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; fields count from behind it: state is the third.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { parent: at(4), ownTicks: at(14) + at(15), childTicks: at(16) + at(17) };
  } catch {
    return undefined; // it has ended
  }
}
