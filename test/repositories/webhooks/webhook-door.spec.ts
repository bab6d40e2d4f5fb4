import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/access/actor.js';
import { FleetError } from '../../../src/kernel/errors.js';
import { ArgoSecrets } from '../../../src/repositories/argo-secrets.js';
import { WebhookDoor, type WebhookOutcome } from '../../../src/repositories/webhooks/webhook-door.js';
import { openRooms, type Rooms } from '../../support/rooms.js';

const ADMIN: Actor = { type: 'token', id: '1', name: 'admin', admin: true };
const SECRET = 'hunter2-of-webhooks';
let rooms: Rooms;

beforeEach(async () => {
  rooms = await openRooms(['api']);
});
afterEach(() => rooms.close());

const part = <T>(type: new (...args: never[]) => T): T => rooms.module.get<T>(type, { strict: false });
const bytes = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
const hmac = (body: Uint8Array, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex');

function send(headers: Record<string, string>, body: unknown): Promise<WebhookOutcome> {
  return part(WebhookDoor).accept(new Map(Object.entries(headers)), bytes(body));
}

async function codeOf(headers: Record<string, string>, body: unknown): Promise<string> {
  try {
    return (await send(headers, body)).status;
  } catch (error) {
    return error instanceof FleetError ? `${error.kind} ${error.code}` : String(error);
  }
}

async function configure(data: Record<string, string>): Promise<unknown> {
  const document = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'argocd-secret' }, stringData: data };
  return part(ArgoSecrets).apply(ADMIN, document, {} as never);
}

const waiting = () =>
  rooms.db.transactions.query<{ key: string }>('select key from webhook_events order by key, digest');
const queued = () => rooms.db.transactions.query<{ queue: string; key: string }>('select queue, key from work_items');

const pushTo = (name: string, after = 'b'.repeat(40)) => ({
  ref: 'refs/heads/main',
  before: 'a'.repeat(40),
  after,
  commits: [],
  repository: { html_url: `https://github.com/acme/${name}`, default_branch: 'main' },
  project: { web_url: `https://gitlab.com/acme/${name}`, default_branch: 'main' },
  object_kind: 'push',
  eventType: 'git.push',
  resource: {
    repository: { remoteUrl: `https://dev.azure.com/acme/shop/_git/${name}` },
    refUpdates: [{ name: 'refs/heads/main', newObjectId: after }],
  },
  changes: [{ ref: { id: 'refs/heads/main' }, toHash: after }],
  push: { changes: [{ new: { name: 'main', target: { hash: after } } }] },
});
const linked = (name: string) => ({
  ...pushTo(name),
  repository: {
    links: { html: { href: `https://bb.corp/acme/${name}` }, clone: [{ href: `https://bb.corp/${name}` }] },
  },
});
const artifact = { type: 'PUSH_ARTIFACT', event_data: { resources: [{ tag: '1', resource_url: 'h.corp/p/n:1' }] } };

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const ALL = {
  'webhook.github.secret': SECRET,
  'webhook.gitlab.secret': SECRET,
  'webhook.gogs.secret': SECRET,
  'webhook.bitbucket.uuid': SECRET,
  'webhook.bitbucketserver.secret': SECRET,
  'webhook.azuredevops.username': 'azure',
  'webhook.azuredevops.password': SECRET,
  'webhook.harbor.secret': SECRET,
  'webhook.generic.secret': SECRET,
};

/** A sender, its proof of a body with a secret, and a body. */
const SENDERS: [string, (body: Uint8Array, secret: string) => Record<string, string>, unknown][] = [
  [
    'GitHub',
    (body, s) => ({ 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(body, s)}` }),
    pushTo('w'),
  ],
  ['GitLab', (_, s) => ({ 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': s }), pushTo('w')],
  ['Gitea', (body, s) => ({ 'x-gitea-event': 'push', 'x-gitea-signature': hmac(body, s) }), pushTo('w')],
  ['Gogs', (body, s) => ({ 'x-gogs-event': 'push', 'x-gogs-signature': hmac(body, s) }), pushTo('w')],
  ['Bitbucket Cloud', (_, s) => ({ 'x-hook-uuid': s, 'x-event-key': 'repo:push' }), linked('w')],
  [
    'Bitbucket Server',
    (body, s) => ({ 'x-event-key': 'repo:refs_changed', 'x-hub-signature': `sha256=${hmac(body, s)}` }),
    linked('w'),
  ],
  ['Azure DevOps', (_, s) => ({ 'x-vss-activityid': '1', authorization: basic(`azure:${s}`) }), pushTo('w')],
  ['Harbor', (_, s) => ({ authorization: s }), artifact],
  [
    'the generic form',
    (body, s) => ({ 'x-fleetwright-event': 'push', 'x-fleetwright-signature': hmac(body, s) }),
    { repository: 'https://git.corp/w' },
  ],
];

describe('with secrets of an applied argocd-secret', () => {
  it.each(SENDERS)('%s is let in by its own only', async (_name, prove, body) => {
    await configure(ALL);
    const proof = prove(bytes(body), SECRET);
    expect(await codeOf(prove(bytes(body), 'guessed'), body)).toBe('unauthenticated WEBHOOK_NOT_PROVEN');
    expect(await codeOf(prove(bytes(body), ''), body)).toBe('unauthenticated WEBHOOK_NOT_PROVEN');
    expect(await waiting()).toEqual([]);
    expect(await codeOf(proof, body)).toBe('accepted');
    expect((await queued()).map(({ queue }) => queue)).toEqual(['webhooks']);
  });

  it('a signature is of the bytes that came, and of every one of them', async () => {
    await configure(ALL);
    const text = JSON.stringify(pushTo('w'));
    const headers = { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(bytes(text))}` };
    expect(await codeOf(headers, `${text} `)).toBe('unauthenticated WEBHOOK_NOT_PROVEN');
    expect(await codeOf(headers, '{ not json')).toBe('unauthenticated WEBHOOK_NOT_PROVEN');
    expect(await codeOf(headers, text)).toBe('accepted');
  });

  it('nothing of it is kept in clear, and nothing else of that Secret at all', async () => {
    const outcome = (await configure({ ...ALL, 'admin.password': 'hash-of-admin' })) as { warnings: string[] };
    const rows = await rooms.db.transactions.query('select * from webhook_secrets');
    const audit = await rooms.db.transactions.query('select * from audit_entries');
    const all = JSON.stringify([rows, audit, rooms.log.lines, outcome]);
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain('hash-of-admin');
    expect(outcome.warnings).toHaveLength(1);
  });
});

describe('without a secret', () => {
  it('a Git server is believed, Harbor and the generic form are not', async () => {
    const answers = await Promise.all(
      SENDERS.map(async ([name, prove, body]) => [name, await codeOf(prove(bytes(body), ''), body)]),
    );
    const refused = answers
      .filter(([, answer]) => answer === 'unauthenticated WEBHOOK_NOT_PROVEN')
      .map(([name]) => name);
    expect(refused).toEqual(['Harbor', 'the generic form']);
  });

  it.each<[string, Record<string, string>, unknown, string]>([
    ['nobody known', { 'user-agent': 'x' }, {}, 'malformed WEBHOOK_UNKNOWN'],
    ['an unknown event', { 'x-github-event': 'star' }, {}, 'malformed WEBHOOK_UNKNOWN'],
    ['no JSON', { 'x-github-event': 'push' }, '{', 'malformed JSON_SYNTAX'],
    ['nothing', { 'x-github-event': 'push' }, '', 'malformed WEBHOOK_UNREADABLE'],
    ['too deep JSON', { 'x-github-event': 'push' }, '['.repeat(100_000), 'too-large JSON_TOO_DEEP'],
    [
      'a prototype',
      { 'x-github-event': 'push' },
      `{"__proto__":${JSON.stringify(pushTo('w'))}}`,
      'malformed WEBHOOK_UNREADABLE',
    ],
    ['a list', { 'x-gitlab-event': 'Push Hook' }, [pushTo('w')], 'malformed WEBHOOK_UNKNOWN'],
    ['a URL that is none', { 'x-github-event': 'push' }, { ...pushTo('w'), repository: { html_url: ' ' } }, 'ignored'],
  ])('%s is refused', async (_what, headers, body, expected) => {
    expect(await codeOf(headers, body)).toBe(expected);
    expect(await waiting()).toEqual([]);
  });
});

describe('repetitions and bursts', () => {
  const github = (delivery: string) => ({ 'x-github-event': 'push', 'x-github-delivery': delivery });

  it('the same delivery, or the same commits, are taken once', async () => {
    expect(await codeOf(github('1'), pushTo('w'))).toBe('accepted');
    expect(await codeOf(github('1'), pushTo('w'))).toBe('repeated');
    expect(await codeOf(github('2'), pushTo('w'))).toBe('repeated');
    expect(await codeOf(github('3'), pushTo('w', 'c'.repeat(40)))).toBe('accepted');
    expect(await waiting()).toHaveLength(2);
  });

  it('what names no commit may be another push, and waits as one', async () => {
    const body = { ...pushTo('w'), after: '' };
    for (const delivery of ['1', '2', '3']) expect(await codeOf(github(delivery), body)).toBe('accepted');
    expect(await waiting()).toHaveLength(1);
    expect(await queued()).toEqual([{ queue: 'webhooks', key: 'github.com/acme/w' }]);
  });

  it('a full queue takes nothing more', async () => {
    await rooms.db.transactions.query(
      `insert into webhook_events (key, digest, event) select 'k', n::text, '{}' from generate_series(1, 10000) n`,
    );
    expect(await codeOf(github('1'), pushTo('w'))).toBe('unavailable WEBHOOK_QUEUE_FULL');
    await rooms.db.transactions.query(`delete from webhook_events`);
    expect(await codeOf(github('1'), pushTo('w'))).toBe('accepted');
  });
});
