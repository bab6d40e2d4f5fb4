import { z } from 'zod';
import { text } from '../../kubernetes/common.schema.js';

/** `spec` of a `fleetwright.io/v1alpha1` Cluster. Labels are metadata; facts are status and belong to the agent. */
export const clusterSpecSchema = z.strictObject({ server: text });

/** The body of the document beside its metadata and status; a Cluster needs no spec. */
export const clusterSchema = z.strictObject({ spec: clusterSpecSchema.nullish() });
