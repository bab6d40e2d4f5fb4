import { readFileSync } from 'node:fs';

interface SampleApplication {
  metadata: { name: string };
  spec: object;
}

/** One input and Argo CD 3.6's answer; `panic` crashes it, and ours gives the obvious Applications. */
export interface Sample {
  inventory: string;
  kind: 'equal' | 'error' | 'panic';
  applicationSet: { metadata: { name: string } };
  applications?: SampleApplication[];
  error?: string;
}

export interface Samples {
  /** Argo CD cluster Secrets by inventory. */
  inventories: Record<string, object[]>;
  /** URL, path, content. */
  repositories: Record<string, Record<string, string>>;
  cases: Sample[];
}

export function readExpansionSamples(): Samples {
  return JSON.parse(
    readFileSync(new URL('../fixtures/conformance/expansion.json', import.meta.url), 'utf8'),
  ) as Samples;
}

const KEPT_WHEN_FALSE = new Set(['prune', 'selfHeal', 'allowEmpty', 'enabled']);

/** Without what Go leaves out when it marshals: see the samples' README. */
export function withoutZeroes(value: unknown): unknown {
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
