import type { ListKey } from '../database/objects/hub-object.js';
import type { Condition } from '../kernel/conditions.js';

export type FleetKind = 'Cluster' | 'Application' | 'ApplicationSet' | 'AppProject';

/** An object as fleet status shows it: what it is, whose it is and how it does; never its spec. */
export interface FleetRow {
  uid: string;
  namespace: string;
  name: string;
  project: string | null;
  cluster: string | null;
  /** `<namespace>/<name>` of the set that made it. */
  set: string | null;
  labels: Record<string, string>;
  sync: string | null;
  health: string | null;
  conditions: Condition[] | null;
  connection: { state: string; lastSeen: string } | null;
  kubernetesVersion: string | null;
  agentVersion: string | null;
}

export interface FleetPage {
  rows: FleetRow[];
  /** Under the filter, whatever the page. */
  total: number;
  next?: ListKey;
}

/** What Applications are counted or listed by; a set is named `<namespace>/<name>`. */
export type FleetGroup = 'cluster' | 'project' | 'set';

export interface FleetCount {
  group: string;
  sync: string;
  health: string;
  count: number;
}
