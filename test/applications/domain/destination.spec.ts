import { describe, expect, it } from 'vitest';
import { destinationForRules, resolveDestination } from '../../../src/applications/domain/destination.js';

const c1 = { uid: 'u1', name: 'c1', server: 'https://c1.example' };
const fleet = {
  byName: (name: string) => (name === 'c1' ? c1 : undefined),
  byServer: (server: string) => (server === c1.server ? c1 : undefined),
};

describe('resolveDestination', () => {
  it('finds a cluster by name or by server, and does not count a trailing slash', () => {
    for (const destination of [{ name: 'c1' }, { server: 'https://c1.example' }, { server: 'https://c1.example/' }]) {
      expect(resolveDestination({ ...destination, namespace: 'a' }, fleet)).toEqual({
        ok: true,
        value: { type: 'member', cluster: c1, namespace: 'a' },
      });
    }
  });

  it('takes in-cluster for the hub itself, however it is spelled', () => {
    for (const destination of [{ name: 'in-cluster' }, { server: 'https://kubernetes.default.svc' }]) {
      expect(resolveDestination(destination, fleet)).toMatchObject({ ok: true, value: { type: 'hub' } });
    }
  });

  it.each([
    [{ name: 'c1', server: 'https://c1.example' }, 'DESTINATION_AMBIGUOUS'],
    [{ namespace: 'a' }, 'DESTINATION_MISSING'],
    [{ name: 'nowhere' }, 'DESTINATION_UNKNOWN'],
  ])('refuses %o as %s', (destination, code) => {
    expect(resolveDestination(destination, fleet)).toMatchObject({ ok: false, error: { code } });
  });

  it('asks project rules about server and name, whichever the Application wrote', () => {
    const resolved = resolveDestination({ name: 'c1', namespace: 'a' }, fleet);
    expect(resolved.ok && destinationForRules(resolved.value)).toEqual({
      server: c1.server,
      name: 'c1',
      namespace: 'a',
    });
  });
});
