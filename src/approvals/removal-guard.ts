import { Injectable } from '@nestjs/common';
import { DEFAULT_BUDGET, FLEET_SCOPE, guard, type Guarded, type RemovalLine } from '../changes/guard.js';
import { GuardMemory, type OwnerMemory, type RemovalOwner, type RemovalUnit } from './guard-memory.js';

export interface RemovalQuestion {
  owner: RemovalOwner;
  unit: RemovalUnit;
  known: OwnerMemory;
  lines: readonly RemovalLine[];
  /** Items of the unit before the plan, in each scope the removals count in. */
  totals: { owner: number; project: number; fleet: number };
  /** See GuardInput.emptied. */
  emptied?: string;
}

/** The pure guard, asked with what the hub remembers. */
@Injectable()
export class RemovalGuard {
  constructor(private readonly memory: GuardMemory) {}

  async judge({ owner, unit, known, lines, totals, emptied }: RemovalQuestion): Promise<Guarded> {
    if (lines.length === 0) return { allowed: [], held: [] };
    const recent = await this.memory.recent(owner, unit);
    const scopes = [
      { name: owner.name, total: totals.owner, recent: recent.owner },
      ...(owner.project === undefined
        ? []
        : [{ name: `project ${owner.project}`, total: totals.project, recent: recent.project }]),
      { name: FLEET_SCOPE, total: totals.fleet, recent: recent.fleet },
    ];
    return guard({
      lines,
      scopes,
      budget: DEFAULT_BUDGET,
      approved: known.approved,
      ...(emptied === undefined ? {} : { emptied }),
    });
  }
}
