import { flag, integer, integerOrText, listOf, mapOf, object, raw, text, type Shape } from '../../expansion/shape.js';

const texts = mapOf(text);
const requirement = object({ key: text, operator: text, values: listOf(text) });
const selector = object({ matchLabels: texts, matchExpressions: listOf(requirement) });
const paths = listOf(object({ path: text, exclude: flag }));
const common = { template: raw, values: texts, requeueAfterSeconds: integer };

/** Network generators are read later: `raw`. */
const terminal = {
  list: object({ elements: raw, elementsYaml: text, template: raw }),
  clusters: object({ selector, flatList: flag, template: raw, values: texts }),
  git: object({ repoURL: text, revision: text, directories: paths, files: paths, pathParamPrefix: text, ...common }),
  scmProvider: raw,
  clusterDecisionResource: object({ configMapRef: text, name: text, labelSelector: selector, ...common }),
  pullRequest: raw,
  selector,
  plugin: object({
    configMapRef: object({ name: text }),
    input: object({ parameters: mapOf(raw) }),
    ...common,
  }),
};

/** Argo CD keeps a matrix or merge inside another as it is written, and decodes it when it comes to it. */
const children = listOf(object({ ...terminal, matrix: raw, merge: raw }));
const generator = object({
  ...terminal,
  matrix: object({ generators: children, template: raw }),
  merge: object({ generators: children, mergeKeys: listOf(text), template: raw }),
});

const rolloutStep = object({ matchExpressions: listOf(requirement), maxUpdate: integerOrText });

/**
 * What decoding an ApplicationSet into Argo CD's types checks; it checks no values and ignores what it does not know. The
 * template is judged by expansion, with the fields it has there.
 */
export const APPLICATION_SET_SHAPE: Shape = object({
  apiVersion: text,
  kind: text,
  metadata: raw,
  status: raw,
  spec: object({
    goTemplate: flag,
    goTemplateOptions: listOf(text),
    generators: listOf(generator),
    template: raw,
    templatePatch: text,
    syncPolicy: object({ preserveResourcesOnDeletion: flag, applicationsSync: text }),
    strategy: object({ type: text, rollingSync: object({ steps: listOf(rolloutStep) }), deletionOrder: text }),
    preservedFields: object({ annotations: listOf(text), labels: listOf(text) }),
    applyNestedSelectors: flag,
    ignoreApplicationDifferences: listOf(
      object({ name: text, jsonPointers: listOf(text), jqPathExpressions: listOf(text) }),
    ),
  }),
});
