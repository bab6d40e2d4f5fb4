import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/access/actor.js';
import { ApplyDoor, type Applied } from '../../../src/documents/apply-door.js';
import { StoredGeneratorConfigs } from '../../../src/expansion/fetchers/stored/stored-generator-configs.js';
import { StoredTokens } from '../../../src/expansion/fetchers/stored/stored-tokens.js';
import { openRooms, type Rooms } from '../../support/rooms.js';

const VALUE = 'correct-horse-battery';
const ADMIN: Actor = { type: 'token', id: '1', name: 'admin', admin: true };
const TEAM: Actor = { type: 'token', id: '2', name: 'team', admin: false, project: 'team-a', role: 'dev' };
const OPTIONS = { dryRun: false, strict: false, fieldManager: 'test' };
const OCM = 'cluster.open-cluster-management.io/v1beta1';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms();
});
afterAll(() => rooms.close());

async function apply(document: unknown, actor = ADMIN, options: Partial<typeof OPTIONS> = {}): Promise<Applied> {
  const [applied] = await rooms.module.get(ApplyDoor).applyAll(actor, [document], { ...OPTIONS, ...options });
  return applied as Applied;
}

const outcomeOf = async (document: unknown, actor = ADMIN) => {
  const { outcome } = await apply(document, actor);
  return outcome.ok ? outcome.value.action : (outcome.error as { code: string }).code;
};
const creds = (name: string, token: string, namespace = 'argocd') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels: { 'argocd.argoproj.io/secret-type': 'scm-creds' } },
  stringData: { token },
});
const configMap = (name: string, data: unknown, namespace = 'argocd') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});
const decision = (name: string, apiVersion = OCM) => ({
  apiVersion,
  kind: 'PlacementDecision',
  metadata: { name, namespace: 'argocd', labels: { placement: name } },
  status: { decisions: [{ clusterName: 'one', reason: '' }] },
});
const tokenOf = (secretName: string, key = 'token', namespace = 'argocd') =>
  rooms.module.get(StoredTokens, { strict: false }).token(namespace, { secretName, key });
const configs = () => rooms.module.get(StoredGeneratorConfigs, { strict: false });

describe('a Secret for generators', () => {
  it('gives its values to the sets of its namespace only', async () => {
    expect(await outcomeOf(creds('scm', VALUE))).toBe('created');
    expect(await tokenOf('scm')).toEqual({ ok: true, value: VALUE });
    expect(await tokenOf('scm', 'other')).toMatchObject({ ok: false, error: { code: 'SCM_TOKEN_MISSING' } });
    expect(await tokenOf('scm', 'token', 'team-a')).toMatchObject({ ok: false, error: { code: 'SCM_TOKEN_MISSING' } });
  });

  it('is told apart as unchanged and updated', async () => {
    expect(await outcomeOf(creds('scm', VALUE))).toBe('unchanged');
    expect(await outcomeOf(creds('scm', `${VALUE}-2`))).toBe('updated');
    expect(await tokenOf('scm')).toEqual({ ok: true, value: `${VALUE}-2` });
  });

  it('is for platform admins to bring', async () => {
    expect(await outcomeOf(creds('theirs', VALUE), TEAM)).toBe('FORBIDDEN');
    expect((await tokenOf('theirs')).ok).toBe(false);
  });

  it('shows its values in no row, log line or answer', async () => {
    const answer = await apply(creds('quiet', VALUE));
    const rows = await rooms.db.transactions.query(
      `select t::text from generator_inputs t union all select t::text from audit_entries t`,
    );
    expect(JSON.stringify(rows)).toContain('quiet');
    for (const text of [JSON.stringify(answer), JSON.stringify(rows), JSON.stringify(rooms.log.lines)]) {
      expect(text).not.toContain(VALUE);
    }
  });

  it('does not open in the place of another', async () => {
    await apply(creds('first', VALUE));
    await apply(creds('second', 'x'));
    await rooms.db.transactions.query(
      `update generator_inputs a set sealed = b.sealed from generator_inputs b where a.name = 'second' and b.name = 'first'`,
    );
    expect(await tokenOf('second')).toMatchObject({ ok: false, error: { code: 'SCM_TOKEN_MISSING' } });
    expect(await outcomeOf(creds('second', 'x'))).toBe('updated');
    expect(await tokenOf('second')).toEqual({ ok: true, value: 'x' });
  });

  it('changes nothing on a dry run', async () => {
    const { outcome } = await apply(creds('dry', VALUE), ADMIN, { dryRun: true });
    expect(outcome).toMatchObject({ ok: true, value: { action: 'created' } });
    expect((await tokenOf('dry')).ok).toBe(false);
  });
});

describe('ConfigMaps and decisions for generators', () => {
  it('are kept as they are', async () => {
    expect(await outcomeOf(configMap('plug', { baseUrl: 'http://x', token: '$a:b' }))).toBe('created');
    expect(await outcomeOf(configMap('plug', { baseUrl: 'http://x', token: '$a:b' }))).toBe('unchanged');
    expect(await configs().configMap('plug')).toEqual({ ok: true, value: { baseUrl: 'http://x', token: '$a:b' } });
    expect(await configs().configMap('none')).toMatchObject({ ok: false, error: { code: 'CONFIG_MAP_MISSING' } });
  });

  it('are found by group and plural, whatever the version', async () => {
    for (const name of ['b', 'a']) expect(await outcomeOf(decision(name))).toBe('created');
    await apply(decision('other', 'multicluster.x-k8s.io/v1alpha1'));
    const found = await configs().decisions({
      apiVersion: 'cluster.open-cluster-management.io/v1alpha1',
      plural: 'placementdecisions',
    });
    const status = { decisions: [{ clusterName: 'one', reason: '' }] };
    expect(found).toEqual({
      ok: true,
      value: [
        { name: 'a', labels: { placement: 'a' }, status },
        { name: 'b', labels: { placement: 'b' }, status },
      ],
    });
    const kept = await configs().decisions({ apiVersion: 'example.com/v1', plural: 'ducks' });
    expect(kept).toMatchObject({ ok: false, error: { code: 'DECISIONS_NOT_KEPT' } });
  });

  it.each<[string, unknown, string]>([
    ['outside the control namespace', configMap('far', {}, 'team-a'), 'INVALID_DOCUMENT'],
    ['with data that is no text', configMap('odd', { a: { b: 1 } }), 'INVALID_DOCUMENT'],
    ['too large', configMap('large', { a: 'x'.repeat(1 << 21) }), 'INVALID_DOCUMENT'],
    [
      'of a kind that decides nothing here',
      { ...decision('x'), kind: 'Deployment', apiVersion: 'apps/v1' },
      'UNKNOWN_KIND',
    ],
  ])('are refused %s', async (_what, document, code) => {
    expect(await outcomeOf(document)).toBe(code);
  });

  it('are for platform admins to bring', async () => {
    expect(await outcomeOf(configMap('theirs', {}), TEAM)).toBe('FORBIDDEN');
    expect(await outcomeOf(decision('theirs'), TEAM)).toBe('FORBIDDEN');
  });
});
