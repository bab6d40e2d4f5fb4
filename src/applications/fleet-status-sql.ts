import type { AccessFilter } from '../access/domain/access-filter.js';
import { labelCondition } from '../database/objects/label-condition.js';
import type { LabelExpression } from '../kernel/label-selector.js';
import type { FleetGroup, FleetKind } from './fleet-status.js';

export interface FleetFilter {
  namespace?: string;
  name?: string;
  project?: string;
  cluster?: string;
  /** `<namespace>/<name>`. */
  set?: string;
  sync?: string;
  health?: string;
  labels?: readonly LabelExpression[];
}

/** The column an Application's group is read from. */
export const GROUPS: Record<FleetGroup, string> = {
  cluster: 'o.cluster',
  project: 'o.project',
  set: `(owner.namespace || '/' || owner.name)`,
};

/** What joins an object `o` to its status and its owner. */
export const OBJECT = `left join object_statuses s on s.uid = o.uid left join objects owner on owner.uid = o.owner_uid`;

/** Columns of a FleetRow. Facts hold thousands of API names, so status is read field by field. */
export const ROW = `o.uid, o.namespace, o.name, o.project, o.cluster, ${GROUPS.set} as "set", o.labels, s.sync, s.health,
  s.status -> 'conditions' as conditions, s.status -> 'connection' as connection,
  s.status #>> '{facts,kubernetesVersion}' as "kubernetesVersion", s.status #>> '{facts,agentVersion}' as "agentVersion"`;

const FILTERS: Record<Exclude<keyof FleetFilter, 'labels'>, string> = {
  namespace: 'o.namespace',
  name: 'o.name',
  project: 'o.project',
  cluster: 'o.cluster',
  set: GROUPS.set,
  sync: `coalesce(s.sync, 'Unknown')`,
  health: `coalesce(s.health, 'Unknown')`,
};

const ACCESS_COLUMNS = { project: 'o.project', name: 'o.name', namespace: 'o.namespace' };

export interface FleetQuestion {
  kind: FleetKind;
  access: AccessFilter;
  filter: FleetFilter;
}

/** The boolean expression over `o`, `s` and `owner` that every fleet query starts from; values go to `parameters`. */
export function fleetConditions({ kind, access, filter }: FleetQuestion, parameters: unknown[]): string {
  const { labels = [], ...fields } = filter;
  return [
    `o.kind = $${parameters.push(kind)}`,
    ...Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => `${FILTERS[field as keyof typeof FILTERS]} = $${parameters.push(value)}`),
    ...labels.map((expression) => labelCondition('o.labels', expression, parameters)),
    `(${access.build(ACCESS_COLUMNS, parameters)})`,
  ].join(' and ');
}
