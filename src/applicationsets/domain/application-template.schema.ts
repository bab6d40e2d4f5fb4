import { z } from 'zod';
import { applicationSpecSchema } from '../../applications/domain/application.schema.js';
import { stringMap, text, texts } from '../../kubernetes/common.schema.js';

/** What an Application is made of. Its strings may hold template text, so none of them is judged here. */
export const applicationTemplateSchema = z
  .strictObject({
    metadata: z.strictObject({
      name: text,
      namespace: text,
      labels: stringMap,
      annotations: stringMap,
      finalizers: texts,
    }),
    spec: applicationSpecSchema,
  })
  .meta({ id: 'ApplicationTemplate' });
