import { typeNamed } from '../kubernetes/schema/built-in-schema.js';
import { schemaRules } from '../kubernetes/merge-rules.js';
import type { KubernetesObject } from '../kernel/object.js';
import { record, type Fields } from './fill-in.js';
import type { KindDefinition } from './kind.js';

/** Whoever has the token of a virtual cluster may do everything in it. */
const EVERYONE: Fields = { username: 'admin', groups: ['system:masters', 'system:authenticated'] };
const ALL = ['*'];

const ANSWERS: Readonly<Record<string, (spec: Fields) => Fields>> = {
  SelfSubjectAccessReview: () => ({ allowed: true }),
  SubjectAccessReview: () => ({ allowed: true }),
  LocalSubjectAccessReview: () => ({ allowed: true }),
  SelfSubjectRulesReview: () => ({
    resourceRules: [{ verbs: ALL, apiGroups: ALL, resources: ALL }],
    nonResourceRules: [{ verbs: ALL, nonResourceURLs: ALL }],
    incomplete: false,
  }),
  SelfSubjectReview: () => ({ userInfo: EVERYONE }),
  TokenReview: ({ token }) =>
    token === undefined || token === '' ? { user: {} } : { authenticated: true, user: EVERYONE },
};

/** The answer to a question about rights: the question with its status. Nothing is stored. */
export function reviewed(kind: KindDefinition, question: KubernetesObject): KubernetesObject {
  const answer = Object.hasOwn(ANSWERS, kind.kind) ? ANSWERS[kind.kind] : undefined;
  return { ...question, status: answer?.(record(question.spec)) ?? {} };
}

/** Kinds that are asked and not stored. */
export const REVIEWS: readonly KindDefinition[] = [
  review('authorization.k8s.io', 'SelfSubjectAccessReview'),
  review('authorization.k8s.io', 'SelfSubjectRulesReview'),
  review('authorization.k8s.io', 'SubjectAccessReview'),
  review('authorization.k8s.io', 'LocalSubjectAccessReview'),
  review('authentication.k8s.io', 'SelfSubjectReview'),
  review('authentication.k8s.io', 'TokenReview'),
];

function review(group: string, kind: string): KindDefinition {
  return {
    ...{ group, kind, version: 'v1', plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase() },
    ...{ shortNames: [], categories: [], namespaced: kind.startsWith('Local') },
    ...{ hasStatus: false, hasScale: false, hasGeneration: false, isReview: true },
    rules: schemaRules(undefined),
    type: typeNamed(kind),
  };
}
