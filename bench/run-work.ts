import { WORKS } from './works.js';

/** Runs one work in this process and hands its result to the parent. */
const work = WORKS.find(({ name }) => name === process.argv[2]);
if (!work) throw new Error(`no such work: ${process.argv[2]}`);
const result = await work.run();
process.send?.(result, () => process.exit(0));
