import { Injectable } from '@nestjs/common';
import type { DesiredItem } from '../../changes/plan.js';
import { IN_CLUSTER_NAME, IN_CLUSTER_SERVER } from '../../clusters/domain/cluster.js';
import { NO_FACTS } from '../../clusters/domain/cluster-facts.js';
import type { ObjectWrite, Stored } from '../../database/objects/hub-object.js';
import type { ExpansionError } from '../../expansion/expansion.js';
import { FleetError, unavailable } from '../../kernel/errors.js';
import { groupOf, type KubernetesObject } from '../../kernel/object.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import { BundleStore } from '../../rendering/bundle-store.js';
import { decodeBundle } from '../../rendering/domain/bundle.js';
import { SourceRenderer, type RenderOutcome } from '../../rendering/source-renderer.js';
import type { StoredApplication } from '../delivery/delivery-decision.js';
import { permitsObjects } from '../domain/permits-objects.js';
import { renderRequestOf, targetCluster } from '../domain/render-request.js';
import { HubDocumentDoor, type AdmittedDocument } from './hub-document-door.js';

/** The documents of one bundle that may enter the hub, and what the others were refused for. */
export interface HubBundle {
  rendered: RenderOutcome;
  documents: DesiredItem<ObjectWrite>[];
  /** What is stored under their names. */
  live: Stored[];
  faults: ExpansionError[];
}

/** Renders an Application that is destined for the hub, and asks the door about each of its documents. */
@Injectable()
export class HubBundleReader {
  constructor(
    private readonly renderer: SourceRenderer,
    private readonly bundles: BundleStore,
    private readonly door: HubDocumentDoor,
  ) {}

  async read(application: StoredApplication, project: AppProjectSpec): Promise<Result<HubBundle, string>> {
    const request = renderRequestOf(application, targetCluster(NO_FACTS));
    if (!request.ok) return fail(`${request.error.code}: ${request.error.message}`);
    const rendered = await this.renderer.render(request.value);
    if (!rendered.ok) return fail(`${rendered.error.code}: ${rendered.error.message}`);
    const text = await this.bundles.read(rendered.value.digest);
    if (text === undefined) throw unavailable('CONTENT_MISSING', `bundle ${rendered.value.digest} is not in the store`);
    const bundle: HubBundle = { rendered: rendered.value, documents: [], live: [], faults: [] };
    for (const object of decodeBundle(text, rendered.value.digest).objects) {
      const admitted = await this.admit(application, project, object);
      if (!admitted.ok) {
        bundle.faults.push(admitted.error);
        continue;
      }
      const { item, live } = admitted.value;
      bundle.documents.push(item);
      if (live) bundle.live.push(live);
    }
    return ok(bundle);
  }

  private async admit(
    application: StoredApplication,
    project: AppProjectSpec,
    object: KubernetesObject,
  ): Promise<Result<AdmittedDocument, ExpansionError>> {
    const path = `${object.kind} "${object.metadata.name}"`;
    try {
      const admitted = await this.door.admit(application, object);
      const { kind, apiVersion, metadata } = admitted.item.value.object;
      const place = { kind, group: groupOf(apiVersion), name: metadata.name, namespace: metadata.namespace ?? '' };
      const objects = [{ ...place, namespaced: true }];
      const verdict = permitsObjects(project, { server: IN_CLUSTER_SERVER, name: IN_CLUSTER_NAME, objects });
      return verdict.allowed ? ok(admitted) : fail({ code: 'NOT_PERMITTED', message: verdict.reason, path });
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      return fail({ code: error.code, message: error.message, path });
    }
  }
}
