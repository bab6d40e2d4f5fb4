import { flag, integer, integerOrText, listOf, mapOf, object, raw, text } from './shape.js';

const labels = mapOf(text);
const named = object({ name: text, value: text });

const jsonnetVariables = listOf(object({ name: text, value: text, code: flag }));

const helm = object({
  valueFiles: listOf(text),
  parameters: listOf(object({ name: text, value: text, forceString: flag })),
  releaseName: text,
  values: text,
  valuesObject: raw,
  fileParameters: listOf(object({ name: text, path: text })),
  version: text,
  passCredentials: flag,
  ignoreMissingValueFiles: flag,
  skipCrds: flag,
  skipTests: flag,
  skipSchemaValidation: flag,
  namespace: text,
  kubeVersion: text,
  apiVersions: listOf(text),
});

const patchTarget = object({
  group: text,
  version: text,
  kind: text,
  name: text,
  namespace: text,
  labelSelector: text,
  annotationSelector: text,
});

const kustomize = object({
  namePrefix: text,
  nameSuffix: text,
  images: listOf(text),
  commonLabels: labels,
  commonAnnotations: labels,
  forceCommonLabels: flag,
  forceCommonAnnotations: flag,
  commonAnnotationsEnvsubst: flag,
  version: text,
  namespace: text,
  replicas: listOf(object({ name: text, count: integerOrText })),
  patches: listOf(object({ path: text, patch: text, target: patchTarget, options: mapOf(flag) })),
  components: listOf(text),
  ignoreMissingComponents: flag,
  labelWithoutSelector: flag,
  labelIncludeTemplates: flag,
  kubeVersion: text,
  apiVersions: listOf(text),
});

const directory = object({
  recurse: flag,
  jsonnet: object({ extVars: jsonnetVariables, tlas: jsonnetVariables, libs: listOf(text) }),
  include: text,
  exclude: text,
  disableExtensionFilter: flag,
});

const plugin = object({
  name: text,
  env: listOf(named),
  parameters: listOf(object({ name: text, string: text, array: listOf(text), map: labels })),
});

const tools = { helm, kustomize, directory, plugin };

const source = object({
  repoURL: text,
  path: text,
  targetRevision: text,
  chart: text,
  ref: text,
  name: text,
  tagPrefix: text,
  ...tools,
});

const hydrator = object({
  drySource: object({ repoURL: text, targetRevision: text, path: text, ...tools }),
  syncSource: object({ repoURL: text, targetBranch: text, path: text }),
  hydrateTo: object({ targetBranch: text }),
});

const syncPolicy = object({
  automated: object({ prune: flag, selfHeal: flag, allowEmpty: flag, enabled: flag }),
  syncOptions: listOf(text),
  retry: object({
    limit: integer,
    backoff: object({ duration: text, factor: integer, maxDuration: text }),
    refresh: flag,
  }),
  managedNamespaceMetadata: object({ labels, annotations: labels }),
});

const ignoredDifference = object({
  group: text,
  kind: text,
  name: text,
  namespace: text,
  jsonPointers: listOf(text),
  jqPathExpressions: listOf(text),
  managedFieldsManagers: listOf(text),
});

const metadata = { name: text, namespace: text, labels, annotations: labels, finalizers: listOf(text) };

const spec = object({
  project: text,
  source,
  sources: listOf(source),
  sourceHydrator: hydrator,
  destination: object({ server: text, name: text, namespace: text }),
  syncPolicy,
  ignoreDifferences: listOf(ignoredDifference),
  info: listOf(named),
  revisionHistoryLimit: integer,
});

/** What an ApplicationSet's template may hold (argocd-behaviour.md 2.1 and 4.1). */
export const APPLICATION_SHAPE = object({ metadata: object(metadata), spec });

const owner = object({
  apiVersion: text,
  kind: text,
  name: text,
  uid: text,
  controller: flag,
  blockOwnerDeletion: flag,
});

/** What a templatePatch is read as: a whole Application. What a template cannot hold is checked, and then left out. */
export const PATCH_SHAPE = object({
  apiVersion: text,
  kind: text,
  metadata: object({
    ...metadata,
    generateName: text,
    uid: text,
    resourceVersion: text,
    generation: integer,
    creationTimestamp: text,
    ownerReferences: listOf(owner),
  }),
  spec,
});
