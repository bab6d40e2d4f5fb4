import { messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import type { ApiResource } from './api-resource.js';
import type { KubernetesClient } from './kubernetes-client.js';

/** What a cluster serves, preferred versions first. `failures` names what could not be read; with any, the list is partial. */
export interface Discovery {
  resources: ApiResource[];
  failures: string[];
}

/** Asks for every group and version. Throws when not even the list of groups can be read. */
export async function discover(client: KubernetesClient): Promise<Discovery> {
  const groups = groupVersions(await client.read('/apis'));
  const found: Discovery = { resources: [], failures: [] };
  const parts = await Promise.all([['', 'v1'] as const, ...groups].map((part) => readVersion(client, ...part)));
  for (const part of parts) {
    found.resources.push(...part.resources);
    found.failures.push(...part.failures);
  }
  return found;
}

/** `v1.36.0`. */
export async function serverVersion(client: KubernetesClient): Promise<string> {
  const version = await client.read('/version');
  return textOf(version, 'gitVersion');
}

async function readVersion(client: KubernetesClient, group: string, version: string): Promise<Discovery> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  try {
    return { resources: resourcesOf(await client.read(path), group, version), failures: [] };
  } catch (error) {
    return { resources: [], failures: [messageOf(error)] };
  }
}

function groupVersions(list: unknown): (readonly [group: string, version: string])[] {
  return members(list, 'groups').flatMap((group) => {
    const name = textOf(group, 'name');
    const preferred = textOf(isObject(group) ? own(group, 'preferredVersion') : undefined, 'version');
    const versions = members(group, 'versions').map((version) => textOf(version, 'version'));
    const sorted = [...versions].sort((a, b) => Number(b === preferred) - Number(a === preferred));
    return sorted.map((version) => [name, version] as const);
  });
}

/** Subresources (`deployments/scale`) are not resources of their own. */
function resourcesOf(list: unknown, group: string, version: string): ApiResource[] {
  return members(list, 'resources')
    .map((item) => ({
      group,
      version,
      kind: textOf(item, 'kind'),
      resource: textOf(item, 'name'),
      namespaced: isObject(item) && own(item, 'namespaced') === true,
    }))
    .filter(({ kind, resource }) => kind !== '' && resource !== '' && !resource.includes('/'));
}

function members(holder: unknown, name: string): unknown[] {
  const list = isObject(holder) ? own(holder, name) : undefined;
  return Array.isArray(list) ? list : [];
}

function textOf(holder: unknown, name: string): string {
  const value = isObject(holder) ? own(holder, name) : undefined;
  return typeof value === 'string' ? value : '';
}
