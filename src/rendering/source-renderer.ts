import type { Log } from '../kernel/log.js';
import { objectId } from '../kernel/object.js';
import { ok, type Result } from '../kernel/result.js';
import { SingleFlight } from '../repositories/git/single-flight.js';
import type { BundleStore, BundleSummary } from './bundle-store.js';
import { encodeBundle } from './domain/bundle.js';
import { checkManifests, holdsSecrets, MANIFEST_LIMITS, type ManifestLimits } from './domain/check-manifests.js';
import type { RenderFailure } from './domain/render-failure.js';
import type { RenderRequest } from './domain/render-request.js';
import type { Checkouts } from '../repositories/domain/checkout.js';
import { RememberedCheckouts } from '../repositories/remembered-checkouts.js';
import { prepareSources, type PreparedSources, type SourceReaders } from './prepare-sources.js';

export interface SourceRendererOptions extends SourceReaders {
  store: BundleStore;
  log: Log;
  limits?: ManifestLimits;
}

export interface RenderOutcome extends BundleSummary, Pick<PreparedSources, 'revisions' | 'sourceTypes'> {
  objectCount: number;
}

export type Render = (request: RenderRequest) => Promise<Result<RenderOutcome, RenderFailure>>;

/** Sources in, stored bundle out. Equal inputs are rendered once, whoever asks and however many do. */
export class SourceRenderer {
  private readonly rendering = new SingleFlight<Result<BundleSummary, RenderFailure>>();

  constructor(private readonly options: SourceRendererOptions) {}

  /** The bundle of the sources as their revisions are now. What cannot be read or rendered is a value, never a throw. */
  render(request: RenderRequest): Promise<Result<RenderOutcome, RenderFailure>> {
    return this.renderFrom(this.options.checkouts, request, (prepared) => this.bundleOf(prepared));
  }

  /** `render` for many requests of one moment: each repository is looked up once, and so is each bundle. */
  forOneMoment(): Render {
    const checkouts = new RememberedCheckouts(this.options.checkouts);
    const bundles = new Map<string, Promise<Result<BundleSummary, RenderFailure>>>();
    const remembered = (prepared: PreparedSources): Promise<Result<BundleSummary, RenderFailure>> => {
      const bundle = bundles.get(prepared.key) ?? this.bundleOf(prepared);
      bundles.set(prepared.key, bundle);
      return bundle;
    };
    return (request) => this.renderFrom(checkouts, request, remembered);
  }

  private async renderFrom(
    checkouts: Checkouts,
    request: RenderRequest,
    bundleOf: (prepared: PreparedSources) => Promise<Result<BundleSummary, RenderFailure>>,
  ): Promise<Result<RenderOutcome, RenderFailure>> {
    const prepared = await prepareSources({ checkouts, renderers: this.options.renderers }, request);
    if (!prepared.ok) return prepared;
    const bundle = await bundleOf(prepared.value);
    if (!bundle.ok) return bundle;
    const { revisions, sourceTypes } = prepared.value;
    return ok({ ...bundle.value, objectCount: bundle.value.objects.length, revisions, sourceTypes });
  }

  private bundleOf(prepared: PreparedSources): Promise<Result<BundleSummary, RenderFailure>> {
    return this.rendering.run(prepared.key, () => this.findOrRender(prepared));
  }

  private async findOrRender({ key, ...sources }: PreparedSources): Promise<Result<BundleSummary, RenderFailure>> {
    const known = await this.options.store.findByInput(key);
    if (known !== undefined) return ok(known);
    const rendered = await sources.render();
    if (!rendered.ok) return rendered;
    const checked = checkManifests(rendered.value.documents, this.options.limits ?? MANIFEST_LIMITS);
    if (!checked.ok) return checked;
    const { digest, text } = encodeBundle(checked.value.objects);
    const bundle: BundleSummary = {
      digest,
      objects: checked.value.objects.map(objectId),
      warnings: [...rendered.value.warnings, ...checked.value.warnings],
      sensitive: holdsSecrets(checked.value.objects),
    };
    await this.options.store.save(key, bundle, text);
    const types = sources.sourceTypes;
    this.options.log.info({ bundle: digest, objects: bundle.objects.length, types }, 'sources rendered');
    return ok(bundle);
  }
}
