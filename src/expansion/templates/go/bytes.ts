const ASCII = /^[\0-\x7f]*$/;

/** Go counts and cuts text by UTF-8 bytes. */
export function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : new TextEncoder().encode(text).length;
}

/** A cut inside a character leaves U+FFFD, where Go would leave broken bytes. */
export function sliceBytes(text: string, from: number, to: number): string {
  if (ASCII.test(text)) return text.slice(from, to);
  return decodeBytes(new TextEncoder().encode(text).slice(from, to));
}

const STRICT = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** UTF-8; each byte that is none becomes a U+FFFD, as when Go writes it as JSON. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    return decodeLoosely(bytes);
  }
}

const SEQUENCE =
  /[\0-\x7f]+|[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[^]/g;

function decodeLoosely(bytes: Uint8Array): string {
  const pieces = Buffer.from(bytes).toString('latin1').match(SEQUENCE) ?? [];
  return pieces.map(decodeSequence).join('');
}

function decodeSequence(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  return bytes.length === 1 ? '\uFFFD' : STRICT.decode(Buffer.from(bytes, 'latin1'));
}

/** Text with one character a byte, for functions of Go that walk over bytes. */
export function byteText(text: string): string {
  if (ASCII.test(text)) return text;
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Back from one character a byte. */
export function textOfBytes(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  return decodeBytes(Buffer.from(bytes, 'latin1'));
}
