import { ok, type Result } from '../kernel/result.js';
import type { Checkouts } from '../repositories/domain/checkout.js';
import { RememberedCheckouts } from '../repositories/remembered-checkouts.js';
import { BundleRenders, type BundleRendersOptions } from './bundle-renders.js';
import type { BundleSummary } from './bundle-store.js';
import type { RenderFailure } from './domain/render-failure.js';
import { ownerKey, type RenderOwner } from './domain/render-owner.js';
import type { RenderRequest } from './domain/render-request.js';
import { prepareSources, type PreparedSources, type SourceReaders } from './prepare-sources.js';

export interface SourceRendererOptions extends SourceReaders, BundleRendersOptions {}

export interface RenderOutcome extends BundleSummary, Pick<PreparedSources, 'revisions' | 'sourceTypes'> {
  objectCount: number;
}

export type Render = (request: RenderRequest) => Promise<Result<RenderOutcome, RenderFailure>>;

type Bundle = Result<BundleSummary, RenderFailure>;
type BundleOf = (prepared: PreparedSources, owner?: RenderOwner) => Promise<Bundle>;

/** Sources in, stored bundle out. Equal inputs are rendered once, whoever asks and however many do. */
export class SourceRenderer {
  private readonly bundles: BundleRenders;

  constructor(private readonly options: SourceRendererOptions) {
    this.bundles = new BundleRenders(options);
  }

  /** The bundle of the sources as their revisions are now. What cannot be read or rendered is a value, never a throw. */
  render(request: RenderRequest): Promise<Result<RenderOutcome, RenderFailure>> {
    return this.renderFrom(this.options.checkouts, request, (...input) => this.bundles.of(...input));
  }

  /** `render` for many requests of one moment: each repository is looked up once, and so is each bundle. */
  forOneMoment(): Render {
    const checkouts = new RememberedCheckouts(this.options.checkouts);
    const known = new Map<string, Promise<Bundle>>();
    const once = (key: string, find: () => Promise<Bundle>): Promise<Bundle> => {
      const bundle = known.get(key) ?? find();
      known.set(key, bundle);
      return bundle;
    };
    const remembered: BundleOf = async (prepared, owner) => {
      const find = (): Promise<Bundle> => this.bundles.of(prepared, owner);
      const bundle = await once(prepared.key, find);
      const isOthers = bundle.ok && bundle.value.keptFor !== undefined;
      return isOthers ? once(`${prepared.key} ${ownerKey(owner)}`, find) : bundle;
    };
    return (request) => this.renderFrom(checkouts, request, remembered);
  }

  private async renderFrom(
    checkouts: Checkouts,
    request: RenderRequest,
    bundleOf: BundleOf,
  ): Promise<Result<RenderOutcome, RenderFailure>> {
    const prepared = await prepareSources({ checkouts, renderers: this.options.renderers }, request);
    if (!prepared.ok) return prepared;
    const bundle = await bundleOf(prepared.value, request.owner);
    if (!bundle.ok) return bundle;
    const { revisions, sourceTypes } = prepared.value;
    return ok({ ...bundle.value, objectCount: bundle.value.objects.length, revisions, sourceTypes });
  }
}
