import { z } from 'zod';

/** `POST /agent/v1/join`, the only call that carries a join token instead of an assertion. */
export const joinRequestSchema = z.object({
  token: z.string().min(1).max(256),
  cluster: z.string().min(1).max(253),
  /** Ed25519 public key, JWK `x` (base64url of 32 bytes). */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** UID of the member's kube-system namespace: a second cluster claiming the name is refused by it. */
  kubeSystemUid: z.string().min(1).max(128),
  protocolVersions: z.array(z.number().int()).max(32),
  agentVersion: z.string().max(64),
});
export type JoinRequest = z.infer<typeof joinRequestSchema>;

export const joinResponseSchema = z.object({
  hubId: z.string(),
  clusterUid: z.string(),
  cluster: z.string(),
  protocolVersion: z.number().int(),
});
export type JoinResponse = z.infer<typeof joinResponseSchema>;

/** One served API resource of the member. */
const apiResourceSchema = z.object({
  group: z.string().max(253),
  version: z.string().max(63),
  kind: z.string().max(128),
  resource: z.string().max(253),
  namespaced: z.boolean(),
});
export type ApiResourceFact = z.infer<typeof apiResourceSchema>;

export const factsSchema = z.object({
  kubernetesVersion: z.string().max(64),
  agentVersion: z.string().max(64),
  /** Complete list of one error-free discovery; null when discovery failed, which changes nothing in the hub. */
  apis: z.array(apiResourceSchema).max(5000).nullable(),
});
export type Facts = z.infer<typeof factsSchema>;

/** `POST /agent/v1/sessions`: each agent start opens one, ending the one before. */
export const sessionRequestSchema = z.object({
  protocolVersions: z.array(z.number().int()).max(32),
  kubeSystemUid: z.string().min(1).max(128),
  facts: factsSchema,
});
export type SessionRequest = z.infer<typeof sessionRequestSchema>;

export const sessionResponseSchema = z.object({
  session: z.string(),
  hubId: z.string(),
  epoch: z.string(),
  protocolVersion: z.number().int(),
});
export type SessionResponse = z.infer<typeof sessionResponseSchema>;

/**
 * Agents sign `Authorization: Bearer <EdDSA JWT>` for every call after join: issuer and subject are the cluster's
 * hub uid, audience is the hub id, lifetime at most this many seconds, `jti` random.
 */
export const ASSERTION_SECONDS = 60;
/** Largest clock difference forgiven between hub and agent. */
export const ASSERTION_SKEW_SECONDS = 30;
