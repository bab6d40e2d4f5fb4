import { describe, expect, it } from 'vitest';
import {
  chooseVersion,
  isVersion,
  tagOf,
  versionOfTag,
} from '../../../src/repositories/charts/domain/chart-version.js';

const VERSIONS = ['2.0.0-rc.1', '1.10.0', '1.9.3', '1.2.0+build', '1.2.0', 'v0.9.0', 'latest', '0.2'];

describe('the version of a chart', () => {
  it.each([
    ['1.9.3', '1.9.3'],
    ['1.2.0', '1.2.0'],
    ['1.2.0+build', '1.2.0+build'],
    ['latest', 'latest'],
    ['0.9.0', 'v0.9.0'],
    ['1.9', '1.9.3'],
    ['*', '1.10.0'],
    ['', '1.10.0'],
    ['1.x', '1.10.0'],
    ['~1.2', '1.2.0+build'],
    ['^1.2', '1.10.0'],
    ['>=1 <1.10', '1.9.3'],
    ['>=1.9.0 <2.0.0 || 0.2', '1.10.0'],
    ['2.x', undefined],
    ['>=2.0.0-0', '2.0.0-rc.1'],
    ['2.0.0-rc.1', '2.0.0-rc.1'],
    ['3.0.0', undefined],
  ])('%s is %s', (wanted, chosen) => {
    expect(chooseVersion(wanted, VERSIONS)).toEqual({ ok: true, value: chosen });
  });

  it('is refused where it is neither a version nor a range', () => {
    expect(chooseVersion('newest please', VERSIONS).ok).toBe(false);
  });

  it('is a range unless it can be read as one version', () => {
    expect(['1.0.0', 'v1.0', '1'].map(isVersion)).toEqual([true, true, true]);
    expect(['1.x', '^1', '*', ''].map(isVersion)).toEqual([false, false, false, false]);
  });

  it('has an underscore for its plus in a tag', () => {
    expect(tagOf('1.0.0+a.b')).toBe('1.0.0_a.b');
    expect(versionOfTag('1.0.0_a.b')).toBe('1.0.0+a.b');
  });
});
