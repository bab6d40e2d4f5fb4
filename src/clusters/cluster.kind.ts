import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import type { HubObject, ObjectScope } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { DocumentKind, type Admission } from '../documents/document-kind.js';
import { conflict, invalid } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { CLUSTER_LABEL, IN_CLUSTER_NAME, serverOf, type ClusterSpec } from './domain/cluster.js';
import { clusterSchema } from './domain/cluster.schema.js';

@Injectable()
export class ClusterKind extends DocumentKind {
  readonly names = {
    kind: 'Cluster',
    apiVersion: 'fleetwright.io/v1alpha1',
    plural: 'clusters',
    resource: 'clusters',
  } as const;
  readonly schema = clusterSchema;

  constructor(private readonly store: ObjectStore) {
    super();
  }

  projectOf(object: KubernetesObject): string | undefined {
    return specOf(object).project ?? undefined;
  }

  override async scopeOf(object: KubernetesObject): Promise<ObjectScope> {
    const project = this.projectOf(object);
    return { cluster: object.metadata.name, ...(project === undefined ? {} : { project }) };
  }

  override complete(object: KubernetesObject): KubernetesObject {
    const labels = { ...object.metadata.labels, [CLUSTER_LABEL]: 'cluster' };
    return { ...object, spec: specOf(object), metadata: { ...object.metadata, labels } };
  }

  override async admit({ next, previous }: Admission): Promise<string[]> {
    const { name, namespace } = next.metadata;
    if (namespace !== CONTROL_NAMESPACE || name === IN_CLUSTER_NAME) {
      throw invalid(
        'CLUSTER_NAME',
        `a Cluster lives in namespace ${CONTROL_NAMESPACE} and is not called "${IN_CLUSTER_NAME}"`,
        [{ path: 'metadata', message: 'reserved name or foreign namespace', got: `${namespace}/${name}` }],
      );
    }
    const isPlaced = previous && serverOf(name, specOf(previous)) === serverOf(name, specOf(next));
    if (isPlaced) return [];
    await this.refuseSharedServer(next);
    return previous ? ['changing spec.server moves every Application that names the old server'] : [];
  }

  /** A cluster with live deliveries would leave its objects without an owner; admins offboard it first. */
  override async admitDelete(object: HubObject): Promise<void> {
    const { name } = object.metadata;
    const count = await this.store.countOnCluster(name);
    if (count === 0) return;
    throw conflict(
      'CLUSTER_IN_USE',
      `cluster "${name}" still has ${count} Applications and stores`,
      'Remove its labels or what goes there first, and wait until it is pruned.',
    );
  }

  private async refuseSharedServer(next: KubernetesObject): Promise<void> {
    const server = serverOf(next.metadata.name, specOf(next));
    const others = await this.store.all<HubObject<ClusterSpec>>('Cluster');
    const twin = others.find(
      ({ object }) =>
        object.metadata.name !== next.metadata.name && serverOf(object.metadata.name, object.spec) === server,
    );
    if (!twin) return;
    throw conflict('SERVER_TAKEN', `server ${server} is cluster "${twin.object.metadata.name}" already`);
  }
}

function specOf(object: KubernetesObject): ClusterSpec {
  return (object['spec'] ?? {}) as ClusterSpec;
}
