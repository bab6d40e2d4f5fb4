/** How a registry wants to be asked (`WWW-Authenticate`). */
export type Challenge = { scheme: 'basic' } | { scheme: 'bearer'; realm: string; service: string; scope: string };

const PARAMETER = /([a-zA-Z]+)="([^"]*)"/g;

/** Undefined for ways that nobody here knows. */
export function readChallenge(header: string): Challenge | undefined {
  if (/^basic\b/i.test(header)) return { scheme: 'basic' };
  if (!/^bearer\s/i.test(header) || header.length > 4_096) return undefined;
  const told = new Map([...header.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name.toLowerCase(), value]));
  const realm = told.get('realm') ?? '';
  const [service, scope] = [told.get('service') ?? '', told.get('scope') ?? ''];
  return realm === '' ? undefined : { scheme: 'bearer', realm, service, scope };
}

/** The `rel="next"` of a `Link` header. */
export function nextLink(header: string): string | undefined {
  return /<([^>]{1,2048})>\s*;[^,]*\brel="?next"?/i.exec(header)?.[1];
}
