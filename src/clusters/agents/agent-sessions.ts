import { Injectable } from '@nestjs/common';
import { Transactions, type Transaction } from '../../database/transactions.js';
import type { SessionRequest } from '../../dispatch/protocol/join.js';
import { Clock } from '../../kernel/clock.js';
import { conflict, type FleetError } from '../../kernel/errors.js';
import { Ids } from '../../kernel/ids.js';
import type { Agent } from '../domain/agent.js';
import { requireVersion } from '../domain/require-version.js';
import { AgentFacts } from './agent-facts.js';
import { AgentStore, type ReportNumber } from './agent-store.js';

export interface OpenSession {
  session: string;
  protocolVersion: number;
}

export const sessionEnded = (): FleetError =>
  conflict('SESSION_ENDED', 'another start of this agent has opened a newer session', 'Open a session first.');

/** Each agent start opens a session, which ends the one before: two agents of one cluster cannot both report. */
@Injectable()
export class AgentSessions {
  constructor(
    private readonly transactions: Transactions,
    private readonly agents: AgentStore,
    private readonly facts: AgentFacts,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async open(agent: Agent, request: SessionRequest): Promise<OpenSession> {
    const protocolVersion = requireVersion(request.protocolVersions);
    refuseOtherCluster(agent, request);
    const session = this.ids.uuid();
    const at = this.clock.now();
    const { agentVersion } = request.facts;
    await this.transactions.run(async (tx) => {
      await this.agents.startSession(tx, agent.clusterUid, { session, protocolVersion, agentVersion, at });
      await this.facts.recordStart(tx, agent.clusterUid, { facts: request.facts, at });
    });
    return { session, protocolVersion };
  }

  /**
   * Takes reports of different agents in the caller's transaction. `repeated`: taken before (its answer was lost), or a later
   * one was. `ended`: its session is over.
   */
  async take(tx: Transaction, reports: readonly ReportNumber[]): Promise<('taken' | 'repeated' | 'ended')[]> {
    const taken = await this.agents.takeReports(tx, reports, this.clock.now());
    if (taken.size === reports.length) return reports.map(() => 'taken');
    const sessions = await this.agents.sessions(
      reports.map(({ clusterUid }) => clusterUid),
      tx,
    );
    return reports.map(({ clusterUid, session }) => {
      if (taken.has(clusterUid)) return 'taken';
      return sessions.get(clusterUid) === session ? 'repeated' : 'ended';
    });
  }
}

/** A restored or copied agent state must not speak for another cluster. */
function refuseOtherCluster(agent: Agent, { kubeSystemUid }: SessionRequest): void {
  if (agent.kubeSystemUid === kubeSystemUid) return;
  throw conflict(
    'JOIN_CLUSTER_CLAIMED',
    `"${agent.cluster}" joined with another kube-system UID than this cluster has`,
    'Join this cluster under a name of its own.',
  );
}
