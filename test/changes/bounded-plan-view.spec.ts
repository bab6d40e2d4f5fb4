import { describe, expect, it } from 'vitest';
import { boundedPlanView } from '../../src/changes/bounded-plan-view.js';
import { EMPTY_PLAN_VIEW, type PlanLineView } from '../../src/changes/plan-view.js';

const BOUNDS = { entries: 2, characters: 10_000 };

function lines(action: PlanLineView['action'], count: number): PlanLineView[] {
  return Array.from({ length: count }, (_, index) => ({
    action,
    kind: 'Application',
    namespace: 'a',
    name: `${index}`,
  }));
}

describe('a bounded plan', () => {
  it('is the plan itself where it fits', () => {
    const view = { ...EMPTY_PLAN_VIEW, lines: lines('create', 2), unchanged: 7 };
    expect(boundedPlanView(view, BOUNDS)).toEqual(view);
  });

  it('bounds each action apart, so that creates hide no deletes', () => {
    const view = {
      ...EMPTY_PLAN_VIEW,
      lines: [...lines('create', 5), ...lines('delete', 3)],
      held: lines('delete', 4),
    };
    const { lines: shown, held, more } = boundedPlanView(view, BOUNDS);
    expect(shown.map(({ action }) => action)).toEqual(['delete', 'delete', 'create', 'create']);
    expect(held).toHaveLength(2);
    expect(more).toEqual({ create: 3, delete: 1, held: 2 });
  });

  it('counts what is left out of every list', () => {
    const warnings = ['a', 'b', 'c'];
    const problems = warnings.map((key) => ({ key, code: 'X', message: 'x' }));
    const { more } = boundedPlanView({ ...EMPTY_PLAN_VIEW, warnings, problems }, BOUNDS);
    expect(more).toEqual({ warnings: 1, problems: 1 });
  });

  it('bounds the size too: one document may be huge', () => {
    const [line] = lines('create', 1);
    const huge = { ...line, reason: 'x'.repeat(20_000) } as PlanLineView;
    const { lines: shown, more } = boundedPlanView({ ...EMPTY_PLAN_VIEW, lines: [huge] }, BOUNDS);
    expect(shown).toEqual([]);
    expect(more).toEqual({ create: 1 });
  });
});
