import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import { CONTROL_NAMESPACE } from '../../access/access-object.js';
import type { AppProjectSpec } from './app-project.js';
import { compiledRules } from './compiled-rules.js';
import { negatableGlob } from './negatable-glob.js';

/**
 * May an Application that lives in this hub namespace name the project? Always from the control namespace, else where an
 * entry matches (argocd-behaviour.md 5.6). An entry in slashes is a regular expression, which we do not read: no match.
 */
export function permitsSourceNamespace(spec: AppProjectSpec, namespace: string): Verdict {
  if (namespace === CONTROL_NAMESPACE) return allow('the control namespace may use every project');
  const rule = namespaceRules(spec).find(({ matches }) => matches(namespace));
  return rule
    ? allow(`sourceNamespaces entry "${rule.text}" permits namespace "${namespace}"`)
    : deny(`no sourceNamespaces entry permits namespace "${namespace}"`);
}

const namespaceRules = compiledRules((spec) =>
  (spec.sourceNamespaces ?? [])
    .filter((text) => !isRegex(text) && !text.startsWith('!'))
    .map((text) => ({ text, matches: negatableGlob(text).matches })),
);

function isRegex(text: string): boolean {
  return text.length > 1 && text.startsWith('/') && text.endsWith('/');
}
