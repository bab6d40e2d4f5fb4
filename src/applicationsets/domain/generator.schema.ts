import { z } from 'zod';
import { flag, integer, labelSelector, stringMap, text, texts } from '../../kubernetes/common.schema.js';
import { applicationTemplateSchema } from './application-template.schema.js';
import { pullRequestSchema } from './pull-request.schema.js';
import { scmProviderSchema } from './scm-provider.schema.js';

const template = applicationTemplateSchema.nullish();
const requeueAfterSeconds = integer.nullish();

const list = z
  .strictObject({ elements: z.array(z.unknown()).nullish(), elementsYaml: text, template })
  .meta({ id: 'ListGenerator' });

const clusters = z
  .strictObject({ selector: labelSelector.nullish(), values: stringMap, flatList: flag, template })
  .meta({ id: 'ClusterGenerator' });

const gitPaths = z.array(z.strictObject({ path: z.string(), exclude: flag })).nullish();

const git = z
  .strictObject({
    repoURL: z.string(),
    revision: z.string(),
    directories: gitPaths,
    files: gitPaths,
    pathParamPrefix: text,
    values: stringMap,
    requeueAfterSeconds,
    template,
  })
  .meta({ id: 'GitGenerator' });

const clusterDecisionResource = z
  .strictObject({
    configMapRef: z.string(),
    name: text,
    labelSelector: labelSelector.nullish(),
    values: stringMap,
    requeueAfterSeconds,
    template,
  })
  .meta({ id: 'ClusterDecisionResourceGenerator' });

const plugin = z
  .strictObject({
    configMapRef: z.strictObject({ name: z.string() }),
    input: z.strictObject({ parameters: z.record(z.string(), z.unknown()).nullish() }).nullish(),
    values: stringMap,
    requeueAfterSeconds,
    template,
  })
  .meta({ id: 'PluginGenerator' });

const terminal = {
  list: list.nullish(),
  clusters: clusters.nullish(),
  git: git.nullish(),
  scmProvider: scmProviderSchema.nullish(),
  clusterDecisionResource: clusterDecisionResource.nullish(),
  pullRequest: pullRequestSchema.nullish(),
  plugin: plugin.nullish(),
  selector: labelSelector.nullish(),
};

/** Combinations nest twice; a third level is an unknown field, as Argo CD drops it (argocd-behaviour.md 1.0). */
const innermost = z.array(z.strictObject(terminal));
const nested = z.array(
  z.strictObject({
    ...terminal,
    matrix: z.strictObject({ generators: innermost }).nullish(),
    merge: z.strictObject({ generators: innermost, mergeKeys: z.array(z.string()) }).nullish(),
  }),
);

/** One entry of `spec.generators` (argocd-behaviour.md 1): several generators in it give the results of each. */
export const generatorSchema = z.strictObject({
  ...terminal,
  matrix: z.strictObject({ generators: nested, template }).nullish(),
  merge: z.strictObject({ generators: nested, mergeKeys: z.array(z.string()), template }).nullish(),
});

export const generatorsSchema = z.array(generatorSchema);
export const goTemplateFields = { goTemplate: flag, goTemplateOptions: texts };
