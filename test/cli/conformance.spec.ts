import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandJson, listOf, type PrintedSet } from '../support/command-line.js';
import { readExpansionSamples, withoutZeroes, type Sample } from '../support/conformance-samples.js';
import { writeTree } from '../support/local-trees.js';

const { inventories, repositories, cases } = readExpansionSamples();

describe.each(Object.keys(inventories))('fleetwright expand over the inventory %s', (inventory) => {
  const samples = cases.filter((sample) => sample.inventory === inventory);
  const named = (kind: Sample['kind']): [string, Sample][] =>
    samples.filter((sample) => sample.kind === kind).map((sample) => [sample.applicationSet.metadata.name, sample]);
  const root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-samples-'));
  let printed: PrintedSet[];
  let code: number | null;

  beforeAll(async () => {
    const flags = Object.entries(repositories).flatMap(([url, files], index) => {
      writeTree(path.join(root, String(index)), files);
      return ['--git', `${url}=${path.join(root, String(index))}`];
    });
    const input = listOf(...(inventories[inventory] ?? []), ...samples.map(({ applicationSet }) => applicationSet));
    ({ sets: printed, code } = await expandJson(input, flags));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const printedFor = (sample: Sample): PrintedSet | undefined => printed[samples.indexOf(sample)];

  it('has one entry for each set, in the order of the input', () => {
    expect(printed.map(({ name }) => name)).toEqual(samples.map(({ applicationSet }) => applicationSet.metadata.name));
    expect(code).toBe(named('error').length > 0 ? 1 : 0);
  });

  it.each(named('equal'))('%s gives the Applications that Argo CD gives', (_name, sample) => {
    const { applications = [], errors } = printedFor(sample) ?? {};
    expect(errors).toEqual([]);
    const bodies = applications.map(({ metadata, spec }) => withoutZeroes({ metadata, spec }));
    expect(bodies).toEqual((sample.applications ?? []).map(withoutZeroes));
  });

  it.each(named('error'))('%s fails as in Argo CD', (_name, sample) => {
    const { applications, errors } = printedFor(sample) ?? {};
    expect(applications).toEqual([]);
    expect(errors).not.toEqual([]);
  });

  it.each(named('panic'))('%s, which crashes Argo CD, gives Applications or a template error', (_name, sample) => {
    const { applications = [], errors = [] } = printedFor(sample) ?? {};
    expect(applications.length > 0).toBe(errors.length === 0);
    expect(errors.filter(({ code }) => code !== 'TEMPLATE_EXECUTION')).toEqual([]);
  });
});
