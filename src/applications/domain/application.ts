import type { z } from 'zod';
import type { KubernetesObject } from '../../kernel/object.js';
import type { applicationSourceSchema } from './application-source.schema.js';
import type { applicationSpecSchema, destinationSchema } from './application.schema.js';

/** Fields may be absent or null alike: that is how users' documents come. */
export type ApplicationSpec = z.infer<typeof applicationSpecSchema>;
export type ApplicationSource = z.infer<typeof applicationSourceSchema>;
export type ApplicationDestination = z.infer<typeof destinationSchema>;

/** An `argoproj.io/v1alpha1` Application as a document. */
export interface Application extends KubernetesObject {
  spec: ApplicationSpec;
}

/** The sources that count: `source` is ignored once `sources` is not empty (argocd-behaviour.md 4.1). */
export function sourcesOf(spec: ApplicationSpec): readonly ApplicationSource[] {
  if (spec.sources && spec.sources.length > 0) return spec.sources;
  return spec.source ? [spec.source] : [];
}
