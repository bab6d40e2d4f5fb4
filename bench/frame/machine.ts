import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  cores: number;
  cpu: string;
  memoryGiB: number;
  node: string;
  commit: string;
}

export function describeMachine(commit: string): Machine {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    commit,
  };
}

/** Processes that wanted a core, over the last minute. Above the cores, wall-clock figures are too high. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** The share of all cores' time, from 0 to 1, that anybody used between two calls. */
export class Busyness {
  private readonly start = machineTicks();

  share(): number {
    const end = machineTicks();
    return Math.round((1 - (end.idle - this.start.idle) / Math.max(1, end.total - this.start.total)) * 100) / 100;
  }
}

function machineTicks(): { idle: number; total: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), total: ticks.reduce((sum, each) => sum + each, 0) };
}
