import type { HubClient } from '../../src/demo/hub-client.js';
import { jsonEqual } from '../../src/kernel/json.js';
import type { KubernetesObject } from '../../src/kernel/object.js';

/** What the hub said it had stored: it must be there whatever happens afterwards. */
export class AcknowledgedWrites {
  private readonly newest = new Map<string, KubernetesObject>();

  constructor(private readonly admin: HubClient) {}

  async create(kind: string, document: unknown): Promise<void> {
    this.note(kind, await this.admin.post<KubernetesObject>(`/api/v1/namespaces/argocd/${kind}`, document));
  }

  async patch(kind: string, name: string, patch: unknown): Promise<void> {
    this.note(kind, await this.admin.patch<KubernetesObject>(`/api/v1/namespaces/argocd/${kind}/${name}`, patch));
  }

  get size(): number {
    return this.newest.size;
  }

  /** How the hub differs from what it acknowledged; empty when nothing was lost. */
  async lost(): Promise<string[]> {
    const differences = [...this.newest].map(async ([path, written]) => {
      const { status, body } = await this.admin.send({ method: 'GET', path });
      if (status !== 200) return [`${path} answers ${status}`];
      return differencesOf(written, body as KubernetesObject).map((difference) => `${path} ${difference}`);
    });
    return (await Promise.all(differences)).flat();
  }

  private note(kind: string, written: KubernetesObject): void {
    this.newest.set(`/api/v1/namespaces/argocd/${kind}/${written.metadata.name}`, written);
  }
}

function differencesOf(written: KubernetesObject, found: KubernetesObject): string[] {
  const differences: string[] = [];
  if (found.metadata.uid !== written.metadata.uid) differences.push('is another object');
  if (versionOf(found) < versionOf(written)) differences.push('is older than acknowledged');
  if (!jsonEqual(found.metadata.labels, written.metadata.labels)) differences.push('has other labels');
  if (!jsonEqual(found['spec'], written['spec'])) differences.push('has another spec');
  return differences;
}

const versionOf = ({ metadata }: KubernetesObject): bigint => BigInt(metadata.resourceVersion ?? 0);
