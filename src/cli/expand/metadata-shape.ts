import { integer, listOf, mapOf, object, text, type Shape } from '../../expansion/shape.js';

/** The parts of an object's metadata that users write or expansion reads. */
export const METADATA_SHAPE: Shape = object({
  name: text,
  namespace: text,
  labels: mapOf(text),
  annotations: mapOf(text),
  finalizers: listOf(text),
  uid: text,
  generation: integer,
  creationTimestamp: text,
});
