import { digestJson } from '../kernel/digest.js';
import type { Log } from '../kernel/log.js';
import { objectId } from '../kernel/object.js';
import { fail, ok, type Result } from '../kernel/result.js';
import { cleanPath } from '../repositories/domain/git-tree.js';
import type { GitMirrors } from '../repositories/git/git-mirrors.js';
import { SingleFlight } from '../repositories/git/single-flight.js';
import type { BundleStore, BundleSummary } from './bundle-store.js';
import { encodeBundle } from './domain/bundle.js';
import { checkManifests, holdsSecrets, MANIFEST_LIMITS, type ManifestLimits } from './domain/check-manifests.js';
import { renderFailure, type RenderFailure } from './domain/render-failure.js';
import type { RenderRequest } from './domain/render-request.js';
import { sourceTypeOf } from './domain/source-type.js';
import type { PreparedRender, Renderer, RenderJob } from './renderer.js';

export interface SourceRendererOptions {
  mirrors: GitMirrors;
  renderers: readonly Renderer[];
  store: BundleStore;
  log: Log;
  limits?: ManifestLimits;
}

export interface RenderOutcome extends BundleSummary {
  objectCount: number;
  /** The commit the revision named. */
  revision: string;
}

/** Raised when the same inputs would give other bytes than before: it parts old keys from new ones. */
const KEY_VERSION = 1;

/** Source in, stored bundle out. Equal inputs are rendered once, whoever asks and however many do. */
export class SourceRenderer {
  private readonly rendering = new SingleFlight<Result<BundleSummary, RenderFailure>>();

  constructor(private readonly options: SourceRendererOptions) {}

  /** The bundle of a source as its revision is now. A source that cannot be read or rendered is a value, never a throw. */
  async render(request: RenderRequest): Promise<Result<RenderOutcome, RenderFailure>> {
    const resolved = await this.options.mirrors.resolve(request.repoURL, request.revision);
    return resolved.ok ? this.renderCommit(request, resolved.value.sha) : resolved;
  }

  /** The same for one commit, wherever the revision points by now. */
  async renderCommit(request: RenderRequest, sha: string): Promise<Result<RenderOutcome, RenderFailure>> {
    const job = await this.jobOf(request, sha);
    if (!job.ok) return job;
    const names = namesIn(job.value);
    const type = sourceTypeOf(request, names);
    if (!type.ok) return type;
    const renderer = this.options.renderers.find((candidate) => candidate.type === type.value);
    if (renderer === undefined) {
      return fail(renderFailure('SOURCE_TYPE_NOT_SUPPORTED', `no renderer is set up for ${type.value} sources`));
    }
    const prepared = await renderer.prepare(job.value);
    if (!prepared.ok) return prepared;
    const key = digestJson({ version: KEY_VERSION, type: renderer.type, inputs: prepared.value.inputs });
    const bundle = await this.rendering.run(key, () => this.findOrRender(key, renderer, prepared.value));
    if (!bundle.ok) return bundle;
    const warnings = [...bundle.value.warnings, ...overrideWarnings(names)];
    return ok({ ...bundle.value, warnings, objectCount: bundle.value.objects.length, revision: sha });
  }

  private async jobOf(request: RenderRequest, sha: string): Promise<Result<RenderJob, RenderFailure>> {
    const path = cleanPath(request.path);
    if (path === undefined) {
      return fail(renderFailure('PATH_ESCAPE', `the path "${request.path}" leads out of the repository`, 'path'));
    }
    const tree = await this.options.mirrors.tree(request.repoURL, sha);
    if (!tree.ok) return tree;
    if (tree.value.get(path)?.kind !== 'directory') {
      const message = `there is no directory "${request.path}" at ${sha.slice(0, 12)}`;
      return fail(renderFailure('PATH_NOT_FOUND', message, 'path'));
    }
    return ok({ url: request.repoURL, sha, tree: tree.value, path, request });
  }

  private async findOrRender(
    key: string,
    renderer: Renderer,
    prepared: PreparedRender,
  ): Promise<Result<BundleSummary, RenderFailure>> {
    const known = await this.options.store.findByInput(key);
    if (known !== undefined) return ok(known);
    const rendered = await prepared.render();
    if (!rendered.ok) return rendered;
    const checked = checkManifests(rendered.value.documents, this.options.limits ?? MANIFEST_LIMITS);
    if (!checked.ok) return checked;
    const { digest, text } = encodeBundle(checked.value.objects);
    const bundle: BundleSummary = {
      digest,
      objects: checked.value.objects.map(objectId),
      sourceType: renderer.type,
      warnings: [...rendered.value.warnings, ...checked.value.warnings],
      sensitive: holdsSecrets(checked.value.objects),
    };
    await this.options.store.save(key, bundle, text);
    this.options.log.info({ bundle: digest, objects: bundle.objects.length, type: renderer.type }, 'source rendered');
    return ok(bundle);
  }
}

/** Which Application they concern is not known here, and a bundle may serve many. */
function overrideWarnings(names: ReadonlySet<string>): string[] {
  const overrides = [...names].filter((name) => /^\.argocd-source-.+\.yaml$/.test(name));
  return overrides.map(
    (name) => `${name} is not read: parameter overrides kept beside the source are not supported yet`,
  );
}

function namesIn(job: RenderJob): Set<string> {
  const start = job.path === '' ? 0 : job.path.length + 1;
  const names = job.tree.under(job.path).map((entry) => entry.path.slice(start));
  return new Set(names.filter((name) => !name.includes('/')));
}
