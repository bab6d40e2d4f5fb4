import { Injectable } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../../access/access-object.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import type { Transaction } from '../../database/transactions.js';
import { replaced } from '../../documents/merge-document.js';
import { Clock, rfc3339 } from '../../kernel/clock.js';
import { ClusterKind } from '../cluster.kind.js';

const FIELD_MANAGER = 'fleetwright-join';

/** The Cluster that a joining agent stands for. */
@Injectable()
export class ClusterRegistration {
  constructor(
    private readonly store: ObjectStore,
    private readonly kind: ClusterKind,
    private readonly clock: Clock,
  ) {}

  /** Answers its uid. One that an admin wrote before keeps its labels: they are the admins'. */
  async findOrCreate(tx: Transaction, name: string, labels: Record<string, string>): Promise<string> {
    const { kind, apiVersion } = this.kind.names;
    const found = await this.store.find({ kind, namespace: CONTROL_NAMESPACE, name }, tx);
    if (found) return found.object.metadata.uid;
    const document = this.kind.complete({
      apiVersion,
      kind,
      metadata: { name, namespace: CONTROL_NAMESPACE, labels },
      spec: {},
    });
    const object = replaced(undefined, document, {
      manager: FIELD_MANAGER,
      operation: 'Update',
      apiVersion,
      time: rfc3339(this.clock.now()),
    });
    const [uid] = await this.store.insert(tx, [{ object, scope: await this.kind.scopeOf(object) }]);
    return uid as string;
  }
}
