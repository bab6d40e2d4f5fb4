import { z } from 'zod';

/** The body of a Cluster document. Labels, in metadata, are the admins'; facts, in status, are the agent's. */
export const clusterSchema = z.strictObject({
  spec: z
    .strictObject({
      server: z
        .url({ protocol: /^https?$/ })
        .max(2048)
        .optional(),
      /** Project the cluster is bound to, as an Argo CD cluster Secret's `project`. */
      project: z.string().max(253).optional(),
    })
    .default({}),
});
