import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.js';
import { FleetError } from '../../kernel/errors.js';
import type { Ids } from '../../kernel/ids.js';
import { NAMESPACES, SECRETS } from '../../kubernetes/client/api-resource.js';
import type { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';
import { PUBLIC_KEY_PIN } from '../../kernel/public-key-pin.js';
import { ASSERTION_SECONDS, joinResponseSchema, type JoinRequest, type JoinResponse } from '../protocol/join.js';
import { readJoinToken } from '../protocol/join-token.js';
import { PROTOCOL_VERSIONS } from '../protocol/versions.js';
import { AGENT_NAMESPACE } from './agent-namespace.js';

const SECRET_NAME = 'agent-identity';

const jwkSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });
type PrivateKey = z.infer<typeof jwkSchema>;
const pinSchema = z.string().regex(PUBLIC_KEY_PIN);

/** Who this agent is to its hub: what the join gave it, and the key that proves it. */
export interface Identity {
  joined: JoinResponse;
  key: PrivateKey;
  kubeSystemUid: string;
}

export interface JoinOptions {
  cluster: string;
  joinToken: string | undefined;
  agentVersion: string;
  join: (request: JoinRequest) => Promise<JoinResponse>;
}

/**
 * The identity kept in the member cluster, or a new one by joining. The key is stored before it is shown to the hub, so
 * that a crash in between repeats the join with the same key and is recognised.
 */
export async function loadIdentity(client: KubernetesClient, options: JoinOptions): Promise<Identity> {
  const kubeSystemUid = await uidOfKubeSystem(client);
  const stored = await client.get(SECRETS, AGENT_NAMESPACE, SECRET_NAME);
  const key = secretValue(stored?.data, 'key', jwkSchema) ?? (await newKey());
  const known = secretValue(stored?.data, 'joined', joinResponseSchema);
  const token = options.joinToken === undefined ? undefined : readJoinToken(options.joinToken);
  const pin = token?.pin ?? secretValue(stored?.data, 'pin', pinSchema);
  if (known) {
    if (pin !== secretValue(stored?.data, 'pin', pinSchema)) await store(client, { key, joined: known, pin });
    return { joined: known, key, kubeSystemUid };
  }
  if (token === undefined) {
    throw new FleetError('precondition', 'NOT_JOINED', 'this cluster has not joined a hub and no join token is given', {
      hint: 'Mint a join token on the hub and give it to the agent.',
    });
  }
  await store(client, { key });
  const joined = await options.join({
    token: token.secret,
    cluster: options.cluster,
    publicKey: key.x,
    kubeSystemUid,
    protocolVersions: [...PROTOCOL_VERSIONS],
    agentVersion: options.agentVersion,
  });
  await store(client, { key, joined, pin });
  return { joined, key, kubeSystemUid };
}

/** Of the hub's authority, as the join left it. */
export async function storedPin(client: KubernetesClient): Promise<string | undefined> {
  const stored = await client.get(SECRETS, AGENT_NAMESPACE, SECRET_NAME);
  return secretValue(stored?.data, 'pin', pinSchema);
}

/** Signs the short-lived assertion that every call after the join carries (protocol/join.ts). */
export async function assertionSigner(
  { joined, key }: Identity,
  clock: Clock,
  ids: Ids,
): Promise<() => Promise<string>> {
  const signingKey = await importJWK(key as JWK, 'EdDSA');
  return () => {
    const now = Math.floor(clock.now().getTime() / 1000);
    return new SignJWT()
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
      .setIssuer(joined.clusterUid)
      .setSubject(joined.clusterUid)
      .setAudience(joined.hubId)
      .setIssuedAt(now)
      .setExpirationTime(now + ASSERTION_SECONDS)
      .setJti(ids.secret(16))
      .sign(signingKey);
  };
}

async function uidOfKubeSystem(client: KubernetesClient): Promise<string> {
  const namespace = await client.get(NAMESPACES, '', 'kube-system');
  if (namespace?.metadata.uid) return namespace.metadata.uid;
  throw new FleetError('precondition', 'NO_KUBE_SYSTEM', 'the cluster has no kube-system namespace to be known by', {
    hint: 'Let the agent read the namespace kube-system.',
  });
}

async function newKey(): Promise<PrivateKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return jwkSchema.parse(await exportJWK(privateKey));
}

interface StoredIdentity {
  key: PrivateKey;
  joined?: JoinResponse;
  pin?: string | undefined;
}

async function store(client: KubernetesClient, values: StoredIdentity): Promise<void> {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  const data = known.map(([name, value]) => [name, toBase64(JSON.stringify(value))] as const);
  await client.apply(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET_NAME, namespace: AGENT_NAMESPACE },
    type: 'Opaque',
    data: Object.fromEntries(data),
  });
}

function secretValue<T>(data: unknown, name: string, schema: z.ZodType<T>): T | undefined {
  const text = z.record(z.string(), z.string()).safeParse(data).data?.[name];
  if (text === undefined) return undefined;
  return schema.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
