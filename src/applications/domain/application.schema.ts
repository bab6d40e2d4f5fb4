import { z } from 'zod';
import { flag, integer, stringMap, text, texts } from '../../kubernetes/common.schema.js';
import { applicationSourceSchema, sourceHydratorSchema } from './application-source.schema.js';

export const destinationSchema = z.strictObject({ server: text, name: text, namespace: text });

const retry = z.strictObject({
  limit: integer.nullish(),
  backoff: z.strictObject({ duration: text, factor: integer.nullish(), maxDuration: text }).nullish(),
  refresh: flag,
});

const syncPolicySchema = z.strictObject({
  automated: z.strictObject({ prune: flag, selfHeal: flag, allowEmpty: flag, enabled: flag }).nullish(),
  syncOptions: texts,
  retry: retry.nullish(),
  managedNamespaceMetadata: z.strictObject({ labels: stringMap, annotations: stringMap }).nullish(),
});

const ignoreDifferences = z.strictObject({
  group: text,
  kind: z.string(),
  name: text,
  namespace: text,
  jsonPointers: texts,
  jqPathExpressions: texts,
  managedFieldsManagers: texts,
});

const info = z.array(z.strictObject({ name: z.string(), value: z.string() })).nullish();

/** `spec` of an `argoproj.io/v1alpha1` Application as users write it (argocd-behaviour.md 4.1). */
export const applicationSpecSchema = z
  .strictObject({
    source: applicationSourceSchema.nullish(),
    sources: z.array(applicationSourceSchema).nullish(),
    sourceHydrator: sourceHydratorSchema.nullish(),
    destination: destinationSchema,
    project: z.string(),
    syncPolicy: syncPolicySchema.nullish(),
    ignoreDifferences: z.array(ignoreDifferences).nullish(),
    info,
    revisionHistoryLimit: integer.nullish(),
  })
  .meta({ id: 'ApplicationSpec' });

const force = z.strictObject({ force: flag }).nullish();

const syncOperation = z.strictObject({
  revision: text,
  revisions: texts,
  prune: flag,
  dryRun: flag,
  syncStrategy: z.strictObject({ apply: force, hook: force }).nullish(),
  resources: z
    .array(z.strictObject({ group: text, kind: z.string(), name: z.string(), namespace: text, exclude: flag }))
    .nullish(),
  source: applicationSourceSchema.nullish(),
  sources: z.array(applicationSourceSchema).nullish(),
  manifests: texts,
  syncOptions: texts,
  autoHealAttemptsCount: integer.nullish(),
});

const operation = z.strictObject({
  sync: syncOperation.nullish(),
  initiatedBy: z.strictObject({ username: text, automated: flag }).nullish(),
  info,
  retry: retry.nullish(),
});

/** The body of the document beside its metadata and status. */
export const applicationSchema = z.strictObject({ spec: applicationSpecSchema, operation: operation.nullish() });
