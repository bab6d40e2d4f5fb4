const CONNECTOR = /[-_\p{White_Space}]/u;
const UPPER = /\p{Lu}/u;
const LOWER = /\p{Ll}/u;
const TITLE = /\p{Lt}/u;
const SPACE = /\p{White_Space}/u;

const ASCII = /^[\0-\x7f]*$/;

export function upperText(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : Array.from(text, upperCharacter).join('');
}

export function lowerText(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : Array.from(text, lowerCharacter).join('');
}

/** One character to one, as Go maps case; where JavaScript would make more of it, it stays. */
function upperCharacter(character: string): string {
  const mapped = character.toUpperCase();
  return [...mapped].length === 1 ? mapped : character;
}

export function lowerCharacter(character: string): string {
  return [...character.toLowerCase()][0] ?? '';
}

export const isUpper = (character: string): boolean => UPPER.test(character);
const isLower = (character: string): boolean => LOWER.test(character);
export const isSpace = (character: string): boolean => SPACE.test(character);
export const isConnector = (character: string): boolean => CONNECTOR.test(character);

/** Go's strings.Title: what follows anything but a letter, a digit, an underscore or a mark of its own is raised. */
export function titled(text: string): string {
  let previous = ' ';
  return Array.from(text, (character) => {
    const shown = isTitleSeparator(previous) ? upperCharacter(character) : character;
    previous = character;
    return shown;
  }).join('');
}

function isTitleSeparator(character: string): boolean {
  if (character <= '\x7f') return !/[0-9A-Za-z_]/.test(character);
  return !/[\p{L}\p{Nd}]/u.test(character) && isSpace(character);
}

/** The first letter of each word in lower case. */
export function untitled(text: string): string {
  let isFirst = true;
  return Array.from(text, (character) => {
    if (isSpace(character)) isFirst = true;
    else if (isFirst) {
      isFirst = false;
      return lowerCharacter(character);
    }
    return character;
  }).join('');
}

export function swappedCase(text: string): string {
  return Array.from(text, (character) => {
    if (isUpper(character) || TITLE.test(character)) return lowerCharacter(character);
    return isLower(character) ? upperCharacter(character) : character;
  }).join('');
}

/**
 * `some_words` to `SomeWords`: connectors between words vanish; a word that began in capitals loses them. Where there is
 * nothing but connectors, xstrings says the last one twice.
 */
export function pascalCase(text: string): string {
  const characters = [...text];
  const start = characters.findIndex((character) => !isConnector(character));
  if (start < 0) return text + (characters.at(-1) ?? '');
  let written = characters.slice(0, start).join('');
  let wasUpper = isUpper(characters[start] ?? '');
  let pending = upperCharacter(characters[start] ?? '');
  for (const character of characters.slice(start + 1)) {
    let next = character;
    if (isConnector(character) && isConnector(pending)) {
      written += pending;
      pending = character;
      continue;
    }
    if (isConnector(pending)) {
      wasUpper = isUpper(character);
      next = upperCharacter(character);
    } else {
      if (wasUpper && isUpper(character)) next = lowerCharacter(character);
      else wasUpper = false;
      written += pending;
    }
    pending = next;
  }
  return written + pending;
}
