import { describe, expect, it } from 'vitest';
import { digestJson } from '../../src/kernel/digest.js';
import type { ClusterRecord } from '../../src/expansion/reader.js';
import { expandSet } from '../support/expansion.js';
import { cluster, MemoryExpansionReader, type FileTree } from '../support/memory-expansion-reader.js';

/** Small, seeded, and the same on every machine (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const URL = 'https://git.example.com/r.git';

function world(seed: number): { clusters: ClusterRecord[]; tree: FileTree; generators: object[] } {
  const random = randomOf(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const envs = ['dev', 'prod', 'stage'];
  const clusters = Array.from({ length: 1 + Math.floor(random() * 12) }, (_, index) =>
    cluster(`c${index}`, { env: pick(envs) }, { annotations: { zone: pick(['a', 'b']) } }),
  );
  const tree = Object.fromEntries(
    Array.from({ length: 1 + Math.floor(random() * 8) }, (_, index) => [
      `${pick(envs)}/d${index}/f.yaml`,
      `n${index}: v\n`,
    ]),
  );
  const leaves = [
    { clusters: { selector: { matchLabels: { env: pick(envs) } }, values: { v: '{{name}}' } } },
    { git: { repoURL: URL, revision: 'HEAD', directories: [{ path: `${pick(envs)}/*` }] } },
    { git: { repoURL: URL, revision: 'HEAD', files: [{ path: `${pick(envs)}/*.yaml` }] } },
    { list: { elements: [{ app: 'x' }, { app: 'y' }] } },
  ];
  const generators = Array.from({ length: 3 }, () =>
    random() < 0.5 ? pick(leaves) : { matrix: { generators: [pick(leaves), pick(leaves)] } },
  );
  return { clusters, tree, generators };
}

const template = {
  metadata: { name: '{{name}}-{{path.basename}}-{{app}}', labels: { v: '{{values.v}}' } },
  spec: { project: 'p', destination: { server: '{{server}}' } },
};

const expand = (clusters: ClusterRecord[], tree: FileTree, generators: object[]) =>
  expandSet({ generators, template }, new MemoryExpansionReader(clusters, { [URL]: tree }));

describe('expansion', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'is the same again and in any listing order (%i)',
    async (seed) => {
      const { clusters, tree, generators } = world(seed);
      const first = await expand(clusters, tree, generators);
      const again = await expand(clusters, tree, generators);
      const random = randomOf(seed + 1);
      const shuffled = clusters.toSorted(() => random() - 0.5);
      const reordered = Object.fromEntries(Object.entries(tree).toReversed());
      expect(digestJson(again)).toBe(digestJson(first));
      expect(digestJson(await expand(shuffled, reordered, generators))).toBe(digestJson(first));
    },
  );

  it('leaves its input untouched', async () => {
    const { clusters, tree, generators } = world(7);
    const before = structuredClone({ clusters, tree, generators });
    await expand(clusters, tree, generators);
    expect({ clusters, tree, generators }).toEqual(before);
  });

  it('tells the branch and the parameters that each document came from', async () => {
    const { documents } = await expandSet({
      generators: [{ list: { elements: [{ a: '1' }, { a: '2' }] } }, { list: { elements: [{ b: '3' }] } }],
    });
    expect(documents.map(({ origin }) => ({ ...origin, parameters: { ...origin.parameters } }))).toEqual([
      { branch: 0, parameters: { a: '1' } },
      { branch: 0, parameters: { a: '2' } },
      { branch: 1, parameters: { b: '3' } },
    ]);
  });
});
