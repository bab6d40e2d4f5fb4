import type { YamlPlace } from './yaml-scalar.js';

/** A line that is longer is broken at its next single space. */
const WIDTH = 80;

/** Plain or single-quoted text in lines; a key, which has no place, stays on one. */
export function foldSpaces(text: string, place: YamlPlace | undefined, quote = 0): string {
  if (!place || place.column + text.length <= WIDTH) return text;
  const line = new Line(place, quote);
  const characters = [...text];
  characters.forEach((character, index) => {
    const isSingle = character === ' ' && characters[index - 1] !== ' ' && characters[index + 1] !== ' ';
    const isInside = index > 0 && index < characters.length - 1;
    if (isSingle && isInside && line.isFull) line.break();
    else line.add(character);
  });
  return line.text;
}

/** Double-quoted text in lines, its characters escaped already; a space that starts a line is escaped too. */
export function foldPieces(pieces: readonly string[], place: YamlPlace): string {
  const line = new Line(place, 1);
  pieces.forEach((piece, index) => {
    const isBreakable = piece === ' ' && pieces[index - 1] !== ' ' && index > 0 && index < pieces.length - 1;
    if (isBreakable && line.isFull) line.break(pieces[index + 1] === ' ' ? '\\' : '');
    else line.add(piece);
  });
  return line.text;
}

class Line {
  text = '';
  private column: number;

  constructor(
    private readonly place: YamlPlace,
    quote: number,
  ) {
    this.column = place.column + quote;
  }

  get isFull(): boolean {
    return this.column > WIDTH;
  }

  add(piece: string): void {
    this.text += piece;
    this.column += piece.length > 2 ? piece.length : [...piece].length;
  }

  break(start = ''): void {
    this.text += `\n${this.place.indent}${start}`;
    this.column = this.place.indent.length + start.length;
  }
}
