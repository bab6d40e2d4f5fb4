import type { PlanLineView, PlanView } from './plan-view.js';

export interface PlanBounds {
  /** Lines of each action, and entries of each other list. */
  entries: number;
  /** Of all lines together, as JSON. */
  characters: number;
}

export const DEFAULT_PLAN_BOUNDS: PlanBounds = { entries: 500, characters: 8_000_000 };

/** A plan that fits into an answer; `more` counts what is left out, for each action apart so that creates hide no deletes. */
export function boundedPlanView(view: PlanView, bounds: PlanBounds): PlanView {
  const cut = new Cut(bounds);
  const shown = {
    ...view,
    held: cut.lines(view.held, () => 'held'),
    lines: cut.lines(removalsFirst(view.lines), ({ action }) => action),
    kept: cut.lines(view.kept, () => 'kept'),
    errors: cut.list(view.errors, 'errors'),
    problems: cut.list(view.problems, 'problems'),
    warnings: cut.list(view.warnings, 'warnings'),
    branches: cut.list(view.branches, 'branches'),
  };
  return cut.more.size === 0 ? shown : { ...shown, more: Object.fromEntries(cut.more) };
}

/** What goes is what people must not miss. */
function removalsFirst(lines: readonly PlanLineView[]): PlanLineView[] {
  const removes = ({ action }: PlanLineView): boolean => action === 'delete' || action === 'prune';
  return [...lines.filter(removes), ...lines.filter((line) => !removes(line))];
}

class Cut {
  readonly more = new Map<string, number>();
  private characters = 0;

  constructor(private readonly bounds: PlanBounds) {}

  lines(lines: readonly PlanLineView[], nameOf: (line: PlanLineView) => string): PlanLineView[] {
    const counts = new Map<string, number>();
    return lines.filter((line) => {
      const name = nameOf(line);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count <= this.bounds.entries && this.fits(line) ? true : this.leaveOut(name, 1);
    });
  }

  list<T>(items: readonly T[], name: string): T[] {
    const { entries } = this.bounds;
    if (items.length > entries) this.leaveOut(name, items.length - entries);
    return items.slice(0, entries);
  }

  private fits(line: PlanLineView): boolean {
    this.characters += JSON.stringify(line).length;
    return this.characters <= this.bounds.characters;
  }

  private leaveOut(name: string, count: number): false {
    this.more.set(name, (this.more.get(name) ?? 0) + count);
    return false;
  }
}
