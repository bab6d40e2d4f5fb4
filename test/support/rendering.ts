import { join } from 'node:path';
import { tmpdir, userInfo } from 'node:os';
import { DirectoryRenderer } from '../../src/rendering/directory-renderer.js';
import { decodeBundle, type Bundle } from '../../src/rendering/domain/bundle.js';
import type { RenderRequest } from '../../src/rendering/domain/render-request.js';
import { KustomizeRenderer, type KustomizeRendererOptions } from '../../src/rendering/kustomize-renderer.js';
import { SourceRenderer, type RenderOutcome } from '../../src/rendering/source-renderer.js';
import { Tools } from '../../src/rendering/tools.js';
import { GitServer, type GitRepository } from './git-server.js';
import { MemoryBundleStore } from './memory-bundle-store.js';
import { MirrorsFixture } from './mirrors.js';
import { RecordingLog } from './recording-log.js';

/** Unpacked once for all test files. */
export const testTools = new Tools({ cacheDirectory: join(tmpdir(), `fleetwright-test-tools-${userInfo().uid}`) });

class CountingStore extends MemoryBundleStore {
  saves = 0;

  override save(...args: Parameters<MemoryBundleStore['save']>): Promise<void> {
    this.saves += 1;
    return super.save(...args);
  }
}

/** A Git server with one repository, and everything between it and a stored bundle. */
export class RenderingFixture {
  readonly store = new CountingStore();
  readonly source: SourceRenderer;

  private constructor(
    readonly server: GitServer,
    readonly repository: GitRepository,
    readonly mirrors: MirrorsFixture,
    kustomize: Partial<KustomizeRendererOptions>,
  ) {
    const git = mirrors.open({ pollIntervalSeconds: 0 });
    const renderers = [
      new DirectoryRenderer(git),
      new KustomizeRenderer({ tools: testTools, mirrors: git, ...kustomize }),
    ];
    this.source = new SourceRenderer({ mirrors: git, renderers, store: this.store, log: new RecordingLog() });
  }

  static async start(kustomize: Partial<KustomizeRendererOptions> = {}): Promise<RenderingFixture> {
    const server = await GitServer.start();
    return new RenderingFixture(server, await server.repository('apps'), await MirrorsFixture.create(), kustomize);
  }

  /** Renders, and fails the test where that fails. */
  async render(path: string, more: Partial<RenderRequest> = {}): Promise<RenderOutcome> {
    const rendered = await this.tryRender(path, more);
    if (!rendered.ok) throw new Error(`${rendered.error.code}: ${rendered.error.message}`);
    return rendered.value;
  }

  tryRender(path: string, more: Partial<RenderRequest> = {}): ReturnType<SourceRenderer['render']> {
    return this.source.render({ repoURL: this.repository.url, revision: 'main', path, ...more });
  }

  async bundle(digest: string): Promise<Bundle> {
    return decodeBundle((await this.store.read(digest)) ?? '', digest);
  }

  async close(): Promise<void> {
    await this.mirrors.close();
    await this.server.close();
  }
}
