const ASCII = /^[\0-\x7f]*$/;

/** Go counts and cuts text by UTF-8 bytes. */
export function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : new TextEncoder().encode(text).length;
}

/** A cut inside a character leaves U+FFFD, where Go would leave broken bytes. */
export function sliceBytes(text: string, from: number, to: number): string {
  if (ASCII.test(text)) return text.slice(from, to);
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(from, to));
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
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
  );
}
