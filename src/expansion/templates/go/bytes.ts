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
