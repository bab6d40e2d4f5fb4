import { conflict, FleetError } from '../../kernel/errors.js';
import type { Agent } from './agent.js';
import type { JoinToken } from './join-token.js';

export interface JoinClaim {
  cluster: string;
  kubeSystemUid: string;
  publicKey: string;
}

export interface JoinState {
  /** Undefined when no token has that secret. */
  token: JoinToken | undefined;
  /** Agents that hold the claimed name or the claimed UID. */
  claimants: readonly Agent[];
  now: Date;
}

export interface Admitted {
  token: JoinToken;
  /** A join whose answer was lost: it is answered again and costs no second use. */
  repeat: boolean;
}

/** Same for unknown, revoked, expired and used up, so that a guess learns nothing. */
const tokenInvalid = (): FleetError =>
  new FleetError('unauthenticated', 'JOIN_TOKEN_INVALID', 'the join token is unknown, expired or used up', {
    hint: 'Ask a platform admin for a new join token.',
  });

/** Whether an agent may join. A second cluster that claims a name or a UID is refused, never merged. */
export function admitJoin(claim: JoinClaim, { token, claimants, now }: JoinState): Admitted {
  if (!token || token.revokedAt) throw tokenInvalid();
  const same = claimants.find(
    (agent) => agent.cluster === claim.cluster && agent.kubeSystemUid === claim.kubeSystemUid,
  );
  if (same?.joinTokenId === token.id && same.publicKey === claim.publicKey) return { token, repeat: true };
  if (token.usesLeft < 1 || token.expiresAt <= now) throw tokenInvalid();
  refuseName(claim, token);
  refuseClaimed(claim, claimants);
  return { token, repeat: false };
}

function refuseName({ cluster }: JoinClaim, { namePrefix }: JoinToken): void {
  if (cluster.startsWith(namePrefix)) return;
  throw new FleetError(
    'forbidden',
    'JOIN_NAME_REFUSED',
    `this join token does not admit a cluster named "${cluster}"`,
    {
      hint: `Its clusters are named "${namePrefix}…".`,
    },
  );
}

function refuseClaimed({ cluster, kubeSystemUid }: JoinClaim, claimants: readonly Agent[]): void {
  const rival = claimants.find((agent) => agent.cluster !== cluster || agent.kubeSystemUid !== kubeSystemUid);
  if (!rival) return;
  const message =
    rival.cluster === cluster
      ? `the name "${cluster}" belongs to another cluster (its kube-system UID is not this one's)`
      : `this cluster has joined already, as "${rival.cluster}"`;
  throw conflict(
    'JOIN_CLUSTER_CLAIMED',
    message,
    'Join under another name, or let an admin remove the Cluster that holds it.',
  );
}
