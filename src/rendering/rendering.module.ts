import { join } from 'node:path';
import { Global, Injectable, Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import type { HubConfig } from '../config/hub-config.js';
import { Log } from '../kernel/log.js';
import { GitMirrors } from '../repositories/git/git-mirrors.js';
import { BundleStore } from './bundle-store.js';
import { DirectoryRenderer } from './directory-renderer.js';
import { DownloadableBundles } from './downloadable-bundles.js';
import { KustomizeRenderer } from './kustomize-renderer.js';
import { PostgresBundleStore } from './postgres-bundle-store.js';
import { SourceRenderer } from './source-renderer.js';
import { Tools } from './tools.js';

export type RenderingConfig = Pick<HubConfig, 'dataDir' | 'binaries'>;

/** Ends running renders with the process: their programs would outlive it. */
@Injectable()
class RenderShutdown implements BeforeApplicationShutdown {
  constructor(private readonly kustomize: KustomizeRenderer) {}

  beforeApplicationShutdown(): void {
    this.kustomize.close();
  }
}

/** Sources in, stored bundles out. Needs the global RepositoriesModule, DatabaseModule, SealingModule and Log. */
@Global()
@Module({})
export class RenderingModule {
  static of(config: RenderingConfig): DynamicModule {
    const tools = { provide: Tools, useFactory: () => toolsOf(config) };
    const kustomize = {
      provide: KustomizeRenderer,
      inject: [Tools, GitMirrors],
      useFactory: (found: Tools, mirrors: GitMirrors) => new KustomizeRenderer({ tools: found, mirrors }),
    };
    const directory = {
      provide: DirectoryRenderer,
      inject: [GitMirrors],
      useFactory: (mirrors: GitMirrors) => new DirectoryRenderer(mirrors),
    };
    const source = {
      provide: SourceRenderer,
      inject: [GitMirrors, KustomizeRenderer, DirectoryRenderer, BundleStore, Log],
      useFactory: (
        ...[mirrors, kustomized, plain, store, log]: [
          GitMirrors,
          KustomizeRenderer,
          DirectoryRenderer,
          BundleStore,
          Log,
        ]
      ) => new SourceRenderer({ mirrors, renderers: [kustomized, plain], store, log }),
    };
    return {
      module: RenderingModule,
      providers: [
        tools,
        kustomize,
        directory,
        source,
        PostgresBundleStore,
        { provide: BundleStore, useExisting: PostgresBundleStore },
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
