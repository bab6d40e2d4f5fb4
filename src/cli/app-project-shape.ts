import { flag, integer, listOf, object, raw, text, type Shape } from '../expansion/shape.js';

const kinds = listOf(object({ group: text, kind: text, name: text }));
const texts = listOf(text);

/** What decoding an AppProject into Argo CD's types checks (argocd-behaviour.md 5.1). */
export const APP_PROJECT_SHAPE: Shape = object({
  apiVersion: text,
  kind: text,
  metadata: raw,
  status: raw,
  spec: object({
    description: text,
    sourceRepos: texts,
    sourceNamespaces: texts,
    destinations: listOf(object({ server: text, name: text, namespace: text })),
    destinationServiceAccounts: listOf(object({ server: text, namespace: text, defaultServiceAccount: text })),
    clusterResourceWhitelist: kinds,
    clusterResourceBlacklist: kinds,
    namespaceResourceWhitelist: kinds,
    namespaceResourceBlacklist: kinds,
    orphanedResources: object({ warn: flag, ignore: kinds }),
    roles: listOf(
      object({
        name: text,
        description: text,
        policies: texts,
        groups: texts,
        jwtTokens: listOf(object({ iat: integer, exp: integer, id: text })),
      }),
    ),
    syncWindows: listOf(
      object({
        kind: text,
        schedule: text,
        duration: text,
        applications: texts,
        namespaces: texts,
        clusters: texts,
        manualSync: flag,
        timeZone: text,
        andOperator: flag,
        description: text,
        syncOverrun: flag,
      }),
    ),
    signatureKeys: listOf(object({ keyID: text })),
    sourceIntegrity: raw,
    permitOnlyProjectScopedClusters: flag,
  }),
});
