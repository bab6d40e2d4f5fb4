import { byteText, textOfBytes } from './bytes.js';
import { GoExecutionError } from './execution-error.js';

/** Parts of a URL, each with characters of its own that stand for themselves. */
export type UrlPart = 'path' | 'userinfo' | 'fragment' | 'host';

const PLAIN: Readonly<Record<UrlPart, RegExp>> = {
  path: /[0-9A-Za-z\-_.~$&+,/:;=@]/,
  userinfo: /[0-9A-Za-z\-_.~$&+,;=]/,
  fragment: /[0-9A-Za-z\-_.~$&+,/:;=?@!()*]/,
  host: /[0-9A-Za-z\-_.~!$&'()*+,;=:[\]<>"]/,
};

export function escapeUrl(text: string, part: UrlPart): string {
  return Array.from(byteText(text), (byte) => (PLAIN[part].test(byte) ? byte : percent(byte))).join('');
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Throws GoExecutionError for a `%` without two hex digits, and for what a host may not hold. */
export function unescapeUrl(text: string, part: UrlPart): string {
  const bytes = byteText(text);
  const wrong = /%(?![0-9A-Fa-f]{2})/.exec(bytes);
  if (wrong)
    throw new GoExecutionError(`invalid URL escape ${JSON.stringify(bytes.slice(wrong.index, wrong.index + 3))}`);
  if (part === 'host') refuseInHost(bytes);
  return textOfBytes(
    bytes.replace(/%(..)/g, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
  );
}

function refuseInHost(bytes: string): void {
  const hidden = /%(?!25)[0-7]./.exec(bytes);
  if (hidden) throw new GoExecutionError(`invalid URL escape ${JSON.stringify(hidden[0])}`);
  const odd = [...bytes].find((byte) => byte < '\x80' && byte !== '%' && !PLAIN.host.test(byte));
  if (odd !== undefined) throw new GoExecutionError(`invalid character ${JSON.stringify(odd)} in host name`);
}
