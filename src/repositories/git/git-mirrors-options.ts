import type { Clock } from '../../kernel/clock.js';
import type { Log } from '../../kernel/log.js';
import type { RepositoryCredentials } from '../repository-credentials.js';
import type { CheckoutLimits } from '../tree-checkout.js';
import type { GitClientOptions } from './git-client.js';

export interface GitMirrorsOptions {
  /** Holds one bare repository a URL; may be shared by processes. */
  directory: string;
  clock: Clock;
  log: Log;
  credentials?: RepositoryCredentials;
  pollIntervalSeconds?: number;
  /** How long a failed look at a remote answers further callers. */
  failureIntervalSeconds?: number;
  /** How long after the last success a branch still resolves to its last known commit; 0 (default) never. */
  graceSeconds?: number;
  maxTreeEntries?: number;
  limits?: Partial<CheckoutLimits>;
  git?: Partial<GitClientOptions>;
}
