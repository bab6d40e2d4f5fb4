import { join } from 'node:path';
import { tmpdir, userInfo } from 'node:os';
import { DirectoryRenderer } from '../../src/rendering/directory/directory-renderer.js';
import { decodeBundle, type Bundle } from '../../src/rendering/domain/bundle.js';
import type {
  RenderedApplication,
  RenderRequest,
  SourceRequest,
  TargetCluster,
} from '../../src/rendering/domain/render-request.js';
import { HelmRenderer } from '../../src/rendering/helm/helm-renderer.js';
import { KustomizeRenderer } from '../../src/rendering/kustomize/kustomize-renderer.js';
import { RenderMetrics } from '../../src/rendering/render-metrics.js';
import { SourceRenderer, type RenderOutcome } from '../../src/rendering/source-renderer.js';
import { RenderPool, type RenderPoolOptions } from '../../src/rendering/tools/render-pool.js';
import { Tools } from '../../src/rendering/tools/tools.js';
import { StoredCheckouts } from '../../src/repositories/stored-checkouts.js';
import { GitServer, type GitRepository } from './git-server.js';
import { MemoryBundleStore } from './memory-bundle-store.js';
import { MirrorsFixture } from './mirrors.js';
import { RecordingLog } from './recording-log.js';
import { StoredChartsFixture } from './stored-charts.js';

/** Where the programs are unpacked once for all test files. */
export const TEST_TOOLS = join(tmpdir(), `fleetwright-test-tools-${userInfo().uid}`);
export const testTools = new Tools({ cacheDirectory: TEST_TOOLS });

export const WEB: RenderedApplication = { name: 'web', instance: 'web', project: 'default', namespace: 'shop' };
export const ANY_CLUSTER: TargetCluster = { kubeVersion: '', apiVersions: [] };

export interface RenderingOptions extends RenderPoolOptions {
  tools?: Tools;
}

class CountingStore extends MemoryBundleStore {
  saves = 0;

  override save(...args: Parameters<MemoryBundleStore['save']>): Promise<void> {
    this.saves += 1;
    return super.save(...args);
  }
}

/** What rendering tells of itself. */
export class CountedRenders extends RenderMetrics {
  readonly inputs: string[] = [];
  runs = 0;
  shared = 0;
  varied = 0;
  readonly swept = { bundle: 0, render: 0 };

  inputRendered(types: string): void {
    this.inputs.push(types);
  }

  renderTook(): void {
    this.runs += 1;
  }

  bundleShared(): void {
    this.shared += 1;
  }

  renderVaried(): void {
    this.varied += 1;
  }

  removed(what: 'bundle' | 'render', count: number): void {
    this.swept[what] += count;
  }
}

/** A Git server with one repository, and everything between it and a stored bundle. */
export class RenderingFixture {
  readonly store = new CountingStore();
  readonly metrics = new CountedRenders();
  readonly source: SourceRenderer;

  private constructor(
    readonly server: GitServer,
    readonly repository: GitRepository,
    readonly mirrors: MirrorsFixture,
    readonly charts: StoredChartsFixture,
    { tools = testTools, ...pool }: RenderingOptions,
  ) {
    const checkouts = new StoredCheckouts(mirrors.open({ pollIntervalSeconds: 0 }), charts.open({ pollSeconds: 0 }));
    const programs = new RenderPool(pool);
    const renderers = [
      new DirectoryRenderer(),
      new KustomizeRenderer(tools, programs),
      new HelmRenderer({ tools, pool: programs, checkouts }),
    ];
    const { store, metrics } = this;
    this.source = new SourceRenderer({ checkouts, renderers, store, metrics, log: new RecordingLog() });
  }

  static async start(options: RenderingOptions = {}): Promise<RenderingFixture> {
    const server = await GitServer.start();
    const [mirrors, charts] = [await MirrorsFixture.create(), await StoredChartsFixture.create()];
    return new RenderingFixture(server, await server.repository('apps'), mirrors, charts, options);
  }

  /** Renders one source, and fails the test where that fails. */
  async render(path: string, more: Partial<SourceRequest> = {}): Promise<RenderOutcome> {
    return rendered(await this.tryRender(path, more));
  }

  tryRender(path: string, more: Partial<SourceRequest> = {}): ReturnType<SourceRenderer['render']> {
    return this.tryRenderAll([this.sourceAt(path, more)]);
  }

  /** Renders several sources of one Application. */
  async renderAll(sources: readonly SourceRequest[], more: Partial<RenderRequest> = {}): Promise<RenderOutcome> {
    return rendered(await this.tryRenderAll(sources, more));
  }

  tryRenderAll(
    sources: readonly SourceRequest[],
    more: Partial<RenderRequest> = {},
  ): ReturnType<SourceRenderer['render']> {
    return this.source.render(this.requestOf(sources, more));
  }

  requestOf(sources: readonly SourceRequest[], more: Partial<RenderRequest> = {}): RenderRequest {
    return { sources, application: WEB, cluster: ANY_CLUSTER, ...more };
  }

  /** A source of the fixture's own repository. */
  sourceAt(path: string, more: Partial<SourceRequest> = {}): SourceRequest {
    return { repoURL: this.repository.url, revision: 'main', path, ...more };
  }

  async bundle(digest: string): Promise<Bundle> {
    return decodeBundle((await this.store.read(digest)) ?? '', digest);
  }

  async close(): Promise<void> {
    await this.mirrors.close();
    await this.charts.close();
    await this.server.close();
  }
}

function rendered(result: Awaited<ReturnType<SourceRenderer['render']>>): RenderOutcome {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
