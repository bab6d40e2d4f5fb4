import { describe, expect, it } from 'vitest';
import { formatTable, summarise } from '../../src/demo/table.js';

describe('the table', () => {
  it('is as wide as its widest cell, and ends no line in blanks', () => {
    expect(
      formatTable(
        ['cluster', 'sync'],
        [
          ['tenant-01', 'Synced'],
          ['b', ''],
        ],
      ),
    ).toEqual(['cluster    sync', '─────────  ──────', 'tenant-01  Synced', 'b']);
  });

  it('says a state once where all agree, and counts where they do not', () => {
    expect(summarise(['Synced', 'Synced'])).toBe('Synced');
    expect(summarise(['OutOfSync', 'Synced', 'Synced'])).toBe('2 Synced, 1 OutOfSync');
    expect(summarise([])).toBe('–');
  });
});
