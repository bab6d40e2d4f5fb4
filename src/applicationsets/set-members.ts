import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Evaluator } from '../access/evaluator.js';
import type { ListKey } from '../database/objects/hub-object.js';
import { Transactions } from '../database/transactions.js';
import type { RolloutStatus } from './domain/rollout/rollout-entry.js';

/** An element of Argo CD's `status.resources` of a set. */
export interface SetResource {
  group: 'argoproj.io';
  version: 'v1alpha1';
  kind: 'Application';
  namespace: string;
  name: string;
  status: string;
  health: { status: string; message?: string };
}

/** An element of Argo CD's `status.applicationStatus`. */
export interface SetApplicationStatus {
  application: string;
  status: RolloutStatus;
  message: string;
  step: string;
  targetRevisions: string[];
  lastTransitionTime: string;
}

export interface MemberPage {
  resources: SetResource[];
  /** Of those of the page that a rollout has looked at; empty where the set does not roll out. */
  applicationStatus: SetApplicationStatus[];
  /** All that the asker may see, whatever the page. */
  total: number;
  next?: ListKey;
}

interface MemberRow extends Omit<SetApplicationStatus, 'application' | 'status'> {
  namespace: string;
  name: string;
  sync: string | null;
  health: string | null;
  healthMessage: string | null;
  rollout: RolloutStatus | null;
}

const COLUMNS = { project: 'o.project', name: 'o.name', namespace: 'o.namespace' };
const MEMBER = `o.namespace, o.name, s.sync, s.health, s.status #>> '{health,message}' as "healthMessage",
  e.status as rollout, e.message, e.step, e.target_revisions as "targetRevisions", e.last_transition_time as "lastTransitionTime"`;

/** What a set generated, page by page: a status does not grow with its set. */
@Injectable()
export class SetMembers {
  constructor(
    private readonly transactions: Transactions,
    private readonly evaluator: Evaluator,
  ) {}

  /** Sorted by namespace and name; Applications that the actor may not see are neither shown nor counted. */
  async page(actor: Actor, setUid: string, { limit, after }: { limit: number; after?: ListKey }): Promise<MemberPage> {
    const access = await this.evaluator.filter(actor, 'get', 'applications');
    const parameters: unknown[] = [setUid];
    const visible = access.build(COLUMNS, parameters);
    const behind = after
      ? `where (namespace, name) > ($${parameters.push(after.namespace)}, $${parameters.push(after.name)})`
      : '';
    const [answer] = await this.transactions.query<{ total: number; rows: MemberRow[] }>(
      `with found as (select o.uid, o.namespace, o.name from objects o
           where o.owner_uid = $1 and o.kind = 'Application' and (${visible})),
         page as (select uid from found ${behind} order by namespace, name limit $${parameters.push(limit + 1)})
       select (select count(*) from found)::int as total, coalesce(jsonb_agg(r order by r.namespace, r.name), '[]') as rows
       from (select ${MEMBER} from page join objects o on o.uid = page.uid
         left join object_statuses s on s.uid = o.uid left join rollout_entries e on e.application_uid = o.uid) r`,
      parameters,
    );
    const { total, rows } = answer ?? { total: 0, rows: [] };
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      resources: shown.map(resourceOf),
      applicationStatus: shown.flatMap(applicationStatusOf),
      total,
      ...(rows.length > limit && last ? { next: { namespace: last.namespace, name: last.name } } : {}),
    };
  }
}

function resourceOf({ namespace, name, sync, health, healthMessage }: MemberRow): SetResource {
  const verdict = { status: health ?? 'Unknown', ...(healthMessage ? { message: healthMessage } : {}) };
  const id = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace, name } as const;
  return { ...id, status: sync ?? 'Unknown', health: verdict };
}

function applicationStatusOf({ name, rollout, ...row }: MemberRow): SetApplicationStatus[] {
  if (rollout === null) return [];
  const { message, step, targetRevisions, lastTransitionTime } = row;
  return [{ application: name, status: rollout, message, step, targetRevisions, lastTransitionTime }];
}
