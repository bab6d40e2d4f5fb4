import type { FieldChange } from './field-changes.js';

/** One line of a plan as people and programs see it. */
export interface PlanLineView {
  action: 'create' | 'update' | 'delete' | 'prune' | 'move' | 'freeze';
  kind: string;
  namespace: string;
  name: string;
  project?: string;
  cluster?: string;
  /** Why it is held or kept, or which object it concerns. */
  reason?: string;
  changes?: FieldChange[];
  /** Keys of the objects that a delivery creates, changes or prunes. */
  objects?: string[];
}

/** What a write would do, found by the same pipeline that does it, stopped before the commit. */
export interface PlanView {
  lines: PlanLineView[];
  /** Removals that would wait for approval. */
  held: PlanLineView[];
  /** Kept although no longer desired: unreadable inputs, policies. */
  kept: PlanLineView[];
  unchanged: number;
  errors: { code: string; message: string; path?: string }[];
}

export const EMPTY_PLAN_VIEW: PlanView = { lines: [], held: [], kept: [], unchanged: 0, errors: [] };

export function joinPlanViews(views: readonly PlanView[]): PlanView {
  return {
    lines: views.flatMap((view) => view.lines),
    held: views.flatMap((view) => view.held),
    kept: views.flatMap((view) => view.kept),
    unchanged: views.reduce((sum, view) => sum + view.unchanged, 0),
    errors: views.flatMap((view) => view.errors),
  };
}
