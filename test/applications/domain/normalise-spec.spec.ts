import { describe, expect, it } from 'vitest';
import { normaliseSpec } from '../../../src/applications/domain/normalise-spec.js';

describe('normaliseSpec', () => {
  it('reads an empty project as default', () => {
    expect(normaliseSpec({ project: '' })).toEqual({ project: 'default' });
  });

  it('drops source options, sync policies and nulls that say nothing', () => {
    const spec = {
      project: 'p',
      source: { repoURL: 'r', helm: {}, directory: { recurse: false } },
      syncPolicy: {},
      info: null,
    };
    expect(normaliseSpec(spec)).toEqual({ project: 'p', source: { repoURL: 'r' } });
  });

  it('keeps what says something', () => {
    const spec = {
      project: 'p',
      syncPolicy: { automated: { prune: true } },
      sources: [{ repoURL: 'r', directory: { recurse: true } }],
    };
    expect(normaliseSpec(spec)).toEqual(spec);
  });
});
