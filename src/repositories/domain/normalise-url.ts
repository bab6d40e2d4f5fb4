/**
 * The spelling under which repository URLs, and the patterns of `sourceRepos`, are compared: trimmed, lower case, one `.git`
 * gone, `git@host:path` as `git@host/path`, and otherwise as Go's net/url prints what it parsed
 * (argocd-behaviour.md 5.2). Empty when the text is no URL, which then equals no repository.
 */
export function normaliseRepoUrl(url: string): string {
  const lower = withoutScpColon(url.trim().toLowerCase());
  const printed = reprint(lower.endsWith('.git') ? lower.slice(0, -'.git'.length) : lower) ?? '';
  return printed.startsWith('ssh://') ? printed.slice('ssh://'.length) : printed;
}

function withoutScpColon(url: string): string {
  const at = url.indexOf('@');
  if (at < 0 || at === url.length - 1 || url.includes('@', at + 1)) return url;
  if (url.startsWith('ssh://') || /[/:]/.test(url.slice(0, at))) return url;
  return `ssh://${url.replace(':', '/')}`;
}

/** Control characters of ASCII; those above it may stand in a URL, escaped. */
const CONTROL = /[^ -~\u0080-\u{10ffff}]/u;

/** What parsing and printing leaves of a URL: the same text, unless its path holds characters that must be escaped. */
function reprint(url: string): string | undefined {
  if (CONTROL.test(url)) return undefined;
  const [beforeFragment, fragment] = cut(url, '#');
  const [address, query] = cut(beforeFragment, '?');
  const printed = reprintAddress(address);
  if (printed === undefined || (fragment !== undefined && !hasValidEscapes(fragment))) return undefined;
  return printed + (query === undefined ? '' : `?${query}`) + (fragment === undefined ? '' : `#${fragment}`);
}

function reprintAddress(address: string): string | undefined {
  if (address.startsWith(':')) return undefined;
  const scheme = /^[a-z][a-z0-9+.-]*:/.exec(address)?.[0] ?? '';
  const rest = address.slice(scheme.length);
  if (scheme !== '' && !rest.startsWith('/')) return address;
  if (scheme === '' && /^[^/]*:/.test(rest)) return undefined;
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) return join(scheme, '', reprintPath(rest));
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const printed = reprintAuthority(authority);
  return printed === undefined
    ? undefined
    : join(scheme, `//${printed}`, reprintPath(slash < 0 ? '' : rest.slice(slash)));
}

function join(scheme: string, authority: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : scheme + authority + path;
}

const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
const HOST = /^(?:\[[^\]]*\]|[^[\]]*)(?::[0-9]*)?$/;

function reprintAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const host = authority.slice(at + 1);
  if (!USER.test(user) || !hasValidEscapes(user) || !isHost(host)) return undefined;
  return authority.slice(0, at + 1) + escapeOutside(host, /\p{ASCII}/u);
}

/** A port is digits; escapes may only spell bytes above ASCII; of the specials only a few may stand in a host. */
function isHost(host: string): boolean {
  const port = /:([^:\]]*)$/.exec(host)?.[1] ?? '';
  if (!/^[0-9]*$/.test(port) || (host.startsWith('[') && !HOST.test(host))) return false;
  if (/[ `{}|\\^/?#@]/.test(host)) return false;
  return hasValidEscapes(host) && !/%[0-7]/.test(host);
}

/** A path that needs no escaping is kept as written; any other one is unescaped and escaped anew as a whole. */
function reprintPath(path: string): string | undefined {
  if (!hasValidEscapes(path)) return undefined;
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%]*$/.test(path)) return path;
  return escapeOutside(unescape(path), /[A-Za-z0-9\-._~$&+,/:;=@]/);
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function escapeOutside(text: string, kept: RegExp): string {
  return [...text].map((character) => (kept.test(character) ? character : escapeBytes(character))).join('');
}

function escapeBytes(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
