import type { Clock } from '../../kernel/clock.js';
import type { RemoteReader } from '../remote-reader.js';
import { FleetRemoteReader } from './fleet-remote-reader.js';
import type { GeneratorConfigSource } from './generator-config-source.js';
import { KeptAnswers } from './kept-answers.js';
import { PUBLIC_APIS, type HubAws } from './provider-door.js';
import { RemoteHttp } from './remote-http.js';
import type { ScmPolicy } from './scm-policy.js';
import type { TokenSource } from './token-source.js';

export interface RemoteInputsOptions {
  clock: Clock;
  tokens: TokenSource;
  configs: GeneratorConfigSource;
  policy: ScmPolicy;
  aws?: HubAws | undefined;
}

interface SetName {
  namespace?: string;
  name: string;
}

/** SCM providers, plugins and decisions, for the sets of this hub: one HTTP client and one memory of answers. */
export class RemoteInputs {
  private readonly http: RemoteHttp;
  private readonly answers: KeptAnswers;
  private readonly refreshed = new Map<string, number>();

  constructor(private readonly options: RemoteInputsOptions) {
    this.http = new RemoteHttp({ clock: options.clock });
    this.answers = new KeptAnswers(options.clock);
  }

  readerFor({ namespace = '', name }: SetName): RemoteReader {
    const { clock, tokens, configs, policy, aws } = this.options;
    const refreshedAt = this.refreshed.get(`${namespace}/${name}`) ?? 0;
    const shared = { clock, http: this.http, answers: this.answers, publicApis: PUBLIC_APIS, aws };
    return new FleetRemoteReader({ ...shared, tokens, configs, policy, namespace, setName: name, refreshedAt });
  }

  /** Nothing that was answered before now is good enough for this set any more. */
  refresh({ namespace = '', name }: SetName): void {
    this.refreshed.set(`${namespace}/${name}`, this.options.clock.now().getTime());
  }

  /** Called by Nest when the hub stops. */
  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}
