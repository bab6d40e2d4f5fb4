import type { KindDefinition } from '../kind.js';
import type { KindRegistry } from '../kind-registry.js';

/** What a resource path names. `name` is '' for a collection. */
export interface ResourcePath {
  kind: KindDefinition;
  namespace: string;
  name: string;
  subresource: string;
}

/** Reads `/api/v1/…` and `/apis/<group>/<version>/…`; undefined when the cluster serves nothing there. */
export function parseResourcePath(path: string, registry: KindRegistry): ResourcePath | undefined {
  const [root, ...segments] = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const group = root === 'apis' ? (segments.shift() ?? '') : '';
  const [version = '', ...rest] = segments;
  if (root !== 'api' && root !== 'apis') return undefined;
  const place = rest[0] === 'namespaces' && rest.length > 2 ? namespacedPlace(rest) : undefined;
  return (place && named(registry, group, version, place)) ?? named(registry, group, version, { namespace: '', rest });
}

interface Place {
  namespace: string;
  rest: string[];
}

function namespacedPlace([, namespace = '', ...rest]: string[]): Place {
  return { namespace, rest };
}

function named(registry: KindRegistry, group: string, version: string, { namespace, rest }: Place) {
  const [plural = '', name = '', subresource = '', ...beyond] = rest;
  const kind = registry.byPath(group, version, plural);
  if (kind === undefined || beyond.length > 0 || (namespace !== '' && !kind.namespaced)) return undefined;
  return { kind, namespace, name, subresource };
}

/** Undecodable text matches nothing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '\0';
  }
}
