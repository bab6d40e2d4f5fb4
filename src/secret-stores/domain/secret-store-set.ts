import type { z } from 'zod';
import type { KubernetesObject } from '../../kernel/object.js';
import type { secretStoreSetSpecSchema } from './secret-store-set.schema.js';

export type SecretStoreSetSpec = z.infer<typeof secretStoreSetSpecSchema>;

/** A `fleetwright.io/v1alpha1` SecretStoreSet as a document. */
export interface SecretStoreSet extends KubernetesObject {
  spec: SecretStoreSetSpec;
}
