import type { KubernetesObject } from '../kernel/object.js';
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
  /** Of an Application that a rollout syncs: its step from 1 (-1: none), and whether it would be synced at once. */
  rollout?: { step: number; first: boolean };
  /** The whole document that a set of generators would create. */
  object?: KubernetesObject;
}

export interface PlanErrorView {
  code: string;
  message: string;
  path?: string;
  /** Whose inputs could not be read: `ApplicationSet argocd/guestbook`. */
  owner?: string;
}

/** A result that was refused, alone; what is stored under its name stays as it is. */
export interface PlanProblemView {
  /** Such as `argocd/guestbook`. */
  key: string;
  code: string;
  message: string;
}

/** One entry of `spec.generators`. What a failed one could have made is left as it is; the others count. */
export interface PlanBranchView {
  path: string;
  state: 'complete' | 'failed';
  results: number;
  error?: PlanErrorView;
}

/** What a write would do, found by the same pipeline that does it, stopped before the commit. */
export interface PlanView {
  lines: PlanLineView[];
  /** Removals that would wait for approval. */
  held: PlanLineView[];
  /** Kept although no longer desired: unreadable inputs, policies. */
  kept: PlanLineView[];
  unchanged: number;
  /** Inputs, templates and patches that failed. */
  errors: PlanErrorView[];
  problems: PlanProblemView[];
  warnings: string[];
  /** Of the one set that is previewed. */
  branches: PlanBranchView[];
  /** How many more there are than are shown, by action or list; absent where all are. */
  more?: Record<string, number>;
}

export const EMPTY_PLAN_VIEW: PlanView = {
  lines: [],
  held: [],
  kept: [],
  unchanged: 0,
  errors: [],
  problems: [],
  warnings: [],
  branches: [],
};

export function joinPlanViews(views: readonly PlanView[]): PlanView {
  return {
    lines: views.flatMap((view) => view.lines),
    held: views.flatMap((view) => view.held),
    kept: views.flatMap((view) => view.kept),
    unchanged: views.reduce((sum, view) => sum + view.unchanged, 0),
    errors: views.flatMap((view) => view.errors),
    problems: views.flatMap((view) => view.problems),
    warnings: [...new Set(views.flatMap((view) => view.warnings))],
    branches: views.flatMap((view) => view.branches),
  };
}
