import { describe, expect, it } from 'vitest';
import { graphOf, readSources } from './import-graph.js';
import { isEntry, roomOf, ROOMS, RULES } from './import-rules.js';

const sources = readSources();

describe('the rooms of src', () => {
  it('are those of the design', () => {
    const rooms = new Set([...sources.keys()].filter((file) => !isEntry(file)).map(roomOf));
    expect([...rooms].filter((room) => !Object.hasOwn(ROOMS, room))).toEqual([]);
  });

  it('are found by following real imports', () => {
    const missing = [...sources.values()].flatMap(({ imports }) =>
      imports.filter(({ own, target }) => own && !sources.has(target)),
    );
    expect(missing).toEqual([]);
  });
});

describe.each(RULES)('$name', ({ violations, proof }) => {
  it('holds', () => {
    expect(violations(sources)).toEqual([]);
  });

  it('fires where it is broken', () => {
    expect(violations(graphOf(proof))).not.toEqual([]);
  });
});
