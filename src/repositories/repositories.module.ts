import { join } from 'node:path';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { HubConfig } from '../config/hub-config.js';
import { PlatformDocuments } from '../documents/platform-documents.js';
import { GeneratorConfigSource } from '../expansion/fetchers/generator-config-source.js';
import { RemoteInputs } from '../expansion/fetchers/remote-inputs.js';
import { GeneratorInputRows } from '../expansion/fetchers/stored/generator-input-rows.js';
import { GeneratorInputsService } from '../expansion/fetchers/stored/generator-inputs.service.js';
import { StoredGeneratorConfigs } from '../expansion/fetchers/stored/stored-generator-configs.js';
import { StoredTokens } from '../expansion/fetchers/stored/stored-tokens.js';
import { Clock } from '../kernel/clock.js';
import { Log } from '../kernel/log.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ChartAccesses } from './charts/chart-access.js';
import { ChartPoller } from './charts/chart-poller.js';
import { StoredChartAccesses } from './charts/stored-chart-accesses.js';
import { StoredCharts } from './charts/stored-charts.js';
import { ConnectionCheck } from './connection-check.js';
import { DeclaredRepositoriesService } from './declared-repositories.service.js';
import { GitMirrors } from './git/git-mirrors.js';
import { GithubAppTokens } from './github-app-tokens.js';
import { RepositoryCredentialRows } from './repository-credential-rows.js';
import { RepositoryCredentials } from './repository-credentials.js';
import { MirrorSweeper } from './mirror-sweeper.js';
import { MovedReaders } from './moved-readers.js';
import { RepositoryNews } from './repository-news.js';
import { RepositoryPoller, type PollerOptions } from './repository-poller.js';
import { RepositoryReaders } from './repository-readers.js';
import { RepositorySecretsService } from './repository-secrets.service.js';
import { Checkouts } from './domain/checkout.js';
import { StoredCheckouts } from './stored-checkouts.js';
import { RepositoryTrust } from './repository-trust.js';
import { StoredCredentials } from './stored-credentials.js';
import { StoredGitAccess } from './stored-git-access.js';

export type RepositoriesConfig = Pick<HubConfig, 'dataDir' | 'pollSeconds' | 'roles'> &
  Partial<Pick<HubConfig, 'scm' | 'aws' | 'mirrorBudgetMib'>>;

const OPEN_SCM = { enabled: true, allowedProviders: [], allowPrivate: false };

const LONGEST_TICK_MS = 5_000;
const DEFAULT_BUDGET_MIB = 20_480;
/** How long a mirror that nobody reads is kept where there is room. */
const IDLE_MS = 7 * 86_400_000;

/** What generators read beside repositories. */
const INPUTS = [
  PlatformDocuments,
  GeneratorInputRows,
  GeneratorInputsService,
  StoredTokens,
  StoredGeneratorConfigs,
  { provide: GeneratorConfigSource, useExisting: StoredGeneratorConfigs },
];

/** What lets the hub into repositories. */
const ACCESS = [
  RepositoryCredentialRows,
  RepositorySecretsService,
  StoredCredentials,
  RepositoryTrust,
  GithubAppTokens,
  StoredGitAccess,
  ConnectionCheck,
  DeclaredRepositoriesService,
  { provide: RepositoryCredentials, useExisting: StoredGitAccess },
];

const EXPORTS = [
  ChartPoller,
  Checkouts,
  GitMirrors,
  RemoteInputs,
  GeneratorInputsService,
  RepositoryPoller,
  RepositoryNews,
  RepositoryReaders,
  RepositorySecretsService,
  DeclaredRepositoriesService,
];

/**
 * Git repositories, the other remote inputs of generators, and what opens them. Needs the global DatabaseModule,
 * SealingModule, AuditModule, AccessModule and Log.
 */
@Global()
@Module({})
export class RepositoriesModule {
  static of({
    dataDir,
    pollSeconds,
    roles,
    scm: policy = OPEN_SCM,
    aws,
    mirrorBudgetMib,
  }: RepositoriesConfig): DynamicModule {
    const directory = join(dataDir, 'mirrors');
    const mirrors = {
      provide: GitMirrors,
      inject: [Clock, Log, RepositoryCredentials],
      useFactory: (clock: Clock, log: Log, credentials: RepositoryCredentials) =>
        new GitMirrors({ directory, clock, log, credentials, pollIntervalSeconds: pollSeconds }),
    };
    const charts = {
      provide: StoredCharts,
      inject: [Clock, Log, ChartAccesses],
      useFactory: (clock: Clock, log: Log, accesses: ChartAccesses) => {
        const { allowPrivate } = policy;
        return new StoredCharts({
          directory: join(dataDir, 'charts'),
          clock,
          log,
          accesses,
          allowPrivate,
          pollSeconds,
        });
      },
    };
    // Only controllers follow repositories; the others look when someone asks for it.
    const follows = roles.includes('controller');
    const options: PollerOptions = follows ? { tickMs: Math.min(pollSeconds * 1000, LONGEST_TICK_MS) } : {};
    const remote = {
      provide: RemoteInputs,
      inject: [Clock, StoredTokens, StoredGeneratorConfigs],
      useFactory: (clock: Clock, tokens: StoredTokens, configs: StoredGeneratorConfigs) =>
        new RemoteInputs({ clock, tokens, configs, policy, aws }),
    };
    return {
      module: RepositoriesModule,
      imports: [WorkQueueModule],
      providers: [
        mirrors,
        charts,
        chartPollerWith(options),
        { provide: ChartAccesses, useClass: StoredChartAccesses },
        remote,
        ...INPUTS,
        pollerWith(options),
        RepositoryReaders,
        MovedReaders,
        RepositoryNews,
        sweeperWith(mirrorBudgetMib),
        ...ACCESS,
        { provide: Checkouts, useClass: StoredCheckouts },
      ],
      exports: EXPORTS,
    };
  }
}

function pollerWith(options: PollerOptions) {
  return {
    provide: RepositoryPoller,
    inject: [GitMirrors, ChartPoller, RepositoryReaders, MovedReaders, WorkQueue, RepositoryNews, Log],
    useFactory: (
      git: GitMirrors,
      charts: ChartPoller,
      readers: RepositoryReaders,
      moved: MovedReaders,
      queue: WorkQueue,
      news: RepositoryNews,
      log: Log,
    ) => new RepositoryPoller({ git, charts, readers, moved, queue, news, log }, options),
  };
}

function chartPollerWith({ tickMs }: PollerOptions) {
  return {
    provide: ChartPoller,
    inject: [StoredCharts, RepositoryReaders, WorkQueue, Log],
    useFactory: (charts: StoredCharts, readers: RepositoryReaders, queue: WorkQueue, log: Log) =>
      new ChartPoller({ charts, readers, queue, log }, tickMs),
  };
}

function sweeperWith(budgetMib = DEFAULT_BUDGET_MIB) {
  const limits = { budgetBytes: budgetMib * 2 ** 20, idleMs: IDLE_MS };
  return {
    provide: MirrorSweeper,
    inject: [GitMirrors, RepositoryReaders, Log],
    useFactory: (git: GitMirrors, readers: RepositoryReaders, log: Log) => new MirrorSweeper(git, readers, log, limits),
  };
}
