import type { Result } from '../../kernel/result.js';
import type { ReadFailure } from '../reader.js';
import type {
  DecisionReader,
  PluginReader,
  ProviderQuery,
  PullRequestReader,
  RemoteReader,
  ScmQuery,
  ScmReader,
} from '../remote-reader.js';
import type { KeptAnswers } from './kept-answers.js';
import { Patience } from './patience.js';
import { askPlugin } from './plugin-door.js';
import { ProviderDoor, type DoorContext } from './provider-door.js';
import type { ScmProvider } from './providers/provider.js';
import { openScm, PULL_REQUESTS } from './providers/providers.js';
import { asResult, RemoteFailure } from './remote-failure.js';

export interface FleetRemoteOptions extends DoorContext {
  answers: KeptAnswers;
  setName: string;
  /** Milliseconds since 1970: when someone last asked for this set to be refreshed. */
  refreshedAt: number;
  /** How long one expansion waits for all its answers. */
  patienceMs?: number | undefined;
}

/** A slow provider holds up its own sets, and no others for longer than this. */
const PATIENCE_MS = 30_000;

/** Remote inputs as one set may ask them, each answer kept for as long as the generator lets it. */
export class FleetRemoteReader implements RemoteReader {
  private readonly providers = new Map<string, Promise<ScmProvider>>();

  private readonly patience: Patience;

  constructor(private readonly options: FleetRemoteOptions) {
    this.patience = new Patience(options.patienceMs ?? PATIENCE_MS);
  }

  readonly scm: ScmReader = {
    repositories: (query) =>
      this.kept(query, [query.cloneProtocol, 'repositories'], async () => (await this.open(query)).repositories()),
    branches: (query, repository) =>
      this.kept(query, [query.cloneProtocol, 'branches', repository], async () =>
        (await this.open(query)).branches(repository),
      ),
    pathExists: (query, question) =>
      this.kept(query, ['path', question], async () => (await this.open(query)).hasPath(question)),
  };

  readonly pullRequests: PullRequestReader = {
    list: (query) =>
      this.kept(query, ['pullRequests'], async () => {
        const list = PULL_REQUESTS.get(query.provider);
        if (!list) throw new RemoteFailure('SCM_PROVIDER_NOT_SUPPORTED', `${query.provider} is not supported`);
        return list(new ProviderDoor(query, this.options));
      }),
  };

  readonly plugins: PluginReader = {
    parameters: ({ configMap, parameters, maxAgeSeconds }) =>
      this.answer(['plugin', this.options.setName, configMap, parameters], maxAgeSeconds, () =>
        askPlugin({ configMap, parameters }, this.options),
      ),
  };

  readonly decisions: DecisionReader = {
    configMap: (name) => this.options.configs.configMap(name),
    documents: (kind) => this.options.configs.decisions(kind),
  };

  private kept<T>(
    query: ProviderQuery,
    what: readonly unknown[],
    ask: () => Promise<T>,
  ): Promise<Result<T, ReadFailure>> {
    return this.answer([query.provider, query.spec, ...what], query.maxAgeSeconds, ask);
  }

  /** Sets of one namespace have the same tokens, so they share answers. */
  private answer<T>(
    what: readonly unknown[],
    maxAgeSeconds: number,
    ask: () => Promise<T>,
  ): Promise<Result<T, ReadFailure>> {
    const { answers, namespace, refreshedAt } = this.options;
    const wanted = { question: [namespace, ...what], maxAgeSeconds, notBefore: refreshedAt };
    const known = answers.known<T>(wanted);
    if (known) return Promise.resolve(known);
    return this.patience.wait(() => answers.ask(wanted, () => asResult(ask)));
  }

  /** Opened once: its credentials are read then. */
  private open(query: ScmQuery): Promise<ScmProvider> {
    const key = JSON.stringify([query.provider, query.spec, query.cloneProtocol]);
    const known = this.providers.get(key);
    if (known) return known;
    const opened = openScm(query, this.options);
    this.providers.set(key, opened);
    return opened;
  }
}
