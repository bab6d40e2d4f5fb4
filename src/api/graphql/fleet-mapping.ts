import type { FleetCount, FleetRow } from '../../applications/fleet-status.js';
import type {
  ApplicationType,
  ClusterType,
  LabelType,
  ProjectType,
  RollupType,
  StatusCountType,
} from './fleet.types.js';

/** What every kind shows. */
export function toFleetObject(row: FleetRow): ProjectType {
  const { uid, namespace, name, project, conditions } = row;
  return { uid, namespace, name, project, labels: toLabels(row.labels), conditions: conditions ?? [] };
}

export function toApplication(row: FleetRow): ApplicationType {
  const { cluster, set, sync, health } = row;
  return { ...toFleetObject(row), cluster, set, sync: sync ?? 'Unknown', health: health ?? 'Unknown' };
}

export function toCluster(row: FleetRow): ClusterType {
  const { connection, kubernetesVersion, agentVersion } = row;
  return { ...toFleetObject(row), agent: connection, kubernetesVersion, agentVersion };
}

/** One rollup a group, in the order the counts come. */
export function toRollups(counts: readonly FleetCount[]): RollupType[] {
  const groups = new Map<string, FleetCount[]>();
  for (const count of counts) groups.set(count.group, [...(groups.get(count.group) ?? []), count]);
  return [...groups].map(([group, members]) => toRollup(group, members));
}

export function toRollup(group: string, counts: readonly FleetCount[]): RollupType {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return { group, total, sync: countBy(counts, 'sync'), health: countBy(counts, 'health') };
}

function countBy(counts: readonly FleetCount[], field: 'sync' | 'health'): StatusCountType[] {
  const totals = new Map<string, number>();
  for (const each of counts) totals.set(each[field], (totals.get(each[field]) ?? 0) + each.count);
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([status, count]) => ({ status, count }));
}

function toLabels(labels: Record<string, string>): LabelType[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }));
}
