import type { Log } from '../kernel/log.js';
import { canonicalJson } from '../kernel/json.js';
import { objectId, objectKey, type KubernetesObject } from '../kernel/object.js';
import { ok, type Result } from '../kernel/result.js';
import { SingleFlight } from '../repositories/git/single-flight.js';
import type { BundleStore, BundleSummary } from './bundle-store.js';
import { encodeBundle } from './domain/bundle.js';
import { checkManifests, holdsSecrets, MANIFEST_LIMITS, type ManifestLimits } from './domain/check-manifests.js';
import type { RenderFailure } from './domain/render-failure.js';
import { ownerKey, type RenderOwner } from './domain/render-owner.js';
import type { PreparedSources } from './prepare-sources.js';
import type { RenderMetrics } from './render-metrics.js';

export interface BundleRendersOptions {
  store: BundleStore;
  log: Log;
  metrics: RenderMetrics;
  limits?: ManifestLimits;
}

interface Rendered {
  objects: KubernetesObject[];
  warnings: string[];
  digest: string;
  text: string;
}

type Bundle = Result<BundleSummary, RenderFailure>;

const NAMED_OBJECTS = 5;

/**
 * The bundle of an input, rendered where nobody did before. What a program may print otherwise each time is rendered
 * twice: where the two agree everybody shares it, else it is kept for the Application that asked.
 */
export class BundleRenders {
  private readonly running = new SingleFlight<Bundle>();

  constructor(private readonly options: BundleRendersOptions) {}

  async of(prepared: PreparedSources, owner?: RenderOwner): Promise<Bundle> {
    const bundle = await this.running.run(prepared.key, () => this.findOrRender(prepared, owner));
    if (!bundle.ok || isFor(bundle.value, owner)) return bundle;
    return this.running.run(`${prepared.key} ${ownerKey(owner)}`, () => this.findOrRender(prepared, owner));
  }

  private async findOrRender(prepared: PreparedSources, owner: RenderOwner | undefined): Promise<Bundle> {
    const { store, metrics } = this.options;
    const known = await store.findByInput(prepared.key, owner);
    if (known !== undefined) {
      metrics.bundleShared();
      return ok(known);
    }
    const rendered = await this.render(prepared);
    if (!rendered.ok) return rendered;
    metrics.inputRendered(typesOf(prepared));
    const variance = prepared.mayVary ? await this.variance(prepared, rendered.value) : ok(undefined);
    if (!variance.ok) return variance;
    const summary = summaryOf(rendered.value);
    const bundle = variance.value === undefined ? summary : keptFor(summary, owner, variance.value);
    await store.save(prepared.key, bundle, rendered.value.text);
    const { sourceTypes: types } = prepared;
    this.options.log.info({ bundle: bundle.digest, objects: bundle.objects.length, types }, 'sources rendered');
    // Another replica may have been first.
    return ok((await store.findByInput(prepared.key, owner)) ?? bundle);
  }

  /** Why the same inputs cannot be relied on to give the same again; undefined where they can. */
  private async variance(
    prepared: PreparedSources,
    first: Rendered,
  ): Promise<Result<string | undefined, RenderFailure>> {
    const second = await this.render(prepared);
    if (!second.ok) return second;
    const isSame = first.digest === second.value.digest;
    if (isSame && !(await this.options.store.varies(prepared.key))) return ok(undefined);
    const differing = differences(first.objects, second.value.objects);
    this.options.metrics.renderVaried();
    this.options.log.warn({ differing: differing.slice(0, NAMED_OBJECTS) }, 'a source gives something else each time');
    return ok(varianceWarning(differing));
  }

  private async render(prepared: PreparedSources): Promise<Result<Rendered, RenderFailure>> {
    const started = performance.now();
    const rendered = await prepared.render();
    this.options.metrics.renderTook(typesOf(prepared), (performance.now() - started) / 1000);
    if (!rendered.ok) return rendered;
    const checked = checkManifests(rendered.value.documents, this.options.limits ?? MANIFEST_LIMITS);
    if (!checked.ok) return checked;
    const { objects } = checked.value;
    const warnings = [...rendered.value.warnings, ...checked.value.warnings];
    return ok({ objects, warnings, ...encodeBundle(objects) });
  }
}

function isFor({ keptFor }: BundleSummary, owner: RenderOwner | undefined): boolean {
  return keptFor === undefined || ownerKey(keptFor) === ownerKey(owner);
}

function summaryOf({ digest, objects, warnings }: Rendered): BundleSummary {
  return { digest, objects: objects.map(objectId), warnings, sensitive: holdsSecrets(objects) };
}

function keptFor(summary: BundleSummary, owner: RenderOwner = { name: '' }, warning: string): BundleSummary {
  return { ...summary, warnings: [warning, ...summary.warnings], keptFor: owner };
}

function typesOf({ sourceTypes }: PreparedSources): string {
  return [...new Set(sourceTypes)].sort().join('+');
}

/** Keys of the objects that two renders do not agree on. */
function differences(first: readonly KubernetesObject[], second: readonly KubernetesObject[]): string[] {
  const left = new Map(first.map((object) => [objectKey(objectId(object)), canonicalJson(object)]));
  const right = new Map(second.map((object) => [objectKey(objectId(object)), canonicalJson(object)]));
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key)).sort();
}

function varianceWarning(differing: readonly string[]): string {
  const named = differing.slice(0, NAMED_OBJECTS).join(', ');
  const more = differing.length > NAMED_OBJECTS ? ` and ${differing.length - NAMED_OBJECTS} more` : '';
  const where = named === '' ? '' : ` in ${named}${more}`;
  return (
    `NOT_REPRODUCIBLE: rendering the same inputs again gives something else${where}; ` +
    'what was rendered first is kept for this Application alone until its inputs change or a hard refresh. ' +
    'Give the chart fixed values in place of random ones and of the time.'
  );
}
