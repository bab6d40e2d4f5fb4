import type { KubernetesObject } from '../../kernel/object.js';
import type { Change } from '../cluster-store.js';
import type { ControllerParts } from './controller-parts.js';

/** What every real namespace holds from its start, and what no delivery may take for its own. */
export class NamespaceContent {
  constructor(private readonly parts: ControllerParts) {}

  onChange({ type, kind, object }: Change): void {
    if (type !== 'ADDED' || kind.group !== '' || kind.kind !== 'Namespace') return;
    this.parts.queue.soon(`content ${object.metadata.name}`, () => this.fill(object.metadata.name));
  }

  private fill(namespace: string): void {
    const metadata = { namespace, name: 'kube-root-ca.crt' };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'default' } };
    const authority = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': '' } };
    for (const object of [account, authority]) this.make(namespace, object);
  }

  private make(namespace: string, object: KubernetesObject): void {
    const { store, registry, writer } = this.parts;
    const namespaces = registry.byKind('v1', 'Namespace');
    const live = namespaces && store.get(namespaces, '', namespace);
    const kind = registry.byKind('v1', object.kind);
    const { name } = object.metadata;
    if (kind === undefined || live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    if (store.get(kind, namespace, name)) return;
    writer.create({ kind, namespace, name }, object, { manager: 'kube-controller-manager' });
  }
}
