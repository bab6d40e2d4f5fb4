import { FleetRemoteReader, type FleetRemoteOptions } from '../../src/expansion/fetchers/fleet-remote-reader.js';
import type { GeneratorConfigSource } from '../../src/expansion/fetchers/generator-config-source.js';
import type { HubAws } from '../../src/expansion/fetchers/provider-door.js';
import { KeptAnswers } from '../../src/expansion/fetchers/kept-answers.js';
import { RemoteHttp, type RemoteHttpOptions } from '../../src/expansion/fetchers/remote-http.js';
import type { ScmPolicy } from '../../src/expansion/fetchers/scm-policy.js';
import type { SecretReference, TokenSource } from '../../src/expansion/fetchers/token-source.js';
import type { DecisionDocument, RemoteReader } from '../../src/expansion/remote-reader.js';
import type { ReadFailure } from '../../src/expansion/reader.js';
import type { Clock } from '../../src/kernel/clock.js';
import { fail, ok, type Result } from '../../src/kernel/result.js';
import { HeldClock } from './held-clock.js';
import { MemoryExpansionReader } from './memory-expansion-reader.js';

export interface RemoteWorld {
  clock?: Clock;
  policy?: Partial<ScmPolicy>;
  /** By `namespace/name/key`. */
  secrets?: Record<string, string>;
  configMaps?: Record<string, Record<string, string>>;
  decisions?: Record<string, DecisionDocument[]>;
  publicApis?: Record<string, string>;
  http?: Partial<RemoteHttpOptions>;
  answers?: KeptAnswers;
  refreshedAt?: number;
  aws?: HubAws;
  patienceMs?: number;
}

export const TOKEN = { secretName: 'scm', key: 'token' };
export const SECRETS = { 'argocd/scm/token': 'letmein' };

/** Remote inputs of the set `argocd/set`, as the hub asks them, with private addresses allowed unless told otherwise. */
export function remoteReader(world: RemoteWorld = {}): RemoteReader {
  const clock = world.clock ?? new HeldClock();
  const options: FleetRemoteOptions = {
    clock,
    aws: world.aws,
    patienceMs: world.patienceMs,
    http: new RemoteHttp({ clock, ...world.http }),
    tokens: tokensOf(world.secrets ?? {}),
    configs: configsOf(world),
    policy: { enabled: true, allowedProviders: [], allowPrivate: true, ...world.policy },
    namespace: 'argocd',
    publicApis: world.publicApis ?? {},
    answers: world.answers ?? new KeptAnswers(clock),
    setName: 'set',
    refreshedAt: world.refreshedAt ?? 0,
  };
  return new FleetRemoteReader(options);
}

/** Clusters in memory and these remote inputs. */
export function readerWith(
  remote: RemoteReader,
  clusters: ConstructorParameters<typeof MemoryExpansionReader>[0] = [],
) {
  return Object.assign(new MemoryExpansionReader(clusters), { remote });
}

function tokensOf(secrets: Record<string, string>): TokenSource {
  return {
    token: async (namespace: string, { secretName, key }: SecretReference): Promise<Result<string, ReadFailure>> => {
      const value = secrets[`${namespace}/${secretName}/${key}`];
      if (value !== undefined) return ok(value);
      return fail({ code: 'SCM_TOKEN_MISSING', message: `no Secret ${secretName} with key ${key}` });
    },
  };
}

function configsOf({ configMaps = {}, decisions = {} }: RemoteWorld): GeneratorConfigSource {
  return {
    configMap: async (name) => {
      const found = configMaps[name];
      return found ? ok(found) : fail({ code: 'CONFIG_MAP_MISSING', message: `no ConfigMap ${name}` });
    },
    decisions: async ({ plural }) => {
      const found = decisions[plural];
      return found ? ok(found) : fail({ code: 'DECISIONS_NOT_KEPT', message: `no ${plural}` });
    },
  };
}
