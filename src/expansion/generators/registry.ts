import { clusterDecisionGenerator } from './cluster-decision.js';
import { clustersGenerator } from './clusters.js';
import type { Generator } from './generator.js';
import { gitGenerator } from './git.js';
import { listGenerator } from './list.js';
import { matrixGenerator } from './matrix.js';
import { mergeGenerator } from './merge.js';
import { pluginGenerator } from './plugin.js';
import { pullRequestGenerator } from './pull-request.js';
import { scmProviderGenerator } from './scm-provider.js';

/** Every generator by its key, in the order in which Argo CD takes the keys of one entry. */
export const GENERATORS: ReadonlyMap<string, Generator> = new Map<string, Generator>([
  ['list', listGenerator],
  ['clusters', clustersGenerator],
  ['git', gitGenerator],
  ['scmProvider', scmProviderGenerator],
  ['clusterDecisionResource', clusterDecisionGenerator],
  ['pullRequest', pullRequestGenerator],
  ['matrix', matrixGenerator],
  ['merge', mergeGenerator],
  ['plugin', pluginGenerator],
]);

/** Keys that may stand inside a matrix or merge that itself stands in one. */
export const TERMINAL_KEYS: readonly string[] = [...GENERATORS.keys()].filter(
  (key) => key !== 'matrix' && key !== 'merge',
);
