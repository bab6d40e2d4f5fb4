import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ApplicationSetDocument } from '../../src/expansion/applicationset-document.js';
import { expandApplicationSet } from '../../src/expansion/expand.js';
import type { ClusterRecord } from '../../src/expansion/reader.js';
import { MemoryExpansionReader, type FileTree } from '../support/memory-expansion-reader.js';

interface ClusterSecret {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

interface ConformanceCase {
  inventory: string;
  kind: 'equal' | 'error' | 'panic';
  applicationSet: ApplicationSetDocument;
  applications?: { metadata: { name: string } }[];
  error?: string;
}

interface Samples {
  inventories: Record<string, ClusterSecret[]>;
  repositories: Record<string, FileTree>;
  cases: ConformanceCase[];
}

const samples = JSON.parse(
  readFileSync(new URL('../fixtures/conformance/expansion.json', import.meta.url), 'utf8'),
) as Samples;

function recordOf({ metadata, data = {}, stringData = {} }: ClusterSecret): ClusterRecord {
  const value = (key: string): string => stringData[key] ?? Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  const { name, labels = {}, annotations = {} } = metadata;
  return { name: value('name') || name, server: value('server'), project: value('project'), labels, annotations };
}

const KEPT_WHEN_FALSE = new Set(['prune', 'selfHeal', 'allowEmpty', 'enabled']);

/** Without what Go leaves out when it marshals: see the samples' README. */
function withoutZeroes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutZeroes);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, member]) => [key, withoutZeroes(member)] as const)
    .filter(([key, member]) => !isZero(member) || (member === false && KEPT_WHEN_FALSE.has(key)));
  return Object.fromEntries(kept);
}

function isZero(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

async function expand({ inventory, applicationSet }: ConformanceCase) {
  const clusters = (samples.inventories[inventory] ?? []).map(recordOf);
  return expandApplicationSet(applicationSet, new MemoryExpansionReader(clusters, samples.repositories));
}

async function expectApplications(sample: ConformanceCase): Promise<void> {
  const { documents, errors } = await expand(sample);
  const applications = documents
    .map(({ metadata, spec }) => ({ metadata, spec }))
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  expect(errors).toEqual([]);
  expect(applications.map(withoutZeroes)).toEqual((sample.applications ?? []).map(withoutZeroes));
}

const ofKind = (kind: ConformanceCase['kind']): [string, ConformanceCase][] =>
  samples.cases.filter((sample) => sample.kind === kind).map((sample) => [sample.applicationSet.metadata.name, sample]);

describe('what Argo CD 3.6 generates', () => {
  it.each(ofKind('equal'))('%s gives the same Applications', (_name, sample) => expectApplications(sample));

  it.each(ofKind('error'))('%s fails', async (_name, sample) => {
    expect((await expand(sample)).errors).not.toEqual([]);
  });

  it.each(ofKind('panic'))(
    '%s, which crashes Argo CD, takes the union, and template errors apply',
    async (name, sample) => {
      const { documents, errors } = await expand(sample);
      expect(documents.length).toBeGreaterThan(0);
      expect(errors.map(({ message }) => message)).toEqual(
        Array<unknown>(name === 'case-0145' ? 6 : 0).fill(expect.stringContaining('no entry for key "n"')),
      );
    },
  );

  it('holds every sample', () => {
    const counts = { equal: ofKind('equal').length, error: ofKind('error').length, panic: ofKind('panic').length };
    expect(counts).toEqual({ equal: 150, error: 30, panic: 6 });
  });
});
