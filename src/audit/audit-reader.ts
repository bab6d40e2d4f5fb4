import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { Evaluator } from '../access/evaluator.js';
import { Transactions } from '../database/transactions.js';
import { invalid, type FleetError } from '../kernel/errors.js';
import type { Resource } from '../access/access-object.js';
import type { AuditRecord } from './audit-entry.js';

export interface AuditQuery {
  project?: string;
  decision?: 'allowed' | 'denied';
  /** Id of the last entry of the page before. */
  before?: string;
  limit: number;
}

const MAX_PAGE = 500;
/** Ids are told as text, so lists must be ordered by the column itself. */
const RECORD = `id::text as id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  actor, verb, resource, object, project, decision, reason, request_id as "requestId",
  before_digest as "beforeDigest", after_digest as "afterDigest"`;
const COLUMNS = { project: 'project', name: 'object', namespace: `''` };

/** Reads the audit log, newest first, under the same access rules as every list. */
@Injectable()
export class AuditReader {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly transactions: Transactions,
  ) {}

  async list(actor: Actor, { project, decision, before, limit }: AuditQuery): Promise<AuditRecord[]> {
    const access = await this.evaluator.filter(actor, 'list', 'audit');
    if (before !== undefined && !/^\d{1,18}$/.test(before)) throw badCursor(before);
    const parameters: unknown[] = [project ?? null, decision ?? null, before ?? null, Math.min(limit, MAX_PAGE)];
    return this.transactions.query<AuditRecord>(
      `select ${RECORD}
       from audit_entries
       where ($1::text is null or project = $1) and ($2::text is null or decision = $2)
         and ($3::bigint is null or id < $3) and (${access.build(COLUMNS, parameters)})
       order by audit_entries.id desc limit $4`,
      parameters,
    );
  }

  /**
   * Who wrote an object last, `<namespace>/<name>`. For those who may get the object, which the caller has made sure of:
   * it is told apart from the log, which needs a right of its own.
   */
  async lastWrite(resource: Resource, object: string): Promise<AuditRecord | undefined> {
    const [entry] = await this.transactions.query<AuditRecord>(
      `select ${RECORD} from audit_entries
       where object = $1 and resource = $2 and decision = 'allowed' and verb in ('create', 'update', 'delete')
       order by audit_entries.id desc limit 1`,
      [object, resource],
    );
    return entry;
  }
}

function badCursor(before: string): FleetError {
  return invalid('AUDIT_CURSOR', 'the page does not follow an audit entry', [
    {
      path: 'before',
      message: 'is not the id of an entry',
      expected: 'id of the last entry read',
      got: before.slice(0, 64),
    },
  ]);
}
