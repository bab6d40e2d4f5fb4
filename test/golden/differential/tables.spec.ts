import { describe, expect, it } from 'vitest';
import { agree, ourAnswer } from './answers.js';
import { AREAS } from './areas/all.js';
import { readTable } from './tables.js';

// Recorded with SEED=20 COUNT=4000 RECORD=1, see vitest.config.ts beside; no Go is needed here.
describe.each(AREAS.map((area) => [area.name, area] as const))("what Go's own library answers: %s", (_name, area) => {
  it('is what we answer', () => {
    const rows = readTable(area);
    const different = rows.filter(([question, go]) => !agree(area, ourAnswer(area, question), go));

    expect(rows.length).toBeGreaterThan(50);
    expect(different.map(([question, go]) => ({ question, go, ours: ourAnswer(area, question) }))).toEqual([]);
  });
});
