import { describe, expect, it } from 'vitest';
import { learnApis } from '../../src/clusters/domain/known-apis.js';
import type { ApiResourceFact } from '../../src/dispatch/protocol/join.js';

const api = (resource: string): ApiResourceFact => ({
  group: 'apps',
  version: 'v1',
  kind: resource,
  resource,
  namespaced: true,
});
const names = (apis: readonly ApiResourceFact[]): string[] => apis.map((each) => each.resource);

describe('learnApis', () => {
  it('believes a new API at once', () => {
    const learned = learnApis({ apis: [], absent: [] }, [api('b'), api('a')]);
    expect(names(learned.apis)).toEqual(['a', 'b']);
  });

  it('drops an API only when two discoveries in a row miss it', () => {
    const once = learnApis({ apis: [api('a'), api('b')], absent: [] }, [api('a')]);
    expect(names(once.apis)).toEqual(['a', 'b']);
    expect(names(learnApis(once, [api('a')]).apis)).toEqual(['a']);
  });

  it('forgets its doubt when the API is back', () => {
    const once = learnApis({ apis: [api('a'), api('b')], absent: [] }, [api('a')]);
    const back = learnApis(once, [api('a'), api('b')]);
    expect(names(learnApis(back, [api('a')]).apis)).toEqual(['a', 'b']);
  });
});
