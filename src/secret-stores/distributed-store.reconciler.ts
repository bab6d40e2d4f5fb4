import { Injectable } from '@nestjs/common';
import { projectDocument } from '../applications/domain/project-document.js';
import { ClusterReader } from '../clusters/cluster-reader.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { StatusStore } from '../database/objects/status-store.js';
import { Transactions } from '../database/transactions.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import { asWrite, DeliveryEndings } from '../dispatch/gateway/deliveries/delivery-endings.js';
import { DigestDocuments } from '../dispatch/gateway/deliveries/digest-documents.js';
import { ClusterHistory } from '../generation/cluster-history.js';
import { digestJson } from '../kernel/digest.js';
import { groupOf, objectId, objectKey } from '../kernel/object.js';
import { permitsKind } from '../projects/domain/permits-kind.js';
import { ProjectReader, type ProjectInfo } from '../projects/project.reader.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { done, stop, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { BundleStore } from '../rendering/bundle-store.js';
import { encodeBundle } from '../rendering/domain/bundle.js';
import {
  DISTRIBUTED_STORE,
  STORE_FINALIZER,
  storeSettings,
  type DistributedStore,
} from './domain/distributed-store.js';

/** Delivers each store to its cluster, as a bundle of one object. */
@Injectable()
export class DistributedStoreReconciler extends Reconciler {
  readonly queue = 'distributed-stores';

  constructor(
    private readonly store: ObjectStore,
    private readonly clusters: ClusterReader,
    private readonly projects: ProjectReader,
    private readonly bundles: BundleStore,
    private readonly deliveries: DeliveriesStore,
    private readonly documents: DigestDocuments,
    private readonly endings: DeliveryEndings,
    private readonly statuses: StatusStore,
    private readonly transactions: Transactions,
    private readonly history: ClusterHistory,
  ) {
    super();
  }

  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const own = changes.filter(({ kind }) => kind === DISTRIBUTED_STORE.kind).map(({ uid }) => uid);
    const projects = changes.filter(({ kind }) => kind === 'AppProject').map(({ name }) => name);
    const clusters = await this.history.moved(changes);
    return [...new Set([...own, ...(await this.store.uidsWithin(DISTRIBUTED_STORE.kind, { projects, clusters }))])];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<DistributedStore>(uid);
    if (!stored) return this.forget(uid);
    if (stored.object.metadata.deletionTimestamp !== undefined) return this.remove(uid);
    const { spec } = stored.object;
    const project = await this.projects.find(spec.project);
    const { kind, apiVersion, metadata } = spec.store;
    const verdict =
      project &&
      permitsKind(project.spec, {
        group: groupOf(apiVersion),
        kind,
        name: metadata.name,
        namespaced: kind === 'SecretStore',
      });
    if (!project || !verdict?.allowed)
      return this.freeze(uid, verdict?.reason ?? `project ${spec.project} does not exist`);
    return this.deliver(stored.object, project);
  }

  private async deliver(object: DistributedStore, project: ProjectInfo): Promise<Outcome> {
    const cluster = await this.clusters.byName(object.spec.cluster);
    if (!cluster) return stop(`cluster ${object.spec.cluster} does not exist`);
    const { store } = object.spec;
    const { digest, text } = encodeBundle([store]);
    const settings = storeSettings(object, cluster.server);
    const rules = projectDocument(project.name, project.spec);
    await this.bundles.save(
      `store ${digest}`,
      { digest, objects: [objectId(store)], warnings: [], sensitive: false },
      text,
    );
    await this.transactions.run(async (tx) => {
      await this.documents.save(tx, [settings, rules]);
      const write = {
        clusterUid: cluster.uid,
        applicationUid: object.metadata.uid,
        ownerKind: DISTRIBUTED_STORE.kind,
        application: object.metadata.name,
        applicationNamespace: object.metadata.namespace,
        project: project.name,
        intent: 'apply' as const,
        bundleDigest: digest,
        projectDigest: digestJson(rules),
        settingsDigest: digestJson(settings),
        heldPrunes: [],
        objects: [objectKey(objectId(store))],
      };
      const changed = await this.deliveries.put(tx, [write]);
      if (changed.length > 0)
        await this.statuses.write(
          [{ uid: object.metadata.uid, sync: 'OutOfSync', health: 'Missing', status: { conditions: [] } }],
          tx,
        );
    });
    return done();
  }

  private async freeze(uid: string, reason: string): Promise<Outcome> {
    const rows = await this.deliveries.forApplications([uid]);
    const live = rows.filter(({ intent }) => intent === 'apply');
    await this.transactions.run((tx) =>
      this.deliveries.put(
        tx,
        live.map((row) => ({ ...asWrite(row), intent: 'freeze' as const })),
      ),
    );
    await this.statuses.write([{ uid, status: { conditions: [{ type: 'InvalidSpecError', message: reason }] } }]);
    return done();
  }

  private async remove(uid: string): Promise<Outcome> {
    if (!(await this.endings.prune(uid))) return done();
    await this.transactions.run((tx) => this.store.releaseFinalizer(tx, [uid], [STORE_FINALIZER]));
    return done();
  }

  private async forget(uid: string): Promise<Outcome> {
    await this.endings.orphan(uid, DISTRIBUTED_STORE.kind);
    return done();
  }
}
