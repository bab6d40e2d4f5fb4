import type { z } from 'zod';
import type { KubernetesObject } from '../../kernel/object.js';
import type { applicationSetSpecSchema } from './application-set.schema.js';
import type { generatorSchema } from './generator.schema.js';

export type ApplicationSetSpec = z.infer<typeof applicationSetSpecSchema>;
export type ApplicationTemplate = ApplicationSetSpec['template'];
export type Generator = z.infer<typeof generatorSchema>;

/** An `argoproj.io/v1alpha1` ApplicationSet as a document. */
export interface ApplicationSet extends KubernetesObject {
  spec: ApplicationSetSpec;
}
