import type { Dispatcher } from 'undici';
import type { Clock } from '../../kernel/clock.js';
import type { Ids } from '../../kernel/ids.js';
import type { KubernetesConnection } from '../../kubernetes/client/connection.js';
import type { Log } from '../../kernel/log.js';
import type { Ceiling } from './boundaries.js';

/** All an agent needs; plain values, so that a process can run many. */
export interface AgentOptions {
  hubUrl: string;
  /** The name to join under; later the one the hub gave it counts. */
  cluster: string;
  /** Needed until the first join has succeeded; used once. */
  joinToken?: string;
  kubernetes: KubernetesConnection;
  /** Folder for cached bundles; losing it costs downloads. */
  dataDir: string;
  agentVersion: string;
  logger: Log;
  ceiling?: Ceiling;
  clock?: Clock;
  ids?: Ids;
  /** 0 to 1, for spreading retries. */
  random?: () => number;
  /** Authorities that the hub's certificate may come from beside the system's, PEM. */
  hubCa?: string;
  /** HTTP to the hub, shared by agents of one process; the agent's own when left out. */
  hubDispatcher?: Dispatcher;
  /** Requests to the member's API at one time, apart from watches. Default 8. */
  connections?: number;
  /** Applications worked on at one time. Default 4. */
  concurrency?: number;
  intervals?: Partial<AgentIntervals>;
}

export interface AgentIntervals {
  /** How long verdicts are gathered before they are sent. */
  reportMs: number;
  /** How often a pass that waits looks again without an event. */
  recheckMs: number;
  /** How often discovery is repeated and what nobody uses is dropped. */
  housekeepingMs: number;
}

export const DEFAULT_INTERVALS: AgentIntervals = { reportMs: 100, recheckMs: 5_000, housekeepingMs: 300_000 };

/** Options with every default filled in. */
export type SettledOptions = Required<Omit<AgentOptions, 'joinToken' | 'hubCa' | 'intervals'>> &
  Pick<AgentOptions, 'joinToken'> & { intervals: AgentIntervals };
