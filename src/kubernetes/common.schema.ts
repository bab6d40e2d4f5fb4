import { z } from 'zod';

/**
 * Shapes that Kubernetes-style documents share. An optional field may also be null, which Kubernetes drops. A schema with
 * an id is described once, under that name, in the API's description.
 */
export const text = z.string().nullish();
export const flag = z.boolean().nullish();
export const texts = z.array(z.string()).nullish();
export const stringMap = z.record(z.string(), z.string()).nullish();
/** 64-bit integers that JavaScript can hold. */
export const integer = z.int();
export const intOrString = z.union([z.int(), z.string()]);
/** Any JSON object, where the field is free-form. */
export const freeObject = z.record(z.string(), z.unknown());

export const labelSelector = z
  .strictObject({
    matchLabels: stringMap,
    matchExpressions: z.array(z.strictObject({ key: z.string(), operator: z.string(), values: texts })).nullish(),
  })
  .meta({ id: 'LabelSelector' });
