import { Injectable } from '@nestjs/common';
import { Transactions, type Transaction } from '../../database/transactions.js';
import type { SessionRequest } from '../../dispatch/protocol/join.js';
import { Clock } from '../../kernel/clock.js';
import { conflict, type FleetError } from '../../kernel/errors.js';
import { Ids } from '../../kernel/ids.js';
import type { Agent } from '../domain/agent.js';
import { requireVersion } from '../domain/require-version.js';
import { AgentFacts } from './agent-facts.js';
import { AgentStore } from './agent-store.js';

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
   * Takes a report in the caller's transaction. False when it was taken before (its answer was lost) or a later one
   * was; throws SESSION_ENDED for a session that is over.
   */
  async take(tx: Transaction, clusterUid: string, report: { session: string; sequence: number }): Promise<boolean> {
    const at = this.clock.now();
    if (await this.agents.takeReport(tx, clusterUid, { ...report, at })) return true;
    const agent = await this.agents.find(clusterUid, tx);
    if (agent?.session !== report.session) throw sessionEnded();
    return false;
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
