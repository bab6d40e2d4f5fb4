import { Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../access/actor.js';
import { Evaluator } from '../access/evaluator.js';
import { AuditLog } from '../audit/audit-log.js';
import { Transactions } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';
import { notFound } from '../kernel/errors.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { Approvals, MAX_APPROVAL_SECONDS, type ApprovalQuery, type ApprovalTerms } from './approvals.js';
import { HeldRemovalQueries, type HeldRemoval } from './held-removals.queries.js';

const DEFAULT_SECONDS = 3_600;

@Injectable()
export class ApprovalsService extends Approvals {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly held: HeldRemovalQueries,
    private readonly queue: WorkQueue,
    private readonly audit: AuditLog,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {
    super();
  }

  async list(actor: Actor, { project, limit }: ApprovalQuery): Promise<HeldRemoval[]> {
    const access = await this.evaluator.filter(actor, 'list', 'approvals');
    return this.held.list((columns, parameters) => {
      const visible = access.build(columns, parameters);
      return project === undefined ? visible : `${visible} and ${columns.project} = $${parameters.push(project)}`;
    }, limit);
  }

  async approve(actor: Actor, id: string, { expiresInSeconds = DEFAULT_SECONDS }: ApprovalTerms): Promise<HeldRemoval> {
    await this.authorise(actor, id);
    const at = this.clock.now();
    const expiresAt = new Date(at.getTime() + Math.min(expiresInSeconds, MAX_APPROVAL_SECONDS) * 1000);
    return this.decide(actor, id, { by: actorLabel(actor), at, expiresAt });
  }

  async reject(actor: Actor, id: string): Promise<HeldRemoval> {
    await this.authorise(actor, id);
    return this.decide(actor, id, undefined);
  }

  /** The approval, its audit entry and the work it wakes are one transaction. */
  private async decide(
    actor: Actor,
    id: string,
    approval: { by: string; at: Date; expiresAt: Date } | undefined,
  ): Promise<HeldRemoval> {
    await this.transactions.run(async (tx) => {
      const line = await this.held.decide(tx, id, approval);
      if (!line) throw notFound('Held removal', id);
      const reason = approval ? 'approved' : 'rejected';
      const project = line.project === null ? {} : { project: line.project };
      await this.audit.record(
        {
          actor: actorLabel(actor),
          verb: 'approve',
          resource: 'approvals',
          object: line.target,
          decision: 'allowed',
          reason,
          ...project,
        },
        tx,
      );
      await this.queue.enqueue(line.ownerQueue, [line.ownerUid], { tx });
    });
    return this.find(id);
  }

  private async authorise(actor: Actor, id: string): Promise<void> {
    const line = await this.held.find(id);
    const project = line?.project ?? undefined;
    await this.evaluator.require(actor, 'approve', 'approvals', {
      name: id,
      ...(project === undefined ? {} : { project }),
    });
    if (!line) throw notFound('Held removal', id);
  }

  private async find(id: string): Promise<HeldRemoval> {
    const line = await this.held.find(id);
    if (!line) throw notFound('Held removal', id);
    return line;
  }
}
