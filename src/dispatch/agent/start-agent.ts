import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { backoffMs } from '../../kernel/backoff.js';
import { SystemClock } from '../../kernel/clock.js';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { RandomIds } from '../../kernel/ids.js';
import { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';
import { readJoinToken } from '../protocol/join-token.js';
import { DEFAULT_INTERVALS, type AgentOptions, type SettledOptions } from './agent-options.js';
import { assembleAgent } from './assemble-agent.js';
import { HubClient } from './hub-client.js';
import { hubDispatcher, type HubTrust } from './hub-dispatcher.js';
import { loadIdentity, storedPin, type Identity } from './identity.js';
import { MemberMemory } from './member-memory.js';

export interface RunningAgent {
  /** As the hub knows it. */
  cluster: string;
  clusterUid: string;
  /** Finishes what is under way and closes every connection; the cluster keeps all the agent knows. */
  stop(): Promise<void>;
}

/**
 * Starts the agent of one cluster. Resolves when it has its identity and works on what it remembers; the hub need not be
 * there, except for the very first start, which waits for the join. Throws when the hub refuses the join.
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const client = new KubernetesClient(options.kubernetes, { connections: options.connections ?? CONNECTIONS });
  const stopping = new AbortController();
  const memory = new MemberMemory(client);
  let own: Dispatcher | undefined;
  const close = async (): Promise<void> => {
    stopping.abort();
    await client.close();
    await own?.destroy();
  };
  try {
    await memory.prepare();
    own = options.hubDispatcher === undefined ? hubDispatcher(await trustOf(client, options)) : undefined;
    const settled = withDefaults(options, own);
    const identity = await joined(client, settled, stopping.signal);
    const { cluster, clusterUid } = identity.joined;
    const run = await assembleAgent({ client, memory, identity, settled, signal: stopping.signal });
    return { cluster, clusterUid, stop: () => run.stop(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

const CONNECTIONS = 8;

/** What a join token says counts: with a new one an admin makes a joined agent trust a hub's new authority. */
async function trustOf(client: KubernetesClient, { joinToken, hubCa }: AgentOptions): Promise<HubTrust> {
  const told = joinToken === undefined ? undefined : readJoinToken(joinToken).pin;
  const pin = told ?? (await storedPin(client));
  return { ...(pin === undefined ? {} : { pin }), ...(hubCa === undefined ? {} : { ca: hubCa }) };
}

function withDefaults(options: AgentOptions, own: Dispatcher | undefined): SettledOptions {
  return {
    ceiling: {},
    clock: new SystemClock(),
    ids: new RandomIds(),
    random: Math.random,
    connections: CONNECTIONS,
    concurrency: 4,
    ...options,
    hubDispatcher: (options.hubDispatcher ?? own) as Dispatcher,
    intervals: { ...DEFAULT_INTERVALS, ...options.intervals },
  };
}

const JOIN_PAUSE = { firstMs: 500, longestMs: 30_000 };

/** Waits for a hub that cannot be reached; a hub that refuses is an answer. */
async function joined(client: KubernetesClient, settled: SettledOptions, signal: AbortSignal): Promise<Identity> {
  const { hubUrl: url, hubDispatcher: dispatcher } = settled;
  const hub = new HubClient({ url, dispatcher, assertion: () => Promise.reject(new Error('not joined yet')) });
  for (let failures = 1; ; failures += 1) {
    try {
      return await loadIdentity(client, {
        ...settled,
        joinToken: settled.joinToken,
        join: (request) => hub.join(request),
      });
    } catch (error) {
      if (error instanceof FleetError && error.kind !== 'unavailable' && error.kind !== 'too-many') throw error;
      settled.logger.warn({ err: messageOf(error), failures }, 'cannot join yet; trying again');
      await sleep(backoffMs(failures, JOIN_PAUSE, settled.random), undefined, { signal });
    }
  }
}
