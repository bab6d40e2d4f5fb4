import type { ApiResourceFact } from '../../dispatch/protocol/join.js';

/** What an agent told of its cluster; as good as nothing until its first complete discovery. */
export interface ClusterFacts {
  /** As the API server tells it, `v1.36.1`; '' where unknown. */
  kubernetesVersion: string;
  apis: readonly ApiResourceFact[];
}

export const NO_FACTS: ClusterFacts = { kubernetesVersion: '', apis: [] };
