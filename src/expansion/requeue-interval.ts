import { isObject, own } from '../kernel/json.js';

/** argocd-behaviour.md 1.0, in seconds. Git is not here: repositories are followed by themselves. */
const DEFAULTS: Readonly<Record<string, number>> = {
  scmProvider: 1_800,
  pullRequest: 1_800,
  plugin: 1_800,
  clusterDecisionResource: 180,
};

const DEEPEST = 3;

/** Seconds after which an answer given to this generator is asked for again; zero in the document means the default. */
export function requeueSeconds(generator: string, spec: Readonly<Record<string, unknown>>): number {
  const wanted = own(spec, 'requeueAfterSeconds');
  return typeof wanted === 'number' && wanted > 0 ? wanted : (DEFAULTS[generator] ?? 0);
}

/** The shortest interval of the network generators of a set, nested ones included; undefined where it has none. */
export function shortestRequeueSeconds(generators: unknown, depth = 0): number | undefined {
  if (!Array.isArray(generators) || depth > DEEPEST) return undefined;
  const intervals = generators.filter(isObject).flatMap((entry) => intervalsOf(entry, depth));
  return intervals.length === 0 ? undefined : intervals.reduce((least, interval) => Math.min(least, interval));
}

function intervalsOf(entry: Record<string, unknown>, depth: number): number[] {
  const intervals: number[] = [];
  for (const key of Object.keys(entry)) {
    const spec = entry[key];
    if (!isObject(spec)) continue;
    if (Object.hasOwn(DEFAULTS, key)) intervals.push(requeueSeconds(key, spec));
    if (key !== 'matrix' && key !== 'merge') continue;
    const nested = shortestRequeueSeconds(own(spec, 'generators'), depth + 1);
    if (nested !== undefined) intervals.push(nested);
  }
  return intervals;
}
