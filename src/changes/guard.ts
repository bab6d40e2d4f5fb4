import { digestJson } from '../kernel/digest.js';

/**
 * One removal under judgement: an Application, a store, or the objects that one delivery would prune. An approval
 * covers exactly this: the same uid losing the same objects by the same action.
 */
export interface RemovalLine {
  uid: string;
  action: 'delete' | 'prune' | 'move';
  /** For people: `Application argocd/guestbook`. */
  target: string;
  /** Object keys that go; empty when the whole of it goes. */
  objects: readonly string[];
}

/** How much goes from one scope, out of how much: counted per set, project and fleet over a sliding hour. */
export interface RemovalScope {
  /** For people: `project team-a`. */
  name: string;
  /** Items in the scope before this plan. */
  total: number;
  /** Removals committed in the scope within the last hour. */
  recent: number;
}

/** What all projects share: its counts are not everybody's to know. */
export const FLEET_SCOPE = 'the fleet';

export interface Budget {
  /** More than this many removals wait. */
  count: number;
  /** More than this share waits, once at least `shareFrom` go. */
  share: number;
  shareFrom: number;
}

/** design.md section 9. */
export const DEFAULT_BUDGET: Budget = { count: 10, share: 0.2, shareFrom: 3 };
export const BUDGET_WINDOW_MS = 3_600_000;

export interface GuardInput {
  lines: readonly RemovalLine[];
  scopes: readonly RemovalScope[];
  budget: Budget;
  /** Line ids under an approval that has not expired. */
  approved: ReadonlySet<string>;
  /** Set when a remote input that gave results before gives none now: every removal waits, whatever the size. */
  emptied?: string;
}

export interface Guarded {
  allowed: RemovalLine[];
  held: HeldLine[];
}

export interface HeldLine {
  line: RemovalLine;
  id: string;
  reason: string;
  /** Name of the scope whose counts the reason tells; absent where it tells none. */
  scope?: string;
}

export function lineId(line: RemovalLine): string {
  return digestJson({ uid: line.uid, action: line.action, objects: [...line.objects].sort() });
}

/** Approved lines go; the others go together or wait together, with the first reason that holds them. */
export function guard(input: GuardInput): Guarded {
  const identified = input.lines.map((line) => ({ line, id: lineId(line) }));
  const approved = identified.filter(({ id }) => input.approved.has(id));
  const open = identified.filter(({ id }) => !input.approved.has(id));
  const hold = reasonToHold(
    input,
    open.map(({ line }) => line),
    approved.map(({ line }) => line),
  );
  if (hold === undefined) return { allowed: input.lines.slice(), held: [] };
  return { allowed: approved.map(({ line }) => line), held: open.map((entry) => ({ ...entry, ...hold })) };
}

function reasonToHold(
  input: GuardInput,
  open: readonly RemovalLine[],
  approved: readonly RemovalLine[],
): Pick<HeldLine, 'reason' | 'scope'> | undefined {
  if (open.length === 0) return undefined;
  if (input.emptied !== undefined) return { reason: input.emptied };
  const going = weight(open) + weight(approved);
  for (const scope of input.scopes) {
    const removals = scope.recent + going;
    if (removals > input.budget.count) {
      const reason = `${removals} removals in ${scope.name} within an hour; more than ${input.budget.count} need approval`;
      return { reason, scope: scope.name };
    }
    // The share is of what the scope held at the start of the window.
    const before = scope.total + scope.recent;
    if (removals >= input.budget.shareFrom && removals > before * input.budget.share) {
      const percent = Math.round(input.budget.share * 100);
      const reason = `${removals} of ${before} go from ${scope.name}; more than ${percent} % need approval`;
      return { reason, scope: scope.name };
    }
  }
  return undefined;
}

/** Pruned objects count as deletes; a whole Application counts once. */
export function weight(lines: readonly RemovalLine[]): number {
  return lines.reduce((sum, line) => sum + Math.max(1, line.objects.length), 0);
}
