import { groupOf } from '../../kernel/object.js';
import { apiVersionOf, type ApiResource } from '../../kubernetes/client/api-resource.js';
import { discover, type Discovery } from '../../kubernetes/client/discovery.js';
import type { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';

/**
 * What the member serves. A resource leaves only after two complete discoveries without it: one that came back short
 * must not make objects of that kind look gone.
 */
export class ApiCatalog {
  /** Grows with every change, so that what was derived from the catalog can tell that it is old. */
  revision = 0;
  private resources = new Map<string, ApiResource>();
  private absentOnce = new Set<string>();
  private complete = false;
  private refreshing: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  /** `onChange` is called when what the member serves is known to have changed. */
  constructor(
    private readonly client: KubernetesClient,
    private readonly onChange: () => void,
  ) {}

  /**
   * Looks again. Calls during a discovery share the next one, since that which runs may have passed by what they look
   * for. Throws only when the API cannot be reached at all.
   */
  refresh(): Promise<void> {
    if (this.refreshing) return (this.next ??= this.refreshing.catch(() => undefined).then(() => this.refreshNext()));
    this.refreshing = this.readAll().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** The whole list for the hub; null when the last discovery was partial. */
  facts(): ApiResource[] | null {
    return this.complete ? [...this.resources.values()] : null;
  }

  find(apiVersion: string, kind: string): ApiResource | undefined {
    return this.resources.get(`${apiVersion} ${kind}`);
  }

  /** Every kind once, in its preferred version. */
  eachKind(): ApiResource[] {
    const kinds = new Map<string, ApiResource>();
    for (const resource of this.resources.values()) {
      const kind = `${resource.group}/${resource.kind}`;
      if (!kinds.has(kind)) kinds.set(kind, resource);
    }
    return [...kinds.values()];
  }

  /** Whether a kind lives in namespaces, whatever version; undefined when it is not served. */
  isNamespaced(group: string, kind: string): boolean | undefined {
    return this.anyVersion(group, kind)?.namespaced;
  }

  /** The preferred version of a kind, for objects whose own version is no longer served. */
  anyVersion(group: string, kind: string): ApiResource | undefined {
    for (const resource of this.resources.values()) {
      if (resource.kind === kind && resource.group === group) return resource;
    }
    return undefined;
  }

  /** The resource an inventory entry is reached by: its own version, or any other that is served. */
  reach(apiVersion: string, kind: string): ApiResource | undefined {
    return this.find(apiVersion, kind) ?? this.anyVersion(groupOf(apiVersion), kind);
  }

  private refreshNext(): Promise<void> {
    this.next = undefined;
    return this.refresh();
  }

  private async readAll(): Promise<void> {
    try {
      this.take(await discover(this.client));
    } catch (error) {
      this.complete = false;
      throw error;
    }
  }

  private take({ resources, failures }: Discovery): void {
    const found = new Map(resources.map((resource) => [`${apiVersionOf(resource)} ${resource.kind}`, resource]));
    this.complete = failures.length === 0;
    const absentNow = new Set<string>();
    for (const [key, resource] of this.resources) {
      if (found.has(key)) continue;
      if (this.complete && this.absentOnce.has(key)) continue;
      found.set(key, resource);
      if (this.complete) absentNow.add(key);
    }
    if (this.complete) this.absentOnce = absentNow;
    const changed = !sameKeys(found, this.resources);
    this.resources = found;
    if (!changed) return;
    this.revision += 1;
    this.onChange();
  }
}

function sameKeys(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>): boolean {
  return left.size === right.size && [...left.keys()].every((key) => right.has(key));
}
