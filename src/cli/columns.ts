/** Rows of text in columns, left-aligned, as kubectl prints them; control characters cannot break a row. */
export function formatColumns(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(onOneLine));
  const widths: number[] = [];
  for (const row of clean) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return clean.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

/** What others wrote cannot start a line of its own. */
export function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
