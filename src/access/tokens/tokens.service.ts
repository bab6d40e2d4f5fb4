import { Injectable } from '@nestjs/common';
import { Transactions } from '../../database/transactions.js';
import { invalid, notFound, type FieldFault } from '../../kernel/errors.js';
import { actorLabel, type Actor } from '../actor.js';
import { Evaluator } from '../evaluator.js';
import { PolicySource } from '../policy-source.js';
import type { ApiToken, CreatedToken, TokenScope } from './api-token.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenStore } from './token-store.js';

export interface TokenRequest {
  name: string;
  scope: TokenScope;
  /** Days until it expires: 90 unless said, at most 366. */
  days?: number;
}

export interface TokenPage {
  items: ApiToken[];
  /** Pass as `after` for the next page; absent on the last one. */
  next?: string;
}

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$/;
const DEFAULT_DAYS = 90;
const MAX_DAYS = 366;
const MAX_PAGE = 500;

/** Makes, lists and revokes API tokens. */
@Injectable()
export class TokensService {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly policies: PolicySource,
    private readonly tokens: TokenStore,
    private readonly issuer: TokenIssuer,
    private readonly transactions: Transactions,
  ) {}

  /** The answer is the only time its secret is seen. */
  async create(actor: Actor, request: TokenRequest): Promise<CreatedToken> {
    const { name, scope, days = DEFAULT_DAYS } = request;
    await this.evaluator.require(actor, 'create', 'tokens', { name, ...projectOf(scope) });
    const faults = [...requestFaults(request), ...(await this.scopeFaults(scope))];
    if (faults.length > 0) throw invalid('INVALID_TOKEN', 'the token cannot be made as asked', faults);
    return this.transactions.run((tx) => this.issuer.issue(tx, { name, scope, createdBy: actorLabel(actor), days }));
  }

  async list(actor: Actor, page: { after?: string; limit: number }): Promise<TokenPage> {
    const access = await this.evaluator.filter(actor, 'list', 'tokens');
    const limit = Math.min(page.limit, MAX_PAGE);
    const found = await this.tokens.list(access, { ...page, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last ? { next: last.id } : {}) };
  }

  /** Takes effect with the next request that bears it. */
  async revoke(actor: Actor, id: string): Promise<void> {
    const stored = isUuid(id) ? await this.tokens.find(id) : undefined;
    const project = stored ? projectOf(stored.token.scope) : {};
    await this.evaluator.require(actor, 'delete', 'tokens', { name: id, ...project });
    if (!stored) throw notFound('token', id);
    await this.transactions.run((tx) => this.issuer.revoke(tx, stored.token, actorLabel(actor)));
  }

  private async scopeFaults(scope: TokenScope): Promise<FieldFault[]> {
    if (scope.admin) return [];
    const roles = await this.policies.policiesOf(scope.project);
    if (roles.some(({ role }) => role === scope.role)) return [];
    const message = `project "${scope.project}" has no role "${scope.role}"`;
    return [{ path: 'scope.role', message, expected: roles.map(({ role }) => role).join(', '), got: scope.role }];
  }
}

function requestFaults({ name, days = DEFAULT_DAYS }: TokenRequest): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!NAME.test(name)) faults.push({ path: 'name', message: 'is not a token name', expected: NAME.source, got: name });
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
    faults.push({ path: 'days', message: 'is out of range', expected: `1 to ${MAX_DAYS}`, got: String(days) });
  }
  return faults;
}

function projectOf(scope: TokenScope): { project?: string } {
  return scope.admin ? {} : { project: scope.project };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
