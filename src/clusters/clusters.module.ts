import { Module } from '@nestjs/common';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { AgentFacts } from './agents/agent-facts.js';
import { AgentPresence } from './agents/agent-presence.js';
import { AgentSessions } from './agents/agent-sessions.js';
import { AgentStore } from './agents/agent-store.js';
import { ClusterStatusStore } from './agents/cluster-status-store.js';
import { ClusterFactsReader } from './cluster-facts-reader.js';
import { ClusterKind } from './cluster.kind.js';
import { ClusterReader } from './cluster-reader.js';
import { ClusterRegistration } from './join/cluster-registration.js';
import { HubAddress } from './join/hub-address.js';
import { JoinAdmission } from './join/join-admission.js';
import { JoinTokenMint } from './join/join-token-mint.js';
import { JoinTokenStore } from './join/join-token-store.js';
import { JoinTokensService } from './join/join-tokens.service.js';
import { Joining } from './join/joining.js';

const PUBLIC = [
  ClusterKind,
  ClusterReader,
  ClusterFactsReader,
  JoinTokensService,
  HubAddress,
  Joining,
  AgentStore,
  AgentSessions,
  AgentFacts,
  AgentPresence,
];

/** Needs the global DatabaseModule, AuditModule and AccessModule, and a global provider of Log. */
@Module({
  imports: [WorkQueueModule],
  providers: [...PUBLIC, JoinTokenStore, JoinTokenMint, JoinAdmission, ClusterRegistration, ClusterStatusStore],
  exports: PUBLIC,
})
export class ClustersModule {}
