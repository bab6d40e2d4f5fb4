import { expandApplicationSet } from '../../src/expansion/expand.js';
import type { Figure } from '../frame/figure.js';
import { median } from '../frame/statistics.js';
import type { Work } from '../frame/work.js';
import { ENGINES, readerOf, setOf, SHAPES, type EngineName, type ShapeName } from '../fleet/sets.js';

const RESULTS = 10_000;
const WARM_UPS = 3;
const RUNS = 7;

const ANCHORS: Readonly<Partial<Record<EngineName, string>>> = {
  fasttemplate: '17,000/s (clusters)',
  'Go templates': '400/s (clusters)',
};

/**
 * Expansion alone, from a set and a fleet in memory. Counted by the CPU time of the whole process, collecting garbage
 * and compiling included, so that others on the machine do not matter much: that is what one core gives.
 */
export const expandWork: Work = {
  name: 'expand',
  about: `one set, ${RESULTS} Applications; a CPU-second is a core's second`,
  run: async () => {
    const figures: Figure[] = [];
    for (const shape of SHAPES) for (const engine of ENGINES) figures.push(await measure(shape, engine));
    return { figures, memory: [{ process: 'the bench, all sets expanded', rss: process.memoryUsage().rss }] };
  },
};

async function measure(shape: ShapeName, engine: EngineName): Promise<Figure> {
  const set = setOf(shape, engine, RESULTS);
  const reader = readerOf(shape, RESULTS);
  const runs: number[] = [];
  for (let run = -WARM_UPS; run < RUNS; run++) {
    globalThis.gc?.();
    const before = process.cpuUsage();
    const { documents, errors } = await expandApplicationSet(set, reader);
    const { user, system } = process.cpuUsage(before);
    if (errors[0] || documents.length !== RESULTS) throw new Error(errors[0]?.message ?? `${documents.length} results`);
    if (run >= 0) runs.push(documents.length / ((user + system) / 1e6));
  }
  return {
    name: `${shape}, ${engine}`,
    value: median(runs),
    unit: 'Applications a CPU-second',
    runs,
    better: 'more',
    hold: 20_000,
    reach: 100_000,
    ...(shape === 'clusters' && ANCHORS[engine] ? { anchor: ANCHORS[engine] } : {}),
  };
}
