import { Injectable } from '@nestjs/common';
import { IN_CLUSTER_NAME, IN_CLUSTER_SERVER } from '../../clusters/domain/cluster.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { FleetReadings, type FleetReading } from '../../generation/fleet-readings.js';
import { unavailable } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ProjectInfo } from '../../projects/project.reader.js';
import { BundleStore } from '../../rendering/bundle-store.js';
import { decodeBundle } from '../../rendering/domain/bundle.js';
import { SourceRenderer, type Render, type RenderOutcome } from '../../rendering/source-renderer.js';
import { RepositoryPoller } from '../../repositories/repository-poller.js';
import type { StoredApplication } from '../delivery/delivery-decision.js';
import { DeliveryReadings, type DeliverySituation } from '../delivery/delivery-readings.js';
import { sourcesOf } from '../domain/application.js';
import { placed } from '../domain/bundle-keys.js';
import { bundleDifference, type BundleDifference } from '../domain/bundle-difference.js';
import { resolveDestination, type ResolvedDestination } from '../domain/destination.js';
import { permitsApplication } from '../domain/permits-application.js';
import { permitsObjects } from '../domain/permits-objects.js';
import { renderRequestOf } from '../domain/render-request.js';
import { renderedSecrets } from '../domain/rendered-secrets.js';
import type { Refusal } from './repository-impact.js';

/** An Application that its project permits, with what it is rendered for. */
export interface SituatedApplication extends DeliverySituation {
  application: StoredApplication;
  project: ProjectInfo;
  where: ResolvedDestination;
}

/** Renders Applications at other revisions than theirs and compares what that gives. Nothing is delivered. */
@Injectable()
export class RevisionRenders {
  constructor(
    private readonly fleet: FleetReadings,
    private readonly readings: DeliveryReadings,
    private readonly renderer: SourceRenderer,
    private readonly bundles: BundleStore,
    private readonly poller: RepositoryPoller,
  ) {}

  /** Looks at a repository now: a revision that was pushed a moment ago is to be found. */
  look(url: string): Promise<void> {
    return this.poller.look([url]);
  }

  /** In input order; one that may not go where it wants to, or read what it names, is refused as at its delivery. */
  async situate(applications: readonly Stored<StoredApplication>[]): Promise<Result<SituatedApplication, Refusal>[]> {
    const fleet = await this.fleet.around(applications.map(({ object }) => object.spec));
    const permitted = applications.map((stored) => permittedIn(fleet, stored.object));
    const asked = applications.map((stored, index) => {
      const found = permitted[index];
      const where = found?.ok === true ? found.value.where : undefined;
      return where?.type === 'member' ? { stored, cluster: where.cluster } : { stored };
    });
    const situations = await this.readings.of(asked);
    return situations.map(({ stored, ...situation }, index) => {
      const found = permitted[index] ?? fail({ code: 'INVALID', message: 'unknown' });
      return found.ok ? ok({ ...situation, ...found.value, application: stored.object }) : found;
    });
  }

  /** For many Applications of a moment: those with equal sources share what they gave. */
  forOneMoment(): Render {
    return this.renderer.forOneMoment();
  }

  /** With these revisions in place of its own, by the place of each source; undefined leaves that as it is. */
  async render(
    { application, target }: SituatedApplication,
    revisions: readonly (string | undefined)[],
    render: Render = (request) => this.renderer.render(request),
  ): Promise<Result<RenderOutcome, Refusal>> {
    const sources = sourcesOf(application.spec).map((source, index) => {
      const targetRevision = revisions[index];
      return targetRevision === undefined ? source : { ...source, targetRevision };
    });
    const spec = { ...application.spec, source: undefined, sources };
    const request = renderRequestOf({ metadata: application.metadata, spec }, target);
    return request.ok ? render(request.value) : request;
  }

  /** Object by object; `from` is absent where nothing is in force. */
  async difference(situated: SituatedApplication, from: string | undefined, to: string): Promise<BundleDifference> {
    const { isNamespaced, where } = situated;
    const before = from === undefined ? [] : await this.objectsOf(from);
    const after = await this.objectsOf(to);
    return bundleDifference(before, after, (id) => {
      const { namespaced: _scope, ...place } = placed(id, isNamespaced, where.namespace);
      return place;
    });
  }

  /** Why the project would not let a bundle be delivered; undefined where it would. */
  refusalOf({ project, where, isNamespaced }: SituatedApplication, bundle: RenderOutcome): string | undefined {
    const objects = bundle.objects.map((id) => placed(id, isNamespaced, where.namespace));
    const { name, server } =
      where.type === 'member' ? where.cluster : { name: IN_CLUSTER_NAME, server: IN_CLUSTER_SERVER };
    const verdict = permitsObjects(project.spec, { name, server, objects });
    if (!verdict.allowed) return verdict.reason;
    return project.renderedSecrets === 'refuse' ? renderedSecrets(bundle) : undefined;
  }

  private async objectsOf(digest: string): Promise<KubernetesObject[]> {
    const text = await this.bundles.read(digest);
    if (text === undefined) throw unavailable('CONTENT_MISSING', `bundle ${digest} is not in the store`, 'Ask again.');
    return decodeBundle(text, digest).objects;
  }
}

function permittedIn(
  { projects, clusters }: FleetReading,
  { metadata, spec }: StoredApplication,
): Result<{ project: ProjectInfo; where: ResolvedDestination }, Refusal> {
  const name = spec.project || 'default';
  const project = projects.get(name);
  if (!project) return fail({ code: 'PROJECT_UNKNOWN', message: `project ${name} does not exist` });
  const where = resolveDestination(spec.destination, clusters);
  if (!where.ok) return where;
  const place = { namespace: metadata.namespace, destination: where.value, ownClusters: clusters.ownedBy(name) };
  const verdict = permitsApplication(project.spec, spec, place);
  if (!verdict.allowed) return fail({ code: 'NOT_PERMITTED', message: verdict.reason });
  return ok({ project, where: where.value });
}
