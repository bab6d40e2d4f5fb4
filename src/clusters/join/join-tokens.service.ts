import { Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../../access/actor.js';
import { Evaluator } from '../../access/evaluator.js';
import { AuditLog } from '../../audit/audit-log.js';
import { Transactions } from '../../database/transactions.js';
import { writeJoinToken } from '../../dispatch/protocol/join-token.js';
import { isSubdomain, metadataFaults } from '../../documents/validate-metadata.js';
import { invalid, notFound, type FieldFault } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { IN_CLUSTER_NAME } from '../domain/cluster.js';
import type { CreatedJoinToken, JoinToken } from '../domain/join-token.js';
import { JoinTokenMint } from './join-token-mint.js';
import { agentInstall, type AgentInstall } from './agent-install.js';
import { HubAddress } from './hub-address.js';
import { JoinTokenStore } from './join-token-store.js';

export interface JoinTokenRequest {
  /** '' or absent admits any cluster name, or those that begin with `cluster` where that is given. */
  namePrefix?: string;
  /** The one cluster that the answer's manifest is for. */
  cluster?: string;
  labels?: Record<string, string>;
  /** How many joins it admits: 1 unless said, at most 10,000. */
  uses?: number;
  /** 24 unless said, at most 8,760. */
  hours?: number;
}

const MAX_USES = 10_000;
const MAX_HOURS = 8_760;
const MAX_LISTED = 500;
const PREFIX = /^([a-z0-9][-a-z0-9.]{0,252})?$/;

/** Makes, lists and revokes join tokens: the rights of whoever may create the clusters that a token admits. */
@Injectable()
export class JoinTokensService {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly audit: AuditLog,
    private readonly tokens: JoinTokenStore,
    private readonly mint: JoinTokenMint,
    private readonly transactions: Transactions,
    private readonly address: HubAddress,
  ) {}

  /** The answer is the only time the secret is seen, in itself and in the ways to install an agent with it. */
  async create(actor: Actor, request: JoinTokenRequest): Promise<CreatedJoinToken & { install?: AgentInstall }> {
    const { cluster, namePrefix = cluster ?? '', labels = {}, uses = 1, hours = 24 } = request;
    await this.requireCreate(actor, namePrefix);
    const faults = [...requestFaults({ namePrefix, labels, uses, hours }), ...clusterFaults(cluster, namePrefix)];
    if (faults.length > 0) throw invalid('INVALID_JOIN_TOKEN', 'the join token cannot be made as asked', faults);
    const { token, secret } = this.mint.mint({ namePrefix, labels, uses, hours, createdBy: actorLabel(actor) });
    const answer = { token, ...this.shown(secret, cluster) };
    await this.transactions.run(async (tx) => {
      await this.tokens.insert(tx, token, secret);
      await this.audit.record({ ...entryOf(actor, token), verb: 'create', after: token }, tx);
    });
    return answer;
  }

  private shown(bare: string, cluster: string | undefined): { secret: string; install?: AgentInstall } {
    const address = this.address.known;
    if (address === undefined) return { secret: bare };
    const secret = writeJoinToken({ secret: bare, ...(address.pin === undefined ? {} : { pin: address.pin }) });
    const install = agentInstall({ address, token: secret, ...(cluster === undefined ? {} : { cluster }) });
    return install === undefined ? { secret } : { secret, install };
  }

  async list(actor: Actor): Promise<JoinToken[]> {
    await this.requireCreate(actor, '');
    return this.tokens.list(MAX_LISTED);
  }

  /** Clusters that joined with it stay. */
  async revoke(actor: Actor, id: string): Promise<void> {
    const token = isUuid(id) ? await this.tokens.find(id) : undefined;
    await this.requireCreate(actor, token?.namePrefix ?? '');
    if (!token) throw notFound('join token', id);
    await this.transactions.run(async (tx) => {
      await this.tokens.revoke(tx, id);
      await this.audit.record({ ...entryOf(actor, token), verb: 'delete', before: token }, tx);
    });
  }

  private async requireCreate(actor: Actor, namePrefix: string): Promise<void> {
    await this.evaluator.require(actor, 'create', 'clusters', { name: `${namePrefix}*` });
  }
}

function entryOf(actor: Actor, token: JoinToken) {
  return {
    actor: actorLabel(actor),
    resource: 'jointokens',
    object: `${token.namePrefix}*/${token.id}`,
    decision: 'allowed',
  } as const;
}

function clusterFaults(cluster: string | undefined, namePrefix: string): FieldFault[] {
  if (cluster === undefined) return [];
  const isName = isSubdomain(cluster) && cluster !== IN_CLUSTER_NAME;
  if (isName && cluster.startsWith(namePrefix)) return [];
  const message = isName ? 'does not begin with namePrefix' : 'cannot be the name of a member cluster';
  return [{ path: 'cluster', message, got: cluster }];
}

function requestFaults(request: Required<Omit<JoinTokenRequest, 'cluster'>>): FieldFault[] {
  const { namePrefix, labels, uses, hours } = request;
  const faults = metadataFaults({ name: 'cluster', labels });
  if (!PREFIX.test(namePrefix)) {
    faults.push({ path: 'namePrefix', message: 'starts no cluster name', expected: PREFIX.source, got: namePrefix });
  }
  return [...faults, ...rangeFaults('uses', uses, MAX_USES), ...rangeFaults('hours', hours, MAX_HOURS)];
}

function rangeFaults(path: string, value: number, most: number): FieldFault[] {
  if (Number.isInteger(value) && value >= 1 && value <= most) return [];
  return [{ path, message: 'is out of range', expected: `1 to ${most}`, got: String(value) }];
}
