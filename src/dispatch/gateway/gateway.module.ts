import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { ClustersModule } from '../../clusters/clusters.module.js';
import { CommitLoops } from '../../database/commit-loop.js';
import { AgentController } from './agent.controller.js';
import { AgentDirectory } from './auth/agent-directory.js';
import { AssertionVerifier } from './auth/assertion-verifier.js';
import { JoinLimiter } from './auth/join-limiter.js';
import { BundleReader } from './bundle-reader.js';
import { CurrentIdentity } from './current-identity.js';
import { DeliveredContent } from './deliveries/delivered-content.js';
import { DeliveriesModule } from './deliveries.module.js';
import { DownloadsController } from './downloads.controller.js';
import { GatewayOptions } from './gateway-options.js';
import { JoinController } from './join.controller.js';
import { AgentReports } from './reports/agent-reports.js';
import { ReportSink } from './report-sink.js';
import { AgentStreams } from './watch/agent-streams.js';
import { CarriedContents } from './watch/carried-contents.js';
import { DeliveryWatches } from './watch/delivery-watches.js';
import { StreamKeeper } from './watch/stream-keeper.js';

export interface GatewayParts {
  /** The modules that export the two ports' implementations. */
  imports: NonNullable<ModuleMetadata['imports']>;
  bundles: Type<BundleReader>;
  reports: Type<ReportSink>;
  options?: GatewayOptions;
}

/** The hub side of the agent protocol (design.md section 6); imported only where the hub has the role `gateway`. */
@Module({})
export class GatewayModule {
  static of({ imports, bundles, reports, options = new GatewayOptions() }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [ClustersModule, DeliveriesModule, ...imports],
      controllers: [JoinController, AgentController, DownloadsController],
      providers: [
        { provide: BundleReader, useExisting: bundles },
        { provide: ReportSink, useExisting: reports },
        { provide: GatewayOptions, useValue: options },
        AgentDirectory,
        AgentReports,
        AgentStreams,
        AssertionVerifier,
        CarriedContents,
        CommitLoops,
        CurrentIdentity,
        DeliveredContent,
        DeliveryWatches,
        JoinLimiter,
        StreamKeeper,
      ],
    };
  }
}
