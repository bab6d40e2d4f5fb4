import { Injectable } from '@nestjs/common';
import { Transactions } from '../../database/transactions.js';
import { actorLabel } from '../actor.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenStore } from './token-store.js';

const FIRST = {
  name: 'first-admin',
  scope: { admin: true },
  createdBy: actorLabel({ type: 'system', component: 'first-start' }),
} as const;

/** Gives a new hub its first credential. */
@Injectable()
export class FirstAdmin {
  constructor(
    private readonly tokens: TokenStore,
    private readonly issuer: TokenIssuer,
    private readonly transactions: Transactions,
  ) {}

  /**
   * The text of a platform admin's token when none was ever made, for the entry point to print, never to log; of
   * replicas that start together one gets it. It does not expire: revoke it once others exist.
   */
  async ensure(): Promise<string | undefined> {
    return this.transactions.run(async (tx) => {
      if (!(await this.tokens.lockEmpty(tx))) return undefined;
      return (await this.issuer.issue(tx, FIRST)).secret;
    });
  }
}
