import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleetwright } from '../support/command-line.js';

const SAMPLES = path.resolve(import.meta.dirname, '../fixtures/conformance/access.jsonl');

interface Sample {
  matchMode?: string;
  requests: Record<string, unknown>[];
  expected: { allowed?: boolean[]; error?: string };
}

interface Answer {
  verdicts?: { allowed: boolean; reason: string }[];
  error?: string;
}

async function check(input: string): Promise<{ code: number | null; answers: Answer[]; stderr: string }> {
  const { code, stdout, stderr } = await fleetwright(['access', 'check', '--file', '-', '-o', 'json'], input);
  const answers = stdout.split('\n').filter((line) => line !== '');
  return { code, stderr, answers: answers.map((line) => JSON.parse(line) as Answer) };
}

/** Not built yet. */
function isUnsupported({ matchMode, requests, expected }: Sample): boolean {
  const hasWindows = expected.error === undefined && requests.some((request) => 'syncWindow' in request);
  return matchMode === 'regex' || hasWindows;
}

const lines = readFileSync(SAMPLES, 'utf8').trim().split('\n');
const samples = lines.map((line) => JSON.parse(line) as Sample);

describe('fleetwright access check', () => {
  it('answers every sample as Argo CD does, and names what it does not support', async () => {
    const { answers } = await check(lines.join('\n'));
    expect(answers).toHaveLength(samples.length);
    for (const [index, sample] of samples.entries()) {
      const answer = answers[index];
      if (isUnsupported(sample)) expect(answer?.error).toMatch(/not supported yet/);
      else if (sample.expected.error) expect(answer).toEqual({ error: expect.stringMatching(/^(?!.*not supported)/) });
      else expect(answer?.verdicts?.map(({ allowed }) => allowed)).toEqual(sample.expected.allowed);
    }
  });

  it('answers every request of a project that is not about sync windows', async () => {
    const asked = samples
      .filter(({ matchMode, expected }) => matchMode === undefined && expected.error === undefined)
      .map((sample) => {
        const at = sample.requests.flatMap((request, index) => ('syncWindow' in request ? [] : [index]));
        const requests = at.map((index) => sample.requests[index]);
        return {
          line: JSON.stringify({ ...sample, requests }),
          allowed: at.map((index) => sample.expected.allowed?.[index]),
        };
      });
    const { code, answers } = await check(asked.map(({ line }) => line).join('\n'));
    expect(code).toBe(0);
    expect(answers.map(({ verdicts }) => verdicts?.map(({ allowed }) => allowed))).toEqual(
      asked.map(({ allowed }) => allowed),
    );
    expect(answers.flatMap(({ verdicts = [] }) => verdicts).every(({ reason }) => reason !== '')).toBe(true);
  });

  it('exits 0 when every line was answered, refusals included', async () => {
    const { code, answers } = await check(
      '{"policy": "p, broken", "requests": []}\n\n{"policy": "", "requests": []}\n',
    );
    expect({ code, answers }).toEqual({ code: 0, answers: [{ error: expect.any(String) }, { verdicts: [] }] });
  });

  it.each([
    'not json',
    '[]',
    '{}',
    '{"policy": 1}',
    '{"project": {}, "requests": [{}]}',
    '{"project": 1, "requests": [1]}',
  ])('%s is an error of its line, and stops no other', async (line) => {
    const { code, answers, stderr } = await check(`${line}\n{"policy": "", "requests": []}`);
    expect({ code, answers }).toEqual({ code: 1, answers: [{ error: expect.any(String) }, { verdicts: [] }] });
    expect(stderr).toContain('standard input, line 1');
  });

  it('without a file is wrong usage', async () => {
    expect((await fleetwright(['access', 'check'])).code).toBe(2);
    expect((await fleetwright(['access'])).stderr).toContain('did you mean "fleetwright access check"?');
  });
});
