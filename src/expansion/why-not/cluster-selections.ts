import { isObject, own } from '../../kernel/json.js';

/** One `clusters` generator of a set, with all that decides whether a cluster comes out of it. */
export interface ClusterSelection {
  /** Such as `spec.generators[0].matrix.generators[1].clusters`. */
  path: string;
  /** As written; may hold tags inside a matrix. */
  selector: unknown;
  /** All its clusters are one parameter set, so that post-selectors do not see them apart. */
  isFlat: boolean;
  /** Of its own entry and of those around it, innermost first. */
  postSelectors: readonly { path: string; selector: unknown }[];
  /** A later child of a merge adds no results: it fills in what the first one gives. */
  onlyFills: boolean;
}

interface Around {
  postSelectors: ClusterSelection['postSelectors'];
  onlyFills: boolean;
  /** Combinations may still stand inside, so many levels down (argocd-behaviour.md 1.0). */
  levels: number;
}

/** Every `clusters` generator, wherever combinations nest; what is malformed is for the expansion to report. */
export function clusterSelections(generators: unknown): ClusterSelection[] {
  return selectionsOf(generators, 'spec.generators', { postSelectors: [], onlyFills: false, levels: 2 });
}

function selectionsOf(entries: unknown, path: string, around: Around): ClusterSelection[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) =>
    isObject(entry) ? ofEntry(entry, `${path}[${index}]`, around) : [],
  );
}

function ofEntry(entry: Record<string, unknown>, path: string, around: Around): ClusterSelection[] {
  const selector = own(entry, 'selector');
  const here = selector == null ? [] : [{ path: `${path}.selector`, selector }];
  const postSelectors = [...here, ...around.postSelectors];
  const clusters = own(entry, 'clusters');
  const found = isObject(clusters) ? [selectionOf(clusters, `${path}.clusters`, { ...around, postSelectors })] : [];
  if (around.levels === 0) return found;
  for (const key of ['matrix', 'merge']) {
    const block = own(entry, key);
    if (!isObject(block)) continue;
    const below = { postSelectors, onlyFills: around.onlyFills, levels: around.levels - 1 };
    found.push(
      ...ofCombination(own(block, 'generators'), `${path}.${key}.generators`, { ...below, merges: key === 'merge' }),
    );
  }
  return found;
}

function ofCombination(entries: unknown, path: string, { merges, ...around }: Around & { merges: boolean }) {
  if (!merges || !Array.isArray(entries)) return selectionsOf(entries, path, around);
  return entries.flatMap((entry: unknown, index) =>
    isObject(entry) ? ofEntry(entry, `${path}[${index}]`, { ...around, onlyFills: around.onlyFills || index > 0 }) : [],
  );
}

function selectionOf(clusters: Record<string, unknown>, path: string, around: Around): ClusterSelection {
  const { postSelectors, onlyFills } = around;
  return {
    path,
    selector: own(clusters, 'selector'),
    isFlat: own(clusters, 'flatList') === true,
    postSelectors,
    onlyFills,
  };
}
