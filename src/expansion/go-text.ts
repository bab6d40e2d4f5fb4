const SPACE = /\p{White_Space}/u;

/** Go's strings.TrimSpace, which unlike JavaScript's trim keeps the byte order mark and takes U+0085. */
export function trimSpace(text: string): string {
  return trimEdges(text, (character) => SPACE.test(character));
}

/** Without the characters at either end for which `isCut` holds; linear, where a regular expression may not be. */
export function trimEdges(text: string, isCut: (character: string) => boolean): string {
  let from = 0;
  let to = text.length;
  while (from < to && isCut(text[from] ?? '')) from += 1;
  while (to > from && isCut(text[to - 1] ?? '')) to -= 1;
  return text.slice(from, to);
}
