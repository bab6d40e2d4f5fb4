import type { GlobPattern } from '../../kernel/glob.js';
import { parseGlob } from '../../kernel/glob-syntax.js';
import { policyGlob, type PolicyAbility } from './ability.js';

/** The objects of one resource that one closure may read: allowed and not denied, inside `project` where it is bound to one. */
export interface ReadableObjects {
  project?: string;
  allowed: readonly GlobPattern[];
  denied: readonly GlobPattern[];
}

/** Takes a closure's rules for one resource and action apart into object patterns, for lists to filter by. */
export function readableObjects(
  ability: PolicyAbility,
  resource: string,
  action: string,
): Omit<ReadableObjects, 'project'> {
  const rules = ability
    .rulesFor(action, resource)
    .filter(
      ({ conditions }) =>
        conditions && policyGlob(conditions.action)(action) && policyGlob(conditions.resource)(resource),
    );
  const patterns = (inverted: boolean): GlobPattern[] =>
    rules
      .filter((rule) => rule.inverted === inverted)
      .map(({ conditions }) => parseGlob(conditions?.object ?? ''))
      .filter((pattern) => pattern !== undefined);
  return { allowed: patterns(false), denied: patterns(true) };
}
