import { GoExecutionError } from './execution-error.js';
import { escapeUrl, unescapeUrl } from './url-escape.js';

/** A URL in the parts that sprig hands out; path and fragment are unescaped, `userinfo` is escaped. */
export interface UrlParts {
  scheme: string;
  userinfo: string;
  host: string;
  path: string;
  query: string;
  opaque: string;
  fragment: string;
}

const EMPTY: UrlParts = { scheme: '', userinfo: '', host: '', path: '', query: '', opaque: '', fragment: '' };

/** url.Parse. Throws GoExecutionError. */
export function parseUrl(text: string): UrlParts {
  const [before, fragment] = cut(text, '#');
  return { ...parseBeforeFragment(before), fragment: unescapeUrl(fragment, 'fragment') };
}

function parseBeforeFragment(text: string): UrlParts {
  if ([...text].some((character) => character < ' ' || character === '\x7f')) {
    throw new GoExecutionError('invalid control character in URL');
  }
  if (text === '*') return { ...EMPTY, path: '*' };
  const { scheme, after } = schemeOf(text);
  const [rest, query] = cut(after, '?');
  const parts = { ...EMPTY, scheme, query };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...parts, opaque: rest };
    if (cut(rest, '/')[0].includes(':')) {
      throw new GoExecutionError('first path segment in URL cannot contain colon');
    }
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) return { ...parts, path: unescapeUrl(rest, 'path') };
  const slash = rest.indexOf('/', 2);
  const [authority, path] = slash < 0 ? [rest.slice(2), ''] : [rest.slice(2, slash), rest.slice(slash)];
  return { ...parts, ...authorityOf(authority), path: unescapeUrl(path, 'path') };
}

function schemeOf(text: string): { scheme: string; after: string } {
  if (text.startsWith(':')) throw new GoExecutionError('missing protocol scheme');
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  if (!match) return { scheme: '', after: text };
  return { scheme: (match[1] ?? '').toLowerCase(), after: text.slice(match[0].length) };
}

function authorityOf(authority: string): Pick<UrlParts, 'userinfo' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = hostOf(authority.slice(at + 1));
  return { host, userinfo: at < 0 ? '' : userinfoOf(authority.slice(0, at)) };
}

/** As it is written back: escaped anew. */
export function userinfoOf(text: string): string {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text)) throw new GoExecutionError('net/url: invalid userinfo');
  const renewed = (part: string): string => escapeUrl(unescapeUrl(part, 'userinfo'), 'userinfo');
  const [name, password] = cut(text, ':');
  return text.includes(':') ? `${renewed(name)}:${renewed(password)}` : renewed(name);
}

function hostOf(host: string): string {
  const end = host.startsWith('[') ? host.lastIndexOf(']') : -1;
  if (host.startsWith('[') && end < 0) throw new GoExecutionError("missing ']' in host");
  const colon = end < 0 ? host.lastIndexOf(':') : end + 1;
  const port = colon < 0 ? '' : host.slice(colon);
  if (!/^(?::[0-9]*)?$/.test(port)) throw new GoExecutionError(`invalid port ${JSON.stringify(port)} after host`);
  return unescapeUrl(host, 'host');
}

/** The host without its port and without brackets. */
export function hostnameOf(host: string): string {
  const withoutPort = host.replace(/:[0-9]*$/, '');
  return withoutPort.startsWith('[') && withoutPort.endsWith(']') ? withoutPort.slice(1, -1) : withoutPort;
}

/** URL.String. */
export function urlText(url: UrlParts): string {
  const scheme = url.scheme === '' ? '' : `${url.scheme}:`;
  const head = scheme + (url.opaque === '' ? hierarchyOf(url, scheme) : url.opaque);
  const query = url.query === '' ? '' : `?${url.query}`;
  return `${head}${query}${url.fragment === '' ? '' : `#${escapeUrl(url.fragment, 'fragment')}`}`;
}

function hierarchyOf({ userinfo, host, path }: UrlParts, scheme: string): string {
  const hasAuthority = userinfo !== '' || host !== '' || (scheme !== '' && path !== '');
  const user = userinfo === '' ? '' : `${userinfo}@`;
  const authority = hasAuthority ? `//${user}${escapeUrl(host, 'host')}` : '';
  const escaped = path === '*' ? '*' : escapeUrl(path, 'path');
  if (host !== '' && escaped !== '' && !escaped.startsWith('/')) return `${authority}/${escaped}`;
  const needsDot = scheme === '' && authority === '' && cut(escaped, '/')[0].includes(':');
  return `${authority}${needsDot ? './' : ''}${escaped}`;
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
