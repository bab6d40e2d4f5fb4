import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.js';
import { Transactions, type Transaction } from '../../database/transactions.js';
import type { JoinRequest } from '../../dispatch/protocol/join.js';
import { readJoinToken } from '../../dispatch/protocol/join-token.js';
import { requireVersion } from '../domain/require-version.js';
import { isSubdomain } from '../../documents/validate-metadata.js';
import { FleetError, invalid } from '../../kernel/errors.js';
import { AgentStore } from '../agents/agent-store.js';
import { IN_CLUSTER_NAME } from '../domain/cluster.js';
import { ClusterRegistration } from './cluster-registration.js';
import { JoinAdmission } from './join-admission.js';

export interface Joined {
  clusterUid: string;
  protocolVersion: number;
}

/** Lets agents in. A join is one transaction: token used, Cluster there, key registered and audited, or nothing. */
@Injectable()
export class Joining {
  constructor(
    private readonly transactions: Transactions,
    private readonly admission: JoinAdmission,
    private readonly clusters: ClusterRegistration,
    private readonly agents: AgentStore,
    private readonly audit: AuditLog,
  ) {}

  /** Throws JOIN_TOKEN_INVALID, JOIN_NAME_REFUSED, JOIN_CLUSTER_CLAIMED, JOIN_NAME_INVALID or PROTOCOL_UNSUPPORTED. */
  async join(request: JoinRequest): Promise<Joined> {
    const protocolVersion = requireVersion(request.protocolVersions);
    refuseUnusableName(request.cluster);
    try {
      const clusterUid = await this.transactions.run((tx) => this.register(tx, request, protocolVersion));
      return { clusterUid, protocolVersion };
    } catch (error) {
      await this.auditRefusal(request, error);
      throw error;
    }
  }

  private async register(tx: Transaction, request: JoinRequest, protocolVersion: number): Promise<string> {
    const { cluster, kubeSystemUid, publicKey, agentVersion } = request;
    const { token, repeat, at } = await this.admission.admit(tx, readJoinToken(request.token).secret, request);
    const clusterUid = await this.clusters.findOrCreate(tx, cluster, token.labels);
    if (repeat) return clusterUid;
    const joinTokenId = token.id;
    const versions = { protocolVersion, agentVersion };
    await this.agents.register(tx, { clusterUid, kubeSystemUid, publicKey, joinTokenId, joinedAt: at, ...versions });
    const actor = `join-token:${joinTokenId}`;
    await this.audit.record({ actor, verb: 'join', resource: 'clusters', object: cluster, decision: 'allowed' }, tx);
    return clusterUid;
  }

  /** Refusals of valid tokens only: anyone can send a wrong one, and must not be able to fill the audit log. */
  private async auditRefusal({ cluster }: JoinRequest, error: unknown): Promise<void> {
    if (!(error instanceof FleetError) || !['forbidden', 'conflict'].includes(error.kind)) return;
    const attempt = { actor: 'join-token', verb: 'join', resource: 'clusters', object: cluster };
    await this.audit.recordDenial({ ...attempt, reason: error.code });
  }
}

function refuseUnusableName(cluster: string): void {
  if (isSubdomain(cluster) && cluster !== IN_CLUSTER_NAME) return;
  throw invalid('JOIN_NAME_INVALID', `"${cluster}" cannot be the name of a member cluster`, [
    { path: 'cluster', message: `not a DNS subdomain, or the reserved "${IN_CLUSTER_NAME}"`, got: cluster },
  ]);
}
