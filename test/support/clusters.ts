import { AuditLog } from '../../src/audit/audit-log.js';
import { RequestScope } from '../../src/audit/request-scope.js';
import { Evaluator } from '../../src/access/evaluator.js';
import { AgentFacts } from '../../src/clusters/agents/agent-facts.js';
import { AgentPresence } from '../../src/clusters/agents/agent-presence.js';
import { AgentSessions } from '../../src/clusters/agents/agent-sessions.js';
import { AgentStore } from '../../src/clusters/agents/agent-store.js';
import { ClusterStatusStore } from '../../src/clusters/agents/cluster-status-store.js';
import { ClusterKind } from '../../src/clusters/cluster.kind.js';
import { ClusterRegistration } from '../../src/clusters/join/cluster-registration.js';
import { HubAddress } from '../../src/clusters/join/hub-address.js';
import { JoinAdmission } from '../../src/clusters/join/join-admission.js';
import { JoinTokenMint } from '../../src/clusters/join/join-token-mint.js';
import { JoinTokenStore } from '../../src/clusters/join/join-token-store.js';
import { JoinTokensService } from '../../src/clusters/join/join-tokens.service.js';
import { Joining } from '../../src/clusters/join/joining.js';
import type { Clock } from '../../src/kernel/clock.js';
import { RandomIds } from '../../src/kernel/ids.js';
import type { TestDatabase } from './postgres.js';
import { WorkQueue } from '../../src/reconcile/work-queue.js';
import { RecordingLog } from './recording-log.js';

export const ADMIN = { type: 'token', id: '1', name: 'admin', admin: true } as const;

export interface ClusterServices {
  log: RecordingLog;
  tokens: JoinTokensService;
  joining: Joining;
  agents: AgentStore;
  sessions: AgentSessions;
  facts: AgentFacts;
  presence: AgentPresence;
}

/** The room's services wired by hand over a spec's own database. */
export function clusterServices(db: TestDatabase, clock: Clock): ClusterServices {
  const ids = new RandomIds();
  const log = new RecordingLog();
  const audit = new AuditLog(db.transactions, clock, new RequestScope(), log);
  const evaluator = new Evaluator({ policiesOf: async () => [] }, audit);
  const store = new JoinTokenStore(db.transactions);
  const agents = new AgentStore(db.transactions);
  const statuses = new ClusterStatusStore(db.transactions, db.statuses);
  const facts = new AgentFacts(statuses, new WorkQueue(db.transactions, ids));
  const mint = new JoinTokenMint(clock, ids);
  const registration = new ClusterRegistration(db.store, new ClusterKind(db.store), clock);
  return {
    log,
    agents,
    facts,
    tokens: new JoinTokensService(evaluator, audit, store, mint, db.transactions, new HubAddress()),
    joining: new Joining(db.transactions, new JoinAdmission(store, agents, clock), registration, agents, audit),
    sessions: new AgentSessions(db.transactions, agents, facts, clock, ids),
    presence: new AgentPresence(agents, statuses, clock, log),
  };
}
