/** Rows of text in columns, left-aligned, the head underlined. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}

/** `Synced` where all are, else each with its count: `3 Synced, 1 OutOfSync`. */
export function summarise(statuses: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  const entries = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  if (entries.length === 0) return '–';
  const [[only] = ['']] = entries;
  return entries.length === 1 ? only : entries.map(([status, count]) => `${count} ${status}`).join(', ');
}
