import { FleetError } from './errors.js';

/** The lines of a byte stream, decoded as UTF-8. A line longer than `longest` characters ends the stream with an error. */
export async function* readLines(source: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > longest) throw tooLong(longest);
    for (const line of parts) if (line !== '') yield line;
  }
  if (rest !== '') yield rest;
}

function tooLong(longest: number): FleetError {
  return new FleetError('too-large', 'LINE_TOO_LONG', `a line of the stream is longer than ${longest} characters`);
}
