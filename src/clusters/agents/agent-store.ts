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

/** Which report of an agent: within a session the sequence only grows. */
export interface ReportNumber {
  clusterUid: string;
  session: string;
  sequence: number;
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

  /** Those of these agents that exist, by cluster. */
  async findAll(clusterUids: readonly string[]): Promise<Map<string, Agent>> {
    const rows = await this.transactions.query<AgentRow>(
      `select ${COLUMNS} from ${TABLES} where a.cluster_uid = any($1::uuid[])`,
      [clusterUids],
    );
    return new Map(rows.map((row) => [row.cluster_uid, toAgent(row)]));
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

  /**
   * Takes the next report of each of these agents, once: answers the clusters without those whose report was taken before
   * or whose session is another. Rows are locked in key order, so that two replicas cannot deadlock.
   */
  async takeReports(tx: Transaction, reports: readonly ReportNumber[], at: Date): Promise<Set<string>> {
    const rows = await tx.query<{ cluster_uid: string }>(
      `with next as (
         select a.cluster_uid, r.sequence
         from unnest($1::uuid[], $2::text[], $3::bigint[]) as r(cluster_uid, session, sequence)
         join agents a on a.cluster_uid = r.cluster_uid and a.session::text = r.session and a.sequence < r.sequence
         order by a.cluster_uid for update of a
       )
       update agents a set sequence = next.sequence, last_seen = $4 from next
       where a.cluster_uid = next.cluster_uid returning a.cluster_uid`,
      [
        reports.map(({ clusterUid }) => clusterUid),
        reports.map(({ session }) => session),
        reports.map(({ sequence }) => sequence),
        at,
      ],
    );
    return new Set(rows.map((row) => row.cluster_uid));
  }

  /** Notes that these agents are there, unless that was noted after `before` or is being noted. */
  async touch(clusterUids: readonly string[], at: Date, before: Date): Promise<void> {
    await this.transactions.query(
      `with silent as (
         select cluster_uid from agents where cluster_uid = any($1::uuid[]) and (last_seen is null or last_seen <= $3)
         for update skip locked
       )
       update agents a set last_seen = $2 from silent where a.cluster_uid = silent.cluster_uid`,
      [clusterUids, at, before],
    );
  }

  /** The present session of each of these clusters; null for one that has none or is gone. */
  async sessions(
    clusterUids: readonly string[],
    on: Queryable = this.transactions,
  ): Promise<Map<string, string | null>> {
    const rows = await on.query<{ cluster_uid: string; session: string | null }>(
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
