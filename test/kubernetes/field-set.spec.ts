import { describe, expect, it } from 'vitest';
import { difference, intersection, isEmpty, pathsOf, setsEqual, union } from '../../src/kubernetes/field-set.js';

const FIELDS = {
  'f:spec': {
    'f:replicas': {},
    'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } },
    'f:finalizers': { 'v:"a"': {} },
  },
};

describe('sets of fields', () => {
  it('print paths as kubectl does', () => {
    expect(pathsOf(FIELDS).sort()).toEqual([
      '.spec.containers[name="web"]',
      '.spec.containers[name="web"].image',
      '.spec.finalizers[="a"]',
      '.spec.replicas',
    ]);
  });

  it('unite, intersect and subtract path by path', () => {
    const one = { 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} } };
    const other = { 'f:b': {}, 'f:d': {} };
    expect(union(one, other)).toEqual({ 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} }, 'f:d': {} });
    expect(intersection(one, other)).toEqual({ 'f:b': {} });
    expect(difference(one, other)).toEqual({ 'f:a': {}, 'f:b': { 'f:c': {} } });
    expect(isEmpty(difference(one, one))).toBe(true);
  });

  it('are equal whatever the order of their members', () => {
    expect(setsEqual({ 'f:a': {}, 'f:b': {} }, { 'f:b': {}, 'f:a': {} })).toBe(true);
    expect(setsEqual({ 'f:a': {} }, { 'f:a': { 'f:b': {} } })).toBe(false);
  });
});
