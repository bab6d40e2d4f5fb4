import { newParameters } from '../../parameters.js';
import { hostnameOf, parseUrl, urlText, userinfoOf } from './go-url.js';
import { of, ofText, refuse, type NamedFunction } from './signatures.js';
import type { GoValue } from './values.js';

/** Sprig's URLs. */
export const SPRIG_URLS: readonly NamedFunction[] = [
  ['urlParse', ofText(parsed)],
  ['urlJoin', of(['map'], ([parts]) => joined(parts as Record<string, unknown>))],
];

function parsed(text: string): GoValue {
  const parts = parseUrl(text);
  return newParameters({ ...parts, hostname: hostnameOf(parts.host) });
}

function joined(parts: Record<string, unknown>): string {
  const textOf = (key: string): string => {
    if (!Object.hasOwn(parts, key)) return '';
    const value = parts[key];
    return typeof value === 'string' ? value : refuse('urlJoin', `unable to parse ${key} key, must be of type string`);
  };
  return urlText({
    scheme: textOf('scheme'),
    userinfo: joinedUserinfo(textOf('userinfo')),
    host: textOf('host'),
    path: textOf('path'),
    query: textOf('query'),
    opaque: textOf('opaque'),
    fragment: textOf('fragment'),
  });
}

/** Read as part of a URL, where a path, a query or a fragment that it opens leaves no user. */
function joinedUserinfo(text: string): string {
  return /[/?#]/.test(text) ? '' : userinfoOf(text);
}
