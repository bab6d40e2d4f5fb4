import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/transactions.js';
import { Clock } from '../../kernel/clock.js';
import { AgentStore } from '../agents/agent-store.js';
import { admitJoin, type Admitted, type JoinClaim } from '../domain/admit-join.js';
import { JoinTokenStore } from './join-token-store.js';

/** Joins are rare and must see each other: one at a time in the whole hub, until the transaction ends. */
const JOIN_LOCK = 7_311;

/** Reads what a join is judged by, and counts the use of its token. */
@Injectable()
export class JoinAdmission {
  constructor(
    private readonly tokens: JoinTokenStore,
    private readonly agents: AgentStore,
    private readonly clock: Clock,
  ) {}

  async admit(tx: Transaction, secret: string, claim: JoinClaim): Promise<Admitted & { at: Date }> {
    await tx.query('select pg_advisory_xact_lock($1)', [JOIN_LOCK]);
    const at = this.clock.now();
    const token = await this.tokens.lock(tx, secret);
    const claimants = token ? await this.agents.claimants(tx, claim) : [];
    const admitted = admitJoin(claim, { token, claimants, now: at });
    if (!admitted.repeat) await this.tokens.use(tx, admitted.token.id);
    return { ...admitted, at };
  }
}
