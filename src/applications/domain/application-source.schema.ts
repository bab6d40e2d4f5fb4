import { z } from 'zod';
import { flag, freeObject, intOrString, stringMap, text, texts } from '../../kubernetes/common.schema.js';

const helm = z.strictObject({
  valueFiles: texts,
  parameters: z.array(z.strictObject({ name: text, value: text, forceString: flag })).nullish(),
  releaseName: text,
  values: text,
  valuesObject: freeObject.nullish(),
  fileParameters: z.array(z.strictObject({ name: text, path: text })).nullish(),
  version: text,
  passCredentials: flag,
  ignoreMissingValueFiles: flag,
  skipCrds: flag,
  skipTests: flag,
  skipSchemaValidation: flag,
  namespace: text,
  kubeVersion: text,
  apiVersions: texts,
});

const kustomizePatch = z.strictObject({
  path: text,
  patch: text,
  target: z
    .strictObject({
      group: text,
      version: text,
      kind: text,
      name: text,
      namespace: text,
      labelSelector: text,
      annotationSelector: text,
    })
    .nullish(),
  options: z.record(z.string(), z.boolean()).nullish(),
});

const kustomize = z.strictObject({
  namePrefix: text,
  nameSuffix: text,
  images: texts,
  commonLabels: stringMap,
  commonAnnotations: stringMap,
  commonAnnotationsEnvsubst: flag,
  forceCommonLabels: flag,
  forceCommonAnnotations: flag,
  labelWithoutSelector: flag,
  labelIncludeTemplates: flag,
  version: text,
  namespace: text,
  replicas: z.array(z.strictObject({ name: z.string(), count: intOrString })).nullish(),
  patches: z.array(kustomizePatch).nullish(),
  components: texts,
  ignoreMissingComponents: flag,
  kubeVersion: text,
  apiVersions: texts,
});

const jsonnetVariables = z.array(z.strictObject({ name: z.string(), value: z.string(), code: flag })).nullish();

const directory = z.strictObject({
  recurse: flag,
  jsonnet: z.strictObject({ extVars: jsonnetVariables, tlas: jsonnetVariables, libs: texts }).nullish(),
  include: text,
  exclude: text,
  disableExtensionFilter: flag,
});

const plugin = z.strictObject({
  name: text,
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).nullish(),
  parameters: z.array(z.strictObject({ name: text, string: text, map: stringMap, array: texts })).nullish(),
});

const tools = {
  helm: helm.nullish(),
  kustomize: kustomize.nullish(),
  directory: directory.nullish(),
  plugin: plugin.nullish(),
};

/** One source of an Application (argocd-behaviour.md 4.1). */
export const applicationSourceSchema = z
  .strictObject({
    repoURL: z.string(),
    path: text,
    targetRevision: text,
    chart: text,
    ref: text,
    name: text,
    tagPrefix: text,
    ...tools,
  })
  .meta({ id: 'ApplicationSource' });

export const sourceHydratorSchema = z.strictObject({
  drySource: z.strictObject({ repoURL: z.string(), targetRevision: z.string(), path: z.string(), ...tools }),
  syncSource: z.strictObject({ targetBranch: z.string(), path: z.string(), repoURL: text }),
  hydrateTo: z.strictObject({ targetBranch: z.string() }).nullish(),
});
