const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

const NOT_PRINTED = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** strconv.IsPrint of one character. */
export function isPrinted(character: string): boolean {
  return !NOT_PRINTED.test(character);
}

/** strconv.Quote; `ascii` is its QuoteToASCII. */
export function quoteText(text: string, ascii = false): string {
  return `"${escaped(text, '"', ascii)}"`;
}

/** strconv.QuoteRune. */
export function quoteCharacter(character: string, ascii = false): string {
  return `'${escaped(character, "'", ascii)}'`;
}

function escaped(text: string, quote: string, ascii: boolean): string {
  let written = '';
  for (const character of text) {
    const isForeign = NOT_PRINTED.test(character) || (ascii && character > '\x7f');
    if (character === quote) written += `\\${character}`;
    else written += SHORT[character] ?? (isForeign ? hexEscape(character) : character);
  }
  return written;
}

function hexEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return `\\x${digits.padStart(2, '0')}`;
  return code > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}
