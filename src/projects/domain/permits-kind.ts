import { compileGlob, type GlobMatcher } from '../../kernel/glob.js';
import { parsePathPattern } from '../../kernel/glob-syntax.js';
import { allow, deny, type Verdict } from '../../kernel/verdict.js';
import type { AppProjectSpec, ProjectKind } from './app-project.js';
import { compiledRules } from './compiled-rules.js';

export interface ObjectKind {
  group: string;
  kind: string;
  /** Of the object; counts for cluster-scoped kinds. */
  name: string;
  namespaced: boolean;
}

/**
 * May the project create objects of this kind (and, cluster-scoped, this name)? Denies win. Cluster-scoped kinds need an
 * entry; namespaced ones do only once the list exists, even empty (argocd-behaviour.md 5.4).
 */
export function permitsKind(spec: AppProjectSpec, object: ObjectKind): Verdict {
  const rules = kindRules(spec);
  const lists = object.namespaced ? rules.namespaced : rules.cluster;
  const denied = find(lists.denied, object);
  if (denied) return deny(`${lists.label}Blacklist entry ${denied.text} denies ${describe(object)}`);
  if (object.namespaced && lists.allowed === undefined)
    return allow(`${lists.label}Whitelist is not set, so every kind is permitted`);
  const allowed = find(lists.allowed ?? [], object);
  return allowed
    ? allow(`${lists.label}Whitelist entry ${allowed.text} permits ${describe(object)}`)
    : deny(`no ${lists.label}Whitelist entry permits ${describe(object)}`);
}

interface KindRule {
  text: string;
  matches(object: ObjectKind): boolean;
}

interface KindLists {
  label: 'clusterResource' | 'namespaceResource';
  allowed: KindRule[] | undefined;
  denied: KindRule[];
}

const kindRules = compiledRules((spec) => ({
  cluster: {
    label: 'clusterResource',
    allowed: spec.clusterResourceWhitelist?.map(compileClusterKind),
    denied: (spec.clusterResourceBlacklist ?? []).map(compileClusterKind),
  } satisfies KindLists,
  namespaced: {
    label: 'namespaceResource',
    allowed: spec.namespaceResourceWhitelist?.map(compileKind),
    denied: (spec.namespaceResourceBlacklist ?? []).map(compileKind),
  } satisfies KindLists,
}));

function compileKind(entry: ProjectKind): KindRule {
  const kind = pathMatcher(entry.kind ?? '');
  const group = pathMatcher(entry.group ?? '');
  return { text: JSON.stringify(entry), matches: (object) => kind(object.kind) && group(object.group) };
}

function compileClusterKind(entry: ProjectKind): KindRule {
  const rule = compileKind(entry);
  if (!entry.name) return rule;
  const name = pathMatcher(entry.name);
  return { text: rule.text, matches: (object) => rule.matches(object) && name(object.name) };
}

function pathMatcher(pattern: string): GlobMatcher {
  const nodes = parsePathPattern(pattern);
  return nodes ? compileGlob(nodes) : () => false;
}

function find(rules: readonly KindRule[], object: ObjectKind): KindRule | undefined {
  return rules.find((rule) => rule.matches(object));
}

function describe({ group, kind, name }: ObjectKind): string {
  return `${group === '' ? 'core' : group}:${kind} "${name}"`;
}
