import { z } from 'zod';

export const secretKey = z.strictObject({ secretName: z.string(), key: z.string() });
export const configMapKey = z.strictObject({ configMapName: z.string(), key: z.string() });
export const basicAuth = z.strictObject({ username: z.string(), passwordRef: secretKey });
export const bearerToken = z.strictObject({ tokenRef: secretKey });
