import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import { compileAbility, decide, type PolicyAbility } from './ability.js';
import type { Grouping, Policy, PolicyRequest } from './policy.js';

/** Chains of roles longer than this are not followed. */
const MAX_HOPS = 10;

/** Policies of several sources read as one, asked by subject; each subject's closure is compiled when first asked. */
export class PolicySet {
  private readonly policy: Policy;
  private readonly rolesOf: Map<string, Set<string>>;
  private readonly abilities = new Map<string, PolicyAbility>();

  constructor(sources: readonly Policy[]) {
    this.policy = {
      rules: sources.flatMap((source) => source.rules),
      groupings: sources.flatMap((source) => source.groupings),
    };
    this.rolesOf = indexGroupings(this.policy.groupings);
  }

  /** Allowed if any of the subjects is, each judged alone: a deny binds only inside the closure it was reached in. */
  decide(subjects: readonly string[], request: PolicyRequest): Verdict {
    let denied: Verdict | undefined;
    for (const subject of subjects) {
      const verdict = decide(this.abilityOf(subject), request);
      if (verdict.allowed) return allow(`${verdict.reason} for ${subject}`);
      denied ??= verdict;
    }
    return denied ?? deny('no subject');
  }

  /** True when some `g` line starts with it: only such groups are asked (argocd-behaviour.md 6.3). */
  isBound(subject: string): boolean {
    return this.rolesOf.has(subject);
  }

  abilityOf(subject: string): PolicyAbility {
    const known = this.abilities.get(subject);
    if (known) return known;
    const members = this.closureOf(subject);
    const ability = compileAbility(this.policy.rules.filter((rule) => members.has(rule.subject)));
    this.abilities.set(subject, ability);
    return ability;
  }

  private closureOf(subject: string): Set<string> {
    const members = new Set([subject]);
    let frontier = [subject];
    for (let hop = 0; hop < MAX_HOPS && frontier.length > 0; hop += 1) {
      const roles = frontier.flatMap((member) => [...(this.rolesOf.get(member) ?? [])]);
      frontier = roles.filter((role) => !members.has(role));
      frontier.forEach((role) => members.add(role));
    }
    return members;
  }
}

function indexGroupings(groupings: readonly Grouping[]): Map<string, Set<string>> {
  const index = new Map<string, Set<string>>();
  for (const { subject, role } of groupings) {
    const roles = index.get(subject) ?? new Set<string>();
    index.set(subject, roles.add(role));
  }
  return index;
}
