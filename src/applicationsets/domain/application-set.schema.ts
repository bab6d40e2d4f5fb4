import { z } from 'zod';
import { flag, intOrString, text, texts } from '../../kubernetes/common.schema.js';
import { applicationTemplateSchema } from './application-template.schema.js';
import { generatorsSchema, goTemplateFields } from './generator.schema.js';

const step = z.strictObject({
  matchExpressions: z.array(z.strictObject({ key: text, operator: text, values: texts })).nullish(),
  maxUpdate: intOrString.nullish(),
});

const strategy = z.strictObject({
  type: text,
  rollingSync: z.strictObject({ steps: z.array(step).nullish() }).nullish(),
  deletionOrder: text,
});

const syncPolicy = z.strictObject({
  preserveResourcesOnDeletion: flag,
  applicationsSync: z.enum(['create-only', 'create-update', 'create-delete', 'sync']).nullish(),
});

/** `spec` of an `argoproj.io/v1alpha1` ApplicationSet as users write it (argocd-behaviour.md 1.0, 3.4, 3.6). */
export const applicationSetSpecSchema = z.strictObject({
  ...goTemplateFields,
  generators: generatorsSchema,
  template: applicationTemplateSchema,
  templatePatch: text,
  syncPolicy: syncPolicy.nullish(),
  strategy: strategy.nullish(),
  preservedFields: z.strictObject({ annotations: texts, labels: texts }).nullish(),
  ignoreApplicationDifferences: z
    .array(z.strictObject({ name: text, jsonPointers: texts, jqPathExpressions: texts }))
    .nullish(),
  applyNestedSelectors: flag,
});

/** The body of the document beside its metadata and status. */
export const applicationSetSchema = z.strictObject({ spec: applicationSetSpecSchema });
