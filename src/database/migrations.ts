import { CreateObjects1763716000000 } from './migrations/1763716000000-create-objects.js';
import { CreateWorkItems1763716100000 } from './migrations/1763716100000-create-work-items.js';
import { CreateAgents1763716110000 } from './migrations/1763716110000-create-agents.js';
import { CreateDeliveries1763716120000 } from './migrations/1763716120000-create-deliveries.js';
import { CreateGuardMemory1763716200000 } from './migrations/1763716200000-create-guard-memory.js';
import { CreateRepositoryReaders1763716300000 } from './migrations/1763716300000-create-repository-readers.js';
import { CreateBundles1763716500000 } from './migrations/1763716500000-create-bundles.js';
import { CreateRepositoryCredentials1763716600000 } from './migrations/1763716600000-create-repository-credentials.js';
import { CreateClusterVersions1763716800000 } from './migrations/1763716800000-create-cluster-versions.js';
import { CreateGeneratorInputs1763716700000 } from './migrations/1763716700000-create-generator-inputs.js';
import { CreateAuditEntries1763717000000 } from './migrations/1763717000000-create-audit-entries.js';
import { CreateApiTokens1763718000000 } from './migrations/1763718000000-create-api-tokens.js';
import { CreateRolloutEntries1763719000000 } from './migrations/1763719000000-create-rollout-entries.js';
import { IndexAuditObjects1763719100000 } from './migrations/1763719100000-index-audit-objects.js';
import { IndexClusterServers1763719200000 } from './migrations/1763719200000-index-cluster-servers.js';
import { NoteWhenWorkWasPutOff1763719300000 } from './migrations/1763719300000-note-when-work-was-put-off.js';
import { CreateSettledPasses1763719400000 } from './migrations/1763719400000-create-settled-passes.js';
import { FreeBundleSourceType1763719500000 } from './migrations/1763719500000-free-bundle-source-type.js';
import { KeepApplicationRenders1763719640000 } from './migrations/1763719640000-keep-application-renders.js';
import { WatchRevisionsAndPaths1763720300000 } from './migrations/1763720300000-watch-revisions-and-paths.js';

/** Every migration, oldest first. Expand only; a contraction comes a release after its last reader is gone. */
export const MIGRATIONS = [
  CreateObjects1763716000000,
  CreateWorkItems1763716100000,
  CreateAgents1763716110000,
  CreateDeliveries1763716120000,
  CreateGuardMemory1763716200000,
  CreateRepositoryReaders1763716300000,
  CreateBundles1763716500000,
  CreateRepositoryCredentials1763716600000,
  CreateGeneratorInputs1763716700000,
  CreateClusterVersions1763716800000,
  CreateAuditEntries1763717000000,
  CreateApiTokens1763718000000,
  CreateRolloutEntries1763719000000,
  IndexAuditObjects1763719100000,
  IndexClusterServers1763719200000,
  NoteWhenWorkWasPutOff1763719300000,
  CreateSettledPasses1763719400000,
  FreeBundleSourceType1763719500000,
  KeepApplicationRenders1763719640000,
  WatchRevisionsAndPaths1763720300000,
];
