import { z } from 'zod';
import { MAX_PATTERN } from '../../kernel/glob-syntax.js';
import type { KubernetesObject } from '../../kernel/object.js';

const text = z.string().max(MAX_PATTERN);
const texts = z.array(text).max(5000);

/** Globs; each may be negated by a leading `!`. */
const destination = z.strictObject({
  server: text.nullish(),
  name: text.nullish(),
  namespace: text.nullish(),
});
export type ProjectDestination = z.infer<typeof destination>;

/** Path patterns over API group and kind. */
const kind = z.strictObject({ group: text.nullish(), kind: text.nullish() });
/** Cluster-scoped kinds may be narrowed to names. */
const clusterKind = kind.extend({ name: text.nullish() });
export type ProjectKind = z.infer<typeof clusterKind>;

const serviceAccount = z.strictObject({
  server: text.nullish(),
  namespace: text.nullish(),
  defaultServiceAccount: text,
});
export type DestinationServiceAccount = z.infer<typeof serviceAccount>;

const role = z.strictObject({
  name: z.string().max(253),
  description: text.nullish(),
  policies: texts.nullish(),
  groups: texts.nullish(),
  jwtTokens: z
    .array(z.strictObject({ iat: z.number(), exp: z.number().nullish(), id: text.nullish() }))
    .max(5000)
    .nullish(),
});
export type ProjectRole = z.infer<typeof role>;

const syncWindow = z.strictObject({
  kind: text.nullish(),
  schedule: text.nullish(),
  duration: text.nullish(),
  applications: texts.nullish(),
  namespaces: texts.nullish(),
  clusters: texts.nullish(),
  manualSync: z.boolean().nullish(),
  timeZone: text.nullish(),
  andOperator: z.boolean().nullish(),
  description: text.nullish(),
  syncOverrun: z.boolean().nullish(),
});

const gitPolicy = z.strictObject({
  repos: z
    .array(z.strictObject({ url: text }))
    .max(5000)
    .nullish(),
  gpg: z.strictObject({ mode: z.enum(['none', 'head', 'strict']).nullish(), keys: texts.nullish() }).nullish(),
});

/**
 * `spec` of an `argoproj.io/v1alpha1` AppProject as users write it (argocd-behaviour.md 5.1). Read-only once parsed. A
 * list that is absent or null is not an empty one.
 */
const appProjectSpecSchema = z.strictObject({
  description: z.string().max(255).nullish(),
  sourceRepos: texts.nullish(),
  sourceNamespaces: texts.nullish(),
  destinations: z.array(destination).max(5000).nullish(),
  destinationServiceAccounts: z.array(serviceAccount).max(5000).nullish(),
  clusterResourceWhitelist: z.array(clusterKind).max(5000).nullish(),
  clusterResourceBlacklist: z.array(clusterKind).max(5000).nullish(),
  namespaceResourceWhitelist: z.array(kind).max(5000).nullish(),
  namespaceResourceBlacklist: z.array(kind).max(5000).nullish(),
  orphanedResources: z
    .strictObject({ warn: z.boolean().nullish(), ignore: z.array(clusterKind).max(5000).nullish() })
    .nullish(),
  roles: z.array(role).max(1000).nullish(),
  syncWindows: z.array(syncWindow).max(1000).nullish(),
  signatureKeys: z
    .array(z.strictObject({ keyID: text }))
    .max(1000)
    .nullish(),
  sourceIntegrity: z
    .strictObject({ git: z.strictObject({ policies: z.array(gitPolicy).max(1000).nullish() }).nullish() })
    .nullish(),
  permitOnlyProjectScopedClusters: z.boolean().nullish(),
});
export type AppProjectSpec = z.infer<typeof appProjectSpecSchema>;

/** The body of the document beside its metadata. */
export const appProjectSchema = z.strictObject({ spec: appProjectSpecSchema });

export interface AppProject extends KubernetesObject {
  spec: AppProjectSpec;
}
