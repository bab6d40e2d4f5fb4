import type { DesiredItem } from '../changes/plan.js';
import type { ObjectWrite } from '../database/objects/hub-object.js';

/** A generated item that must not be touched, and why. */
export interface Problem {
  key: string;
  code: string;
  message: string;
  /** Whose readers may know of it. */
  project?: string;
}

/** What a feature made of its set's expansion: each item judged on its own. */
export interface JudgedItems {
  desired: DesiredItem<ObjectWrite>[];
  /** Reasons by key: neither updated nor deleted. */
  leave: ReadonlyMap<string, string>;
  problems: readonly Problem[];
}
