import { describe, expect, it } from 'vitest';
import {
  difference,
  intersection,
  isEmpty,
  parseFieldsV1,
  pathsOf,
  setsEqual,
  toFieldsV1,
  union,
} from '../../src/kubernetes/field-set.js';

const FIELDS = {
  'f:spec': {
    'f:replicas': {},
    'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } },
    'f:finalizers': { 'v:"a"': {} },
  },
};

describe('sets of fields', () => {
  it('survive the way through managedFields', () => {
    expect(toFieldsV1(parseFieldsV1(FIELDS))).toEqual(FIELDS);
  });

  it('print paths as kubectl does', () => {
    expect(pathsOf(parseFieldsV1(FIELDS)).sort()).toEqual([
      '.spec.containers[name="web"]',
      '.spec.containers[name="web"].image',
      '.spec.finalizers[="a"]',
      '.spec.replicas',
    ]);
  });

  it('unite, intersect and subtract path by path', () => {
    const one = parseFieldsV1({ 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} } });
    const other = parseFieldsV1({ 'f:b': {}, 'f:d': {} });
    expect(toFieldsV1(union(one, other))).toEqual({ 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} }, 'f:d': {} });
    expect(toFieldsV1(intersection(one, other))).toEqual({ 'f:b': {} });
    expect(toFieldsV1(difference(one, other))).toEqual({ 'f:a': {}, 'f:b': { 'f:c': {} } });
    expect(isEmpty(difference(one, one))).toBe(true);
  });

  it('are equal whatever the order of their members', () => {
    expect(setsEqual(parseFieldsV1({ 'f:a': {}, 'f:b': {} }), parseFieldsV1({ 'f:b': {}, 'f:a': {} }))).toBe(true);
    expect(setsEqual(parseFieldsV1({ 'f:a': {} }), parseFieldsV1({ 'f:a': { 'f:b': {} } }))).toBe(false);
  });
});
