/**
 * The text of a file: UTF-8, or UTF-16 where it begins with that byte order mark, without the mark. Bytes that are no
 * characters become replacement characters, as where Argo CD reads manifests.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
