import type { ApiResourceFact } from '../../dispatch/protocol/join.js';

/** What an agent says about its cluster. Labels, the admins' side, are never touched by it. */
export interface ClusterFacts {
  kubernetesVersion: string;
  agentVersion: string;
  apis: ApiResourceFact[];
}

export interface ClusterConnection {
  state: 'Connected' | 'Disconnected';
  /** Within a minute while connected, exact afterwards. */
  lastSeen: string;
}

/** `status` of a Cluster; each part has one writer, which leaves the others alone. */
export interface ClusterStatus {
  facts?: ClusterFacts;
  connection?: ClusterConnection;
  /** Applications in the member's inventory that the hub does not know: kept there, for an admin to look at. */
  unowned?: { count: number; uids: string[] };
}
