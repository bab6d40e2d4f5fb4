import { clustersGenerator } from './clusters.js';
import type { Generator } from './generator.js';
import { gitGenerator } from './git.js';
import { listGenerator } from './list.js';
import { matrixGenerator } from './matrix.js';
import { mergeGenerator } from './merge.js';

/** Every generator by its key, in the order in which Argo CD takes the keys of one entry; undefined is not supported. */
export const GENERATORS: ReadonlyMap<string, Generator | undefined> = new Map<string, Generator | undefined>([
  ['list', listGenerator],
  ['clusters', clustersGenerator],
  ['git', gitGenerator],
  ['scmProvider', undefined],
  ['clusterDecisionResource', undefined],
  ['pullRequest', undefined],
  ['matrix', matrixGenerator],
  ['merge', mergeGenerator],
  ['plugin', undefined],
]);

/** Keys that may stand inside a matrix or merge that itself stands in one. */
export const TERMINAL_KEYS: readonly string[] = [...GENERATORS.keys()].filter(
  (key) => key !== 'matrix' && key !== 'merge',
);
