import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';
import { digestJson } from '../kernel/digest.js';
import { messageOf } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import type { AuditEntry, Denial } from './audit-entry.js';
import { RequestScope } from './request-scope.js';

/** Names come from requests, so a stored one is bounded. */
const MAX_TEXT = 512;

/** Writes the append-only record of who did or tried what. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly requests: RequestScope,
    private readonly log: Log,
  ) {}

  /** Pass the transaction that makes the change: then there is no change without its entry, nor an entry without it. */
  async record(entry: AuditEntry, within: Queryable = this.transactions): Promise<void> {
    await within.query(
      `insert into audit_entries
         (at, actor, verb, resource, object, project, decision, reason, request_id, before_digest, after_digest)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        this.clock.now(),
        bounded(entry.actor),
        entry.verb,
        entry.resource,
        bounded(entry.object),
        bounded(entry.project),
        entry.decision,
        bounded(entry.reason),
        bounded(entry.requestId ?? this.requests.requestId()),
        digestOf(entry.before),
        digestOf(entry.after),
      ],
    );
  }

  /** Never throws: the attempt stays denied whether or not its entry could be written, and the log then tells. */
  async recordDenial(denial: Denial): Promise<void> {
    const { actor, verb, resource, reason } = denial;
    try {
      await this.record({ ...denial, decision: 'denied' });
    } catch (error) {
      this.log.error({ actor, verb, resource, reason, error: messageOf(error) }, 'a denied attempt was not audited');
    }
  }
}

/** Postgres text holds no NUL. */
function bounded(text: string | undefined): string | null {
  return text === undefined ? null : text.replaceAll('\0', '').slice(0, MAX_TEXT);
}

function digestOf(document: unknown): string | null {
  return document === undefined ? null : digestJson(document);
}
