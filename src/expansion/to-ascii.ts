/** Letters that have no decomposition, as they are read in English; Cyrillic and Greek by their lower case. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'ng',
  ĸ: 'k',
  ...pairs('абвгдзийклмнопрстуфыэ', 'abvgdziiklmnoprstufye'),
  ё: 'io',
  е: 'e',
  ж: 'zh',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: "'",
  ь: "'",
  ю: 'iu',
  я: 'ia',
  є: 'ie',
  і: 'i',
  ї: 'yi',
  ґ: 'g',
  ...pairs('αβγδεζηικλμνξοπρςστυω', 'abgdezeiklmnxoprsstuo'),
  θ: 'th',
  φ: 'ph',
  χ: 'kh',
  ψ: 'ps',
  '€': 'EU',
  '\u2044': '/',
};

/** The nearest ASCII spelling of a text; characters without one vanish. */
export function toAscii(text: string): string {
  return [...text].map(asciiOf).join('');
}

function asciiOf(character: string): string {
  if (character <= '\x7f') return character;
  const lower = character.toLowerCase();
  const letter = Object.hasOwn(LETTERS, lower) ? LETTERS[lower] : undefined;
  if (letter !== undefined) return lower === character ? letter : letter.charAt(0).toUpperCase() + letter.slice(1);
  const parts = [...character.normalize('NFKD')].filter((part) => !/\p{M}/u.test(part));
  return parts.map((part) => (part === character ? '' : asciiOf(part))).join('');
}

function pairs(from: string, to: string): Record<string, string> {
  return Object.fromEntries([...from].map((character, index) => [character, to.charAt(index)]));
}
