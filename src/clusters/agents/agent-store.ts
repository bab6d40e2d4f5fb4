import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable, type Transaction } from '../../database/transactions.js';
import type { Agent } from '../domain/agent.js';

const COLUMNS = `a.cluster_uid, o.name as cluster, a.kube_system_uid, a.public_key, a.join_token_id, a.session`;
const TABLES = `agents a join objects o on o.uid = a.cluster_uid`;

interface AgentRow {
  cluster_uid: string;
  cluster: string;
  kube_system_uid: string;
  public_key: string;
  join_token_id: string;
  session: string | null;
}

export interface SessionStart {
  session: string;
  protocolVersion: number;
  agentVersion: string;
  at: Date;
}

export interface ReportStamp {
  session: string;
  sequence: number;
  at: Date;
}

export interface AgentWrite extends Omit<Agent, 'cluster' | 'session'> {
  protocolVersion: number;
  agentVersion: string;
  joinedAt: Date;
}

/** Rows of agents; a row goes with its Cluster. */
@Injectable()
export class AgentStore {
  constructor(private readonly transactions: Transactions) {}

  async find(clusterUid: string, on: Queryable = this.transactions): Promise<Agent | undefined> {
    const [row] = await on.query<AgentRow>(`select ${COLUMNS} from ${TABLES} where a.cluster_uid = $1`, [clusterUid]);
    return row && toAgent(row);
  }

  /** The agents that hold this cluster name or this kube-system UID: none, one, or two when they disagree. */
  async claimants(on: Queryable, claim: { cluster: string; kubeSystemUid: string }): Promise<Agent[]> {
    const rows = await on.query<AgentRow>(
      `select ${COLUMNS} from ${TABLES} where (o.kind = 'Cluster' and o.name = $1) or a.kube_system_uid = $2`,
      [claim.cluster, claim.kubeSystemUid],
    );
    return rows.map(toAgent);
  }

  /** Registers the agent of a cluster, or gives it a new key; either ends its session. */
  async register(tx: Transaction, agent: AgentWrite): Promise<void> {
    await tx.query(
      `insert into agents (cluster_uid, kube_system_uid, public_key, join_token_id, joined_at, sequence,
         protocol_version, agent_version, absent_apis)
       values ($1, $2, $3, $4, $5, -1, $6, $7, '[]')
       on conflict (cluster_uid) do update set public_key = excluded.public_key, join_token_id = excluded.join_token_id,
         joined_at = excluded.joined_at, session = null, sequence = -1,
         protocol_version = excluded.protocol_version, agent_version = excluded.agent_version`,
      [
        agent.clusterUid,
        agent.kubeSystemUid,
        agent.publicKey,
        agent.joinTokenId,
        agent.joinedAt,
        agent.protocolVersion,
        agent.agentVersion,
      ],
    );
  }

  async startSession(tx: Transaction, clusterUid: string, start: SessionStart): Promise<void> {
    await tx.query(
      `update agents set session = $2, sequence = -1, protocol_version = $3, agent_version = $4, last_seen = $5
       where cluster_uid = $1`,
      [clusterUid, start.session, start.protocolVersion, start.agentVersion, start.at],
    );
  }

  /** Takes the next report of a session, once: false when it was taken before or the session is not the agent's. */
  async takeReport(tx: Transaction, clusterUid: string, { session, sequence, at }: ReportStamp): Promise<boolean> {
    const rows = await tx.query(
      `update agents set sequence = $3, last_seen = $4
       where cluster_uid = $1 and session::text = $2 and sequence < $3 returning cluster_uid`,
      [clusterUid, session, sequence, at],
    );
    return rows.length > 0;
  }

  /** Notes that these agents are there, unless that was noted after `before`. */
  async touch(clusterUids: readonly string[], at: Date, before: Date): Promise<void> {
    await this.transactions.query(
      `update agents set last_seen = $2 where cluster_uid = any($1::uuid[]) and (last_seen is null or last_seen <= $3)`,
      [clusterUids, at, before],
    );
  }

  /** The present session of each of these clusters; null for one that has none or is gone. */
  async sessions(clusterUids: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.transactions.query<{ cluster_uid: string; session: string | null }>(
      `select u.cluster_uid, a.session from unnest($1::uuid[]) as u(cluster_uid) left join agents a using (cluster_uid)`,
      [clusterUids],
    );
    return new Map(rows.map((row) => [row.cluster_uid, row.session]));
  }
}

function toAgent(row: AgentRow): Agent {
  return {
    clusterUid: row.cluster_uid,
    cluster: row.cluster,
    kubeSystemUid: row.kube_system_uid,
    publicKey: row.public_key,
    joinTokenId: row.join_token_id,
    ...(row.session === null ? {} : { session: row.session }),
  };
}
