import { isConnector, isUpper, lowerCharacter } from './word-case.js';

type WordKind = 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other';

interface Word {
  kind: WordKind;
  text: string;
}

const LETTER = /\p{L}/u;
const NUMBER = /\p{N}/u;
const PUNCTUATION = /\p{P}/u;

/**
 * snake_case and kebab-case by the rules of xstrings: words part where case changes, a number sticks to the word before
 * it unless lower-case letters follow (`http2xx` is `http_2xx`, `Bld4Floor` is `bld4_floor`).
 */
export function separatedCase(text: string, connector: '_' | '-'): string {
  return new SeparatedWords(wordsOf(text), connector).written();
}

class SeparatedWords {
  private at = 0;
  private text = '';

  constructor(
    private readonly words: readonly Word[],
    private readonly connector: string,
  ) {}

  written(): string {
    while (this.at < this.words.length) {
      const kind = this.write();
      if (this.at >= this.words.length) break;
      if (kind === 'number') {
        this.writeWordy();
        this.part();
      } else if (kind !== 'connector' && kind !== 'punctuation') {
        this.afterWord();
      }
    }
    return this.text;
  }

  /** What comes between a word and the next, a number of its own included. */
  private afterWord(): void {
    if (this.kind(0) !== 'number') {
      this.part();
    } else if (this.kind(1) === 'alphabet') {
      this.text += this.connector;
      this.write();
      this.writeWordy();
      this.part();
    } else if (this.kind(1) !== undefined) {
      this.write();
      this.part();
    }
  }

  private kind(ahead: number): WordKind | undefined {
    return this.words[this.at + ahead]?.kind;
  }

  private write(): WordKind | undefined {
    const word = this.words[this.at];
    this.at += 1;
    if (word) this.text += lowered(word, this.connector);
    return word?.kind;
  }

  private writeWordy(): void {
    while (this.kind(0) === 'alphabet' || this.kind(0) === 'number') this.write();
  }

  private part(): void {
    const kind = this.kind(0);
    if (kind !== undefined && kind !== 'connector' && kind !== 'punctuation') this.text += this.connector;
  }
}

function lowered({ kind, text }: Word, connector: string): string {
  if (kind !== 'upper' && kind !== 'connector') return text;
  return Array.from(text, (character) => {
    if (isConnector(character)) return connector;
    return isUpper(character) ? lowerCharacter(character) : character;
  }).join('');
}

function wordsOf(text: string): Word[] {
  const characters = [...text];
  const words: Word[] = [];
  for (let at = 0; at < characters.length;) {
    const kind = kindOf(characters[at] ?? '');
    const end = endOf(characters, at, kind);
    words.push({ kind, text: characters.slice(at, end).join('') });
    at = end;
  }
  return words;
}

const isNumber = (character: string): boolean => NUMBER.test(character);
const isPunctuation = (character: string): boolean => PUNCTUATION.test(character);
const isSmall = (character: string): boolean => isAlphabet(character) && !isUpper(character);

const MEMBERS: Readonly<Record<Exclude<WordKind, 'upper'>, (character: string) => boolean>> = {
  connector: isConnector,
  punctuation: isPunctuation,
  alphabet: isSmall,
  number: isNumber,
  other: (character) => kindOf(character) === 'other',
};

function kindOf(character: string): WordKind {
  if (isConnector(character)) return 'connector';
  if (isPunctuation(character)) return 'punctuation';
  if (isUpper(character)) return 'upper';
  if (isAlphabet(character)) return 'alphabet';
  return isNumber(character) ? 'number' : 'other';
}

/** Ideographs that have no words of their own, by first and last character. */
const IDEOGRAPHS = [
  [0x3400, 0x4d85],
  [0x4e00, 0x9fcc],
  [0x20000, 0x2b81d],
] as const;

function isAlphabet(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return LETTER.test(character) && !IDEOGRAPHS.some(([first, last]) => code >= first && code <= last);
}

function endOf(characters: readonly string[], from: number, kind: WordKind): number {
  const run = (at: number, isIn: (character: string) => boolean): number => {
    let end = at;
    while (end < characters.length && isIn(characters[end] ?? '')) end += 1;
    return end;
  };
  if (kind !== 'upper') return run(from + 1, MEMBERS[kind]);
  const capitals = run(from + 1, isUpper);
  const isLetterNext = capitals < characters.length && isAlphabet(characters[capitals] ?? '');
  if (capitals === from + 1) return isLetterNext ? run(capitals, isSmall) : capitals;
  return isLetterNext ? capitals - 1 : capitals;
}
