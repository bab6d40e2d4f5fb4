import { Ability, type MatchConditions, type RawRuleOf } from '@casl/ability';
import { compileGlob, type GlobMatcher } from '../../kernel/glob.js';
import { parseGlob } from '../../kernel/glob-syntax.js';
import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import type { PolicyRequest, PolicyRule } from './policy.js';

/** What one closure (a subject and every role it reaches) may do. */
export type PolicyAbility = Ability<[string, string | PolicyRequest], PolicyRule>;

/** No literal action or resource can be spelled so: a `*` in a policy is a glob. */
const ANY = '*';

/**
 * Compiles the rules of one closure. Some allow and no deny decides (argocd-behaviour.md 6.1), so denies are put where
 * CASL looks first. An effect other than allow and deny decides nothing.
 */
export function compileAbility(rules: readonly PolicyRule[]): PolicyAbility {
  const ordered = [
    ...rules.filter(({ effect }) => effect === 'allow'),
    ...rules.filter(({ effect }) => effect === 'deny'),
  ];
  return new Ability<[string, string | PolicyRequest], PolicyRule>(ordered.map(toCaslRule), {
    anyAction: ANY,
    anySubjectType: ANY,
    detectSubjectType: (request) => request.resource,
    conditionsMatcher: (rule) => matcherOf(rule) as MatchConditions,
  });
}

/** Decides a request by one closure; the reason names the policy line. */
export function decide(ability: PolicyAbility, request: PolicyRequest): Verdict {
  const rule = ability.relevantRuleFor(request.action, request);
  if (!rule) return deny('no policy allows it');
  const reason = `policy "${rule.reason ?? ''}"`;
  return rule.inverted ? deny(reason) : allow(reason);
}

/** Literal actions and resources are CASL's index; globs go under ANY and are matched like the object. */
function toCaslRule(rule: PolicyRule): RawRuleOf<PolicyAbility> {
  return {
    action: isLiteral(rule.action) ? rule.action : ANY,
    subject: isLiteral(rule.resource) ? rule.resource : ANY,
    inverted: rule.effect === 'deny',
    conditions: rule,
    reason: rule.text,
  };
}

function isLiteral(pattern: string): boolean {
  return !/[*?[{\\]/.test(pattern);
}

function matcherOf(rule: PolicyRule): (request: PolicyRequest) => boolean {
  const resource = policyGlob(rule.resource);
  const action = policyGlob(rule.action);
  const object = policyGlob(rule.object);
  return (request) => object(request.object) && action(request.action) && resource(request.resource);
}

/** Globs of policies know no segments: `*` spans `/`. A malformed one matches nothing. */
export function policyGlob(pattern: string): GlobMatcher {
  const nodes = parseGlob(pattern);
  return nodes ? compileGlob(nodes) : () => false;
}
