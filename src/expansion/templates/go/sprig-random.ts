import type { RandomSource } from './random-source.js';
import type { GoFunction } from './function.js';
import { of, ofText, refuse, type NamedFunction } from './signatures.js';

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');

/** Each takes six bytes of a digest. */
const STEPS_A_CHARACTER = 6;
const STEPS_A_UUID = 20;

/** Characters picked from an alphabet; a negative count gives none, as sprig swallows the error. */
const picked = (alphabet: string): GoFunction =>
  of(['int'], ([count], context) => {
    const length = Math.max(Number(count), 0);
    context.charge(length);
    context.spend(length * STEPS_A_CHARACTER);
    const random = context.random();
    return Array.from({ length }, () => alphabet.charAt(random.below(alphabet.length))).join('');
  });

/** Sprig's randomness: the same for the same set, generation, parameters and place. */
export const SPRIG_RANDOM: readonly NamedFunction[] = [
  ['randAlphaNum', picked(LETTERS + DIGITS)],
  ['randAlpha', picked(LETTERS)],
  ['randNumeric', picked(DIGITS)],
  ['randAscii', picked(ASCII)],
  ['randInt', of(['int', 'int'], ([from, to], context) => randomInt(from as bigint, to as bigint, context.random()))],
  [
    'randBytes',
    of(['int'], ([count], context) => {
      const length = Number(count);
      if (length < 0) return refuse('randBytes', 'the count must not be negative');
      context.charge(length * 2);
      context.spend(length);
      return Buffer.from(context.random().bytes(length)).toString('base64');
    }),
  ],
  [
    'uuidv4',
    of([], (_none, context) => {
      context.spend(STEPS_A_UUID);
      return uuid(context.random());
    }),
  ],
  [
    'shuffle',
    ofText((text, context) => {
      const characters = [...text];
      context.spend(characters.length * STEPS_A_CHARACTER);
      return shuffled(characters, context.random()).join('');
    }),
  ],
];

function randomInt(from: bigint, to: bigint, random: RandomSource): bigint {
  if (to <= from) return refuse('randInt', `invalid argument: ${to} is not above ${from}`);
  const value = random.bytes(16).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return from + (value % (to - from));
}

function uuid(random: RandomSource): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Fisher and Yates. */
function shuffled(items: string[], random: RandomSource): string[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [items[index], items[other]] = [items[other] ?? '', items[index] ?? ''];
  }
  return items;
}
