import type { ApplicationSetDocument } from '../../src/expansion/applicationset-document.js';
import { expandApplicationSet } from '../../src/expansion/expand.js';
import type { ExpansionReader } from '../../src/expansion/reader.js';
import type { Figure } from '../frame/figure.js';
import { median } from '../frame/statistics.js';
import type { Work } from '../frame/work.js';
import { ENGINES, readerOf, setOf, SHAPES, type EngineName, type ShapeName } from '../fleet/sets.js';

const RESULTS = 10_000;
const WARM_UPS = 2;
const RUNS = 3;

const ANCHORS: Readonly<Partial<Record<EngineName, string>>> = {
  fasttemplate: '31 KiB',
  'Go templates': '1.9 MiB',
};

/** What expansion allocates: the young generation is so large that nothing is collected meanwhile. */
export const allocationWork: Work = {
  name: 'expand-allocation',
  about: `one set, ${RESULTS} Applications; bytes allocated for each, garbage and results together`,
  execArgv: ['--min-semi-space-size=1024', '--max-semi-space-size=1024', '--max-old-space-size=4096'],
  run: async () => {
    const figures: Figure[] = [];
    for (const shape of SHAPES) for (const engine of ENGINES) figures.push(await measure(shape, engine));
    return { figures };
  },
};

async function measure(shape: ShapeName, engine: EngineName): Promise<Figure> {
  const set = setOf(shape, engine, RESULTS);
  const reader = readerOf(shape, RESULTS);
  const runs: Allocation[] = [];
  for (let run = -WARM_UPS; run < RUNS; run++) {
    const allocation = await allocate(set, reader);
    if (run >= 0) runs.push(allocation);
  }
  const allocated = runs.map(({ bytes }) => bytes);
  const note = `${Math.round(median(runs.map(({ kept }) => kept)))} bytes of them are kept as the result`;
  const anchor = shape === 'clusters' ? ANCHORS[engine] : undefined;
  const figure = { name: `${shape}, ${engine}`, value: median(allocated), unit: 'bytes', runs: allocated } as const;
  return { ...figure, better: 'less', note, ...(anchor === undefined ? {} : { anchor }) };
}

interface Allocation {
  bytes: number;
  kept: number;
}

/** For each Application. A function of its own, so that the run before is garbage by now. */
async function allocate(set: ApplicationSetDocument, reader: ExpansionReader): Promise<Allocation> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const { documents } = await expandApplicationSet(set, reader);
  const after = process.memoryUsage().heapUsed;
  globalThis.gc?.();
  const kept = process.memoryUsage().heapUsed - before;
  return { bytes: (after - before) / documents.length, kept: kept / documents.length };
}
