import { describe, expect, it } from 'vitest';
import { judgeLeftover, lastWave, type PruneRules } from '../../../src/applications/domain/prune/prune-plan.js';
import { keepsOnDelete, keepsOnPrune } from '../../../src/applications/domain/sync-options.js';
import { isTrackedBy } from '../../../src/applications/domain/tracking.js';
import { configMap } from '../../support/workloads.js';

const KEY = '/ConfigMap/shop/old';
const OURS = { 'argocd.argoproj.io/tracking-id': 'web:/ConfigMap:shop/old' };
const live = (annotations: Record<string, string> = OURS) => configMap('old', {}, { namespace: 'shop', annotations });
const RULES: PruneRules = {
  instance: 'web',
  heldPrunes: new Set(),
  mayRemove: true,
  refusal: 'fenced',
  keeps: () => false,
};
const verdict = (rules: Partial<PruneRules>, object: ReturnType<typeof live> | undefined = live()) =>
  judgeLeftover({ key: KEY, live: object }, { ...RULES, ...rules }).action;

describe('an object that left its bundle', () => {
  it('is removed when everything allows it', () => {
    expect(verdict({})).toBe('remove');
  });

  it('is forgotten when it is gone', () => {
    expect(judgeLeftover({ key: KEY, live: undefined }, RULES).action).toBe('forget');
  });

  it('is forgotten when someone else tracks it, or nobody', () => {
    expect(verdict({}, live({ 'argocd.argoproj.io/tracking-id': 'other:/ConfigMap:shop/old' }))).toBe('forget');
    expect(verdict({}, live({}))).toBe('forget');
  });

  it('is forgotten when its annotation was copied from another object', () => {
    expect(verdict({}, live({ 'argocd.argoproj.io/tracking-id': 'web:/ConfigMap:shop/new' }))).toBe('forget');
  });

  it('is kept while its removal is held, not asked for, or refused by its own annotations', () => {
    expect(verdict({ heldPrunes: new Set([KEY]) })).toBe('keep');
    expect(verdict({ mayRemove: false })).toBe('keep');
    expect(verdict({ keeps: () => true })).toBe('keep');
  });

  it('goes in reverse wave order', () => {
    expect(lastWave([{ wave: -1 }, { wave: 4 }, { wave: 0 }])).toBe(4);
    expect(lastWave([])).toBeUndefined();
  });
});

describe('tracking', () => {
  it('does not compare the namespace of cluster-scoped objects', () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: {
        name: 'r',
        annotations: { 'argocd.argoproj.io/tracking-id': 'web:rbac.authorization.k8s.io/ClusterRole:shop/r' },
      },
    };
    expect(isTrackedBy(role, 'web')).toBe(true);
  });
});

describe('sync options', () => {
  const annotated = (options: string) => ({ name: 'old', annotations: { 'argocd.argoproj.io/sync-options': options } });

  it('let the object speak before its Application', () => {
    expect(keepsOnPrune(annotated('Prune=true'), ['Prune=false'])).toBe(false);
    expect(keepsOnPrune(annotated('Validate=false , Prune=false'), [])).toBe(true);
    expect(keepsOnPrune({ name: 'old' }, ['Prune=false'])).toBe(true);
  });

  it("keep on deletion what asks for it, in Argo CD's words or Helm's", () => {
    expect(keepsOnDelete(annotated('Delete=false'), [])).toBe(true);
    expect(keepsOnDelete(annotated('Delete=confirm'), [])).toBe(true);
    expect(keepsOnDelete({ name: 'old', annotations: { 'helm.sh/resource-policy': 'keep' } }, [])).toBe(true);
    expect(keepsOnDelete({ name: 'old' }, [])).toBe(false);
  });
});
