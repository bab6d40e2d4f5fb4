import { join } from 'node:path';
import {
  Global,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type Type,
} from '@nestjs/common';
import type { HubConfig } from '../config/hub-config.js';
import { Transactions } from '../database/transactions.js';
import { Clock } from '../kernel/clock.js';
import { Log } from '../kernel/log.js';
import { Checkouts } from '../repositories/domain/checkout.js';
import { BundleStore } from './bundle-store.js';
import { BundleSweep } from './bundle-sweep.js';
import { DirectoryRenderer } from './directory/directory-renderer.js';
import { DownloadableBundles } from './downloadable-bundles.js';
import { HelmRenderer } from './helm/helm-renderer.js';
import { KustomizeRenderer } from './kustomize/kustomize-renderer.js';
import { PostgresBundleStore } from './postgres-bundle-store.js';
import { NoRenderMetrics, RenderMetrics } from './render-metrics.js';
import { SourceRenderer } from './source-renderer.js';
import { RenderPool } from './tools/render-pool.js';
import { Tools } from './tools/tools.js';

export type RenderingConfig = Pick<HubConfig, 'dataDir' | 'binaries'> & Partial<Pick<HubConfig, 'roles'>>;

const SWEEP_EVERY_MS = 600_000;

type RendererParts = [Tools, RenderPool, Checkouts, BundleStore, Log, RenderMetrics];

/** Ends running renders with the process: their programs would outlive it. */
@Injectable()
class RenderShutdown implements BeforeApplicationShutdown {
  constructor(private readonly pool: RenderPool) {}

  beforeApplicationShutdown(): void {
    this.pool.close();
  }
}

/** Sources in, stored bundles out. Needs the global RepositoriesModule, DatabaseModule, SealingModule and Log. */
@Global()
@Module({})
export class RenderingModule {
  static of(config: RenderingConfig, metrics?: Type<RenderMetrics>): DynamicModule {
    const tools = { provide: Tools, useFactory: () => toolsOf(config) };
    const pool = { provide: RenderPool, useFactory: () => new RenderPool() };
    const source = {
      provide: SourceRenderer,
      inject: [Tools, RenderPool, Checkouts, BundleStore, Log, RenderMetrics],
      useFactory: (...[found, programs, checkouts, store, log, figures]: RendererParts) => {
        const renderers = [
          new DirectoryRenderer(),
          new KustomizeRenderer(found, programs),
          new HelmRenderer({ tools: found, pool: programs, checkouts }),
        ];
        return new SourceRenderer({ checkouts, renderers, store, log, metrics: figures });
      },
    };
    const swept = config.roles?.includes('controller') === true ? { tickMs: SWEEP_EVERY_MS } : {};
    const sweep = {
      provide: BundleSweep,
      inject: [Transactions, Clock, RenderMetrics, Log],
      useFactory: (...parts: [Transactions, Clock, RenderMetrics, Log]) => new BundleSweep(...parts, swept),
    };
    return {
      module: RenderingModule,
      providers: [
        tools,
        pool,
        source,
        sweep,
        PostgresBundleStore,
        { provide: BundleStore, useExisting: PostgresBundleStore },
        { provide: RenderMetrics, ...(metrics ? { useExisting: metrics } : { useClass: NoRenderMetrics }) },
        DownloadableBundles,
        RenderShutdown,
      ],
      exports: [SourceRenderer, BundleStore, DownloadableBundles, Tools],
    };
  }
}

/** The programs of a hub; also asked before it starts, whether they are there. */
function toolsOf({ dataDir, binaries: { helm, kubectl } }: RenderingConfig): Tools {
  return new Tools({
    cacheDirectory: join(dataDir, 'tools'),
    ...(helm === undefined ? {} : { helmBinary: helm }),
    ...(kubectl === undefined ? {} : { kubectlBinary: kubectl }),
  });
}
