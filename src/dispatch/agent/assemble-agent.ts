import type { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';
import type { DeliverySettings } from '../protocol/delivery.js';
import { AgentEngine } from './agent-engine.js';
import type { SettledOptions } from './agent-options.js';
import { ApiCatalog } from './api-catalog.js';
import type { ApplicationRecord } from './application-record.js';
import { BundleStore } from './bundle-store.js';
import { ContentsAtHand } from './contents-at-hand.js';
import { Housekeeping } from './housekeeping.js';
import { HubClient } from './hub-client.js';
import { HubDocuments } from './hub-documents.js';
import { HubSession } from './hub-session.js';
import { assertionSigner, type Identity } from './identity.js';
import { LiveObjects } from './live-objects.js';
import { ManagedApplications } from './managed-applications.js';
import { MemberFacts } from './member-facts.js';
import type { Memory, MemberMemory } from './member-memory.js';
import { Reporter } from './reporter.js';

export interface AgentParts {
  client: KubernetesClient;
  memory: MemberMemory;
  identity: Identity;
  settled: SettledOptions;
  signal: AbortSignal;
}

export interface AssembledAgent {
  /** Lets passes finish, then closes. */
  stop(close: () => Promise<void>): Promise<void>;
}

/** Wires an agent that has its identity, and sets it to work on what the member remembers. */
export async function assembleAgent(parts: AgentParts): Promise<AssembledAgent> {
  const { client, memory, identity, settled, signal } = parts;
  const remembered = await memory.load();
  const hub = new HubClient({
    url: settled.hubUrl,
    dispatcher: settled.hubDispatcher,
    assertion: await assertionSigner(identity, settled.clock, settled.ids),
  });
  const { random, logger, intervals } = settled;
  const manner = { random, logger, signal };
  const reporter: Reporter = new Reporter({
    ...manner,
    send: (report) => hub.report(report),
    onSessionEnded: () => session.ended(),
    debounceMs: intervals.reportMs,
  });
  const catalog = new ApiCatalog(client, () => reporter.putFacts(facts.known()));
  const facts: MemberFacts = new MemberFacts(client, catalog, settled.agentVersion);
  await facts.read();
  const contents = new ContentsAtHand();
  const engine = buildEngine(parts, { hub, contents, reporter, catalog, facts, remembered });
  const { kubeSystemUid, joined } = identity;
  const ends = { hub, contents, engine, reporter, hubId: joined.hubId, kubeSystemUid };
  const session: HubSession = new HubSession({ ...manner, ...ends, facts: () => facts.read() });
  const housekeeping = new Housekeeping({ engine, facts, everyMs: intervals.housekeepingMs });
  logger.info({ ...joined, applications: remembered.records.length }, 'agent started');
  return setToWork({ engine, session, housekeeping });
}

function setToWork({ engine, session, housekeeping }: WorkingParts): AssembledAgent {
  engine.resume();
  const talking = session.run();
  housekeeping.start();
  return {
    async stop(close) {
      housekeeping.stop();
      await engine.stop();
      await close();
      await talking;
    },
  };
}

interface WorkingParts {
  engine: AgentEngine;
  session: HubSession;
  housekeeping: Housekeeping;
}

interface EngineParts {
  hub: HubClient;
  contents: ContentsAtHand;
  reporter: Reporter;
  catalog: ApiCatalog;
  facts: MemberFacts;
  remembered: Memory;
}

function buildEngine(
  parts: AgentParts,
  { hub, contents, reporter, catalog, facts, remembered }: EngineParts,
): AgentEngine {
  const { client, memory, identity, settled, signal } = parts;
  const { clock, ids, logger, random, ceiling } = settled;
  const { hubId, clusterUid, cluster } = identity.joined;
  const applications = new ManagedApplications();
  const live = new LiveObjects({
    client,
    hubId,
    signal,
    random,
    logger,
    desiredFor: (key, instance) => applications.desiredFor(key, instance),
    onChange: (key) => engine.objectChanged(key),
    onServed: () => void facts.read(),
  });
  const bundles = new BundleStore(settled.dataDir, ids, async (digest) => {
    return contents.take(digest) ?? hub.bundle(digest);
  });
  const download = async (collection: 'projects' | 'settings', digest: string): Promise<unknown> => {
    const text = contents.take(digest);
    return text === undefined ? hub.document(collection, digest) : JSON.parse(text);
  };
  const documents = new HubDocuments(memory, download, {
    projects: remembered.projects,
    settings: rememberedSettings(remembered.records),
  });
  const work = { client, catalog, live, memory, applications, bundles, documents };
  const engine: AgentEngine = new AgentEngine(
    { ...work, clock, logger, hubId, cluster, ceiling, recheckMs: settled.intervals.recheckMs },
    {
      clusterUid,
      concurrency: settled.concurrency,
      random,
      publish: (report) => reporter.put(report),
      publishUnowned: (uids) => reporter.putUnowned(uids),
    },
    remembered,
  );
  return engine;
}

function rememberedSettings(records: readonly ApplicationRecord[]): Map<string, DeliverySettings> {
  const settings = new Map<string, DeliverySettings>();
  for (const record of records) {
    if (record.settings && record.judged?.settingsDigest) settings.set(record.judged.settingsDigest, record.settings);
  }
  return settings;
}
