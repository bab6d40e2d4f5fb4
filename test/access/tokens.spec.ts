import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.js';
import { Evaluator } from '../../src/access/evaluator.js';
import type { CreatedToken } from '../../src/access/tokens/api-token.js';
import { Authenticator } from '../../src/access/tokens/authenticator.js';
import { FirstAdmin } from '../../src/access/tokens/first-admin.js';
import { TokenIssuer } from '../../src/access/tokens/token-issuer.js';
import { TokenStore } from '../../src/access/tokens/token-store.js';
import { TokensService } from '../../src/access/tokens/tokens.service.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { createAuditLog } from '../support/audit.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ProjectRoles } from '../support/project-roles.js';

const DAY = 86_400;
const admin: Actor = { type: 'token', id: '1', name: 'root', admin: true };
const teamScope = { admin: false as const, project: 'team-a', role: 'dev' };
const teamA: Actor = { type: 'token', id: '2', name: 'ci', ...teamScope };

let database: TestDatabase;
let clock: HeldClock;
let roles: ProjectRoles;
let evaluator: Evaluator;
let store: TokenStore;
let service: TokensService;
let authenticator: Authenticator;
let firstAdmin: FirstAdmin;

beforeEach(async () => {
  database = await createTestDatabase();
  const { transactions } = database;
  clock = new HeldClock();
  roles = new ProjectRoles();
  roles.set('team-a', { dev: ['applications, sync, team-a/*, allow'] });
  const audit = createAuditLog(transactions);
  evaluator = new Evaluator(roles, audit);
  store = new TokenStore(transactions);
  const issuer = new TokenIssuer(store, audit, clock, new RandomIds());
  service = new TokensService(evaluator, roles, store, issuer, transactions);
  authenticator = new Authenticator(store, clock);
  firstAdmin = new FirstAdmin(store, issuer, transactions);
});
afterEach(() => database.close());

const createTeamToken = (): Promise<CreatedToken> => service.create(admin, { name: 'ci', scope: teamScope });

describe('the first start', () => {
  it('makes one platform admin token, once, however many replicas start together', async () => {
    const made = await Promise.all([firstAdmin.ensure(), firstAdmin.ensure(), firstAdmin.ensure()]);
    const secrets = made.filter((secret) => secret !== undefined);
    expect(secrets).toHaveLength(1);
    expect(await firstAdmin.ensure()).toBeUndefined();
    expect(await authenticator.authenticate(secrets[0] ?? '')).toMatchObject({
      type: 'token',
      name: 'first-admin',
      admin: true,
    });
  });

  it('makes none once any token was made, even a revoked one', async () => {
    const { token } = await createTeamToken();
    await service.revoke(admin, token.id);
    expect(await firstAdmin.ensure()).toBeUndefined();
  });
});

describe('a token', () => {
  it('is its role’s actor for whoever bears it', async () => {
    const { token, secret } = await createTeamToken();
    const actor = await authenticator.authenticate(secret);
    expect(actor).toEqual({ type: 'token', id: token.id, name: 'ci', admin: false, project: 'team-a', role: 'dev' });
    const web = { project: 'team-a', name: 'web' };
    expect(await evaluator.can(actor, 'sync', 'applications', web)).toMatchObject({ allowed: true });
  });

  it('has its secret stored nowhere', async () => {
    const { secret } = await createTeamToken();
    const dump = await database.transactions.query(`select t::text, a::text from api_tokens t, audit_entries a`);
    expect(dump).not.toHaveLength(0);
    expect(JSON.stringify(dump)).not.toContain(secret.split('_').slice(2).join('_'));
  });

  it('tells when it was last used, to the minute', async () => {
    const { token, secret } = await createTeamToken();
    const used = async (): Promise<Date | undefined> => (await store.find(token.id))?.token.lastUsedAt;
    expect(await used()).toBeUndefined();
    await authenticator.authenticate(secret);
    const first = clock.now();
    expect(await used()).toEqual(first);
    clock.advance(30);
    await authenticator.authenticate(secret);
    expect(await used()).toEqual(first);
    clock.advance(30);
    await authenticator.authenticate(secret);
    expect(await used()).toEqual(clock.now());
  });

  it('gets one answer when malformed, unknown, altered, expired or revoked', async () => {
    const revoked = await createTeamToken();
    await service.revoke(admin, revoked.token.id);
    const good = await createTeamToken();
    const unknown = good.secret.replace(good.token.id, new RandomIds().uuid());
    const altered = `${good.secret.slice(0, -1)}${good.secret.endsWith('A') ? 'B' : 'A'}`;
    const refusal = (bearer: string): Promise<unknown> =>
      authenticator.authenticate(bearer).catch((error: unknown) => error);
    const answers = [];
    for (const bearer of ['', 'fw_', 'x'.repeat(5000), `${good.secret}\n`, unknown, altered, revoked.secret]) {
      answers.push(await refusal(bearer));
    }
    await authenticator.authenticate(good.secret);
    clock.advance(90 * DAY);
    answers.push(await refusal(good.secret));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ kind: 'unauthenticated', code: 'UNAUTHENTICATED' });
  });

  it('loses its rights at once with its project', async () => {
    const { secret } = await createTeamToken();
    roles.remove('team-a');
    const actor = await authenticator.authenticate(secret);
    const web = { project: 'team-a', name: 'web' };
    expect(await evaluator.can(actor, 'sync', 'applications', web)).toMatchObject({ allowed: false });
  });
});

describe('making a token', () => {
  it('is for platform admins', async () => {
    await expect(service.create(teamA, { name: 'more', scope: teamScope })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(service.create(teamA, { name: 'root', scope: { admin: true } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await store.list(await evaluator.filter(admin, 'list', 'tokens'), { limit: 10 })).toEqual([]);
  });

  it.each([
    ['name', { name: 'Not A Name', scope: teamScope }],
    ['days', { name: 'ci', scope: teamScope, days: 0 }],
    ['days', { name: 'ci', scope: teamScope, days: 367 }],
    ['scope.role', { name: 'ci', scope: { ...teamScope, role: 'nobody' } }],
    ['scope.role', { name: 'ci', scope: { ...teamScope, project: 'team-z' } }],
  ])('names the fault at %s', async (path, request) => {
    const refused = service.create(admin, request);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_TOKEN', details: { faults: [{ path }] } });
  });

  it('is audited, as is revoking it', async () => {
    const { token } = await createTeamToken();
    await service.revoke(admin, token.id);
    const entries = await database.transactions.query(
      `select actor, verb, object, project, decision from audit_entries order by id`,
    );
    const entry = { actor: 'token:root', object: 'ci', project: 'team-a', decision: 'allowed' };
    expect(entries).toEqual([
      { ...entry, verb: 'create' },
      { ...entry, verb: 'delete' },
    ]);
  });
});

describe('listing and revoking', () => {
  it('pages through all tokens for an admin, and none for others', async () => {
    const made = [await createTeamToken(), await createTeamToken(), await createTeamToken()].map(
      ({ token }) => token.id,
    );
    const first = await service.list(admin, { limit: 2 });
    const second = await service.list(admin, { limit: 2, after: first.next });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.sort());
    expect(second.next).toBeUndefined();
    expect(await service.list(teamA, { limit: 10 })).toEqual({ items: [] });
  });

  it('tells others nothing about which tokens exist', async () => {
    const { token } = await createTeamToken();
    await expect(service.revoke(teamA, token.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(service.revoke(teamA, 'nonsense')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(service.revoke(admin, 'nonsense')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
