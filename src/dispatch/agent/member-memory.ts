import { z } from 'zod';
import { digestBytes } from '../../kernel/digest.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { CONFIG_MAPS, NAMESPACES } from '../../kubernetes/client/api-resource.js';
import { isConflict } from '../../kubernetes/client/kubernetes-api-error.js';
import type { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';
import { AGENT_NAMESPACE } from './agent-namespace.js';
import {
  inventoryEntrySchema,
  recordSchema,
  type ApplicationRecord,
  type InventoryEntry,
} from './application-record.js';
import { hubHistorySchema, type HubHistory } from './hub-history.js';

const MEMORY_LABEL = 'fleetwright.io/agent-memory';
const HISTORY_NAME = 'agent-hub-history';
/** Characters of inventory in one ConfigMap; the API server refuses objects over 1 MiB. */
const PART = 450_000;
const STORED_ENTRIES = z.array(inventoryEntrySchema);

export interface Memory {
  records: ApplicationRecord[];
  projects: Map<string, unknown>;
  history: HubHistory | null;
}

/**
 * What the agent knows, kept as ConfigMaps of its own namespace in the member cluster: a restart, or another node,
 * goes on from it whether or not the hub is there. Writes of unchanged content are left out.
 */
export class MemberMemory {
  /** Text last written, by ConfigMap name. */
  private readonly written = new Map<string, string>();

  constructor(private readonly client: KubernetesClient) {}

  /** Where the namespace is there the agent needs no right to make one. */
  async prepare(): Promise<void> {
    if (await this.client.get(NAMESPACES, '', AGENT_NAMESPACE)) return;
    try {
      const metadata = { name: AGENT_NAMESPACE };
      await this.client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  async load(): Promise<Memory> {
    const list = await this.client.list(CONFIG_MAPS, { namespace: AGENT_NAMESPACE, labelSelector: MEMORY_LABEL });
    const memory: Memory = { records: [], projects: new Map(), history: null };
    for (const map of list.items) this.written.set(map.metadata.name, JSON.stringify(map.data));
    for (const map of list.items) {
      const kind = map.metadata.labels?.[MEMORY_LABEL];
      if (kind === 'application') memory.records.push(recordOf(map, list.items));
      if (kind === 'project') memory.projects.set(value(map, 'digest'), JSON.parse(value(map, 'project')));
      if (kind === 'history') memory.history = hubHistorySchema.parse(JSON.parse(value(map, 'history')));
    }
    return memory;
  }

  /** Parts beyond the first are written before it, and dropped after it: a crash in between leaves too much, never too little. */
  async save(record: ApplicationRecord): Promise<void> {
    const { inventory, ...rest } = record;
    const [first = [], ...parts] = split([...inventory.values()]);
    const name = recordName(record.uid);
    for (const [index, part] of parts.entries()) {
      await this.write(`${name}-${index + 1}`, 'part', { inventory: JSON.stringify(part) });
    }
    await this.write(name, 'application', { record: JSON.stringify(rest), inventory: JSON.stringify(first) });
    await this.dropParts(name, parts.length + 1);
  }

  async forget(uid: string): Promise<void> {
    const name = recordName(uid);
    await this.drop(name);
    await this.dropParts(name, 1);
  }

  async saveProject(digest: string, project: unknown): Promise<void> {
    await this.write(projectName(digest), 'project', { digest, project: JSON.stringify(project) });
  }

  forgetProject(digest: string): Promise<void> {
    return this.drop(projectName(digest));
  }

  async saveHistory(history: HubHistory): Promise<void> {
    await this.write(HISTORY_NAME, 'history', { history: JSON.stringify(history) });
  }

  private async write(name: string, kind: string, data: Record<string, string>): Promise<void> {
    const text = JSON.stringify(data);
    if (this.written.get(name) === text) return;
    const metadata = { name, namespace: AGENT_NAMESPACE, labels: { [MEMORY_LABEL]: kind } };
    await this.client.apply(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    this.written.set(name, text);
  }

  private async drop(name: string): Promise<void> {
    if (!this.written.has(name)) return;
    await this.client.delete(CONFIG_MAPS, { namespace: AGENT_NAMESPACE, name });
    this.written.delete(name);
  }

  private async dropParts(name: string, from: number): Promise<void> {
    for (let index = from; this.written.has(`${name}-${index}`); index += 1) await this.drop(`${name}-${index}`);
  }
}

/** Every part that is there counts, so a part that a crash left behind only adds candidates that removal checks again. */
function recordOf(map: KubernetesObject, all: readonly KubernetesObject[]): ApplicationRecord {
  const record = recordSchema.parse(JSON.parse(value(map, 'record')));
  const inventory = new Map<string, InventoryEntry>();
  const parts = all.filter(({ metadata }) => metadata.name.startsWith(`${map.metadata.name}-`));
  for (const part of [...parts, map]) {
    for (const entry of STORED_ENTRIES.parse(JSON.parse(value(part, 'inventory')))) inventory.set(entry.key, entry);
  }
  return { ...record, inventory };
}

function split(entries: readonly InventoryEntry[]): InventoryEntry[][] {
  const parts: InventoryEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = entry.key.length + entry.apiVersion.length + entry.digest.length + 60;
    if (size > room) {
      parts.push([]);
      room = PART;
    }
    parts.at(-1)?.push(entry);
    room -= size;
  }
  return parts;
}

function value(map: KubernetesObject, name: string): string {
  return z.record(z.string(), z.string()).parse(map.data)[name] ?? '';
}

/** Uids and digests are the hub's text: hashed, they are names that Kubernetes takes. */
const recordName = (uid: string): string => `application-${hash(uid)}`;
const projectName = (digest: string): string => `project-${hash(digest)}`;
const hash = (text: string): string => digestBytes(text).slice('sha256:'.length, 'sha256:'.length + 32);
