/**
 * Lines of at most `width` characters, broken at spaces; spaces at a line's start vanish. A word that is longer stays
 * whole, or is cut where `cutsWords`.
 */
export function wrapped(text: string, width: number, { newLine, cutsWords }: { newLine: string; cutsWords: boolean }) {
  const longest = Math.max(width, 1);
  const lines: string[] = [];
  let from = 0;
  while (text.length - from > longest) {
    if (text[from] === ' ') {
      from += 1;
      continue;
    }
    const at = breakAt(text, from, { longest, cutsWords });
    lines.push(text.slice(from, at));
    from = text[at] === ' ' && at <= text.length ? at + 1 : at;
    if (at === text.length) return lines.join(newLine);
  }
  return [...lines, text.slice(from)].join(newLine);
}

function breakAt(text: string, from: number, { longest, cutsWords }: { longest: number; cutsWords: boolean }): number {
  const space = text.slice(from, from + longest + 1).lastIndexOf(' ');
  if (space >= 0) return from + space;
  if (cutsWords) return from + longest;
  const next = text.indexOf(' ', from + longest);
  return next < 0 ? text.length : next;
}
