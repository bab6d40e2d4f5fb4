import { z } from 'zod';
import { generatorsSchema, goTemplateFields } from '../../applicationsets/domain/generator.schema.js';
import { freeObject, stringMap, text } from '../../kubernetes/common.schema.js';

const template = z.strictObject({
  apiVersion: z.string(),
  kind: z.enum(['ClusterSecretStore', 'SecretStore']),
  metadata: z.strictObject({ name: z.string(), namespace: text, labels: stringMap, annotations: stringMap }),
  spec: freeObject,
});

/**
 * `spec` of a `fleetwright.io/v1alpha1` SecretStoreSet: what an ApplicationSet is to Applications, for ESO stores.
 * `destination` is template text and names one cluster for each result; `{{name}}` where it is absent.
 */
export const secretStoreSetSpecSchema = z.strictObject({
  project: z.string().min(1),
  ...goTemplateFields,
  generators: generatorsSchema,
  destination: z.strictObject({ name: text, server: text }).nullish(),
  template,
});

/** The body of the document beside its metadata and status. */
export const secretStoreSetSchema = z.strictObject({ spec: secretStoreSetSpecSchema });
