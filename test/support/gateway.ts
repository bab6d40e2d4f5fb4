import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { AccessModule } from '../../src/access/access.module.js';
import { PolicySource } from '../../src/access/policy-source.js';
import { ApiErrorFilter } from '../../src/api/errors/api-error.filter.js';
import { ApiErrors } from '../../src/api/errors/api-errors.js';
import { AuditModule } from '../../src/audit/audit.module.js';
import { JoinTokensService } from '../../src/clusters/join/join-tokens.service.js';
import { ClustersModule } from '../../src/clusters/clusters.module.js';
import type { CommitListener } from '../../src/database/commit-listener.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { BundleReader, type StoredBundle } from '../../src/dispatch/gateway/bundle-reader.js';
import { GatewayModule } from '../../src/dispatch/gateway/gateway.module.js';
import { ReportSink, type AcceptedReport } from '../../src/dispatch/gateway/report-sink.js';
import { DeliveriesStore } from '../../src/dispatch/gateway/deliveries/deliveries-store.js';
import { DigestDocuments } from '../../src/dispatch/gateway/deliveries/digest-documents.js';
import type { DeliveryWrite } from '../../src/dispatch/gateway/deliveries/stored-delivery.js';
import { watchEventSchema, type WatchEvent } from '../../src/dispatch/protocol/delivery.js';
import type { JoinResponse, SessionResponse } from '../../src/dispatch/protocol/join.js';
import { Clock } from '../../src/kernel/clock.js';
import { Log } from '../../src/kernel/log.js';
import { readLines } from '../../src/kernel/lines.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { ADMIN } from './clusters.js';
import { HeldClock } from './held-clock.js';
import { listenToCommits } from './commit-listener.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { RecordingLog } from './recording-log.js';

const ids = new RandomIds();

export class MemoryBundles extends BundleReader {
  readonly stored = new Map<string, StoredBundle>();

  async read(digest: string, most = Infinity): Promise<StoredBundle | undefined> {
    const bundle = this.stored.get(digest);
    return bundle && bundle.gzip.length <= most ? bundle : undefined;
  }
}

export class MemorySink extends ReportSink {
  readonly accepted: { clusterUid: string; report: AcceptedReport }[] = [];
  failure: Error | undefined;

  async accept(reports: readonly AcceptedReport[]): Promise<void> {
    if (this.failure) throw this.failure;
    this.accepted.push(...reports.map((report) => ({ clusterUid: report.clusterUid, report })));
  }
}

export interface TestGateway {
  url: string;
  db: TestDatabase;
  log: RecordingLog;
  clock: HeldClock;
  bundles: MemoryBundles;
  sink: MemorySink;
  deliveries: DeliveriesStore;
  documents: DigestDocuments;
  app: NestFastifyApplication;
  join(cluster: string): Promise<TestAgent>;
  /** Commits deliveries; answers the position. */
  deliver(...writes: DeliveryWrite[]): Promise<number | undefined>;
  close(): Promise<void>;
}

/** A hub's gateway over HTTP, on a database of its own; only bundles and verdicts stay in memory. */
export async function startGateway({ heartbeatMs = 15_000 } = {}): Promise<TestGateway> {
  const db = await createTestDatabase();
  const commits = await listenToCommits(db.url);
  const log = new RecordingLog();
  const clock = new HeldClock(new Date());
  const app = await createApp({ db, commits, log, clock, heartbeatMs });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const deliveries = app.get(DeliveriesStore, { strict: false });
  return {
    url,
    db,
    log,
    clock,
    app,
    deliveries,
    bundles: app.get(MemoryBundles, { strict: false }),
    sink: app.get(MemorySink, { strict: false }),
    documents: app.get(DigestDocuments, { strict: false }),
    join: async (cluster) => {
      const { secret } = await app.get(JoinTokensService, { strict: false }).create(ADMIN, {});
      return joinAgent({ url, clock }, secret, cluster);
    },
    deliver: async (...writes) => (await db.transactions.commit((tx) => deliveries.put(tx, writes))).position,
    close: async () => {
      await app.close();
      await commits.stop();
      await db.close();
    },
  };
}

async function createApp({
  db,
  commits,
  log,
  clock,
  heartbeatMs,
}: {
  db: TestDatabase;
  commits: CommitListener;
  log: RecordingLog;
  clock: HeldClock;
  heartbeatMs: number;
}): Promise<NestFastifyApplication> {
  @Global()
  @Module({
    providers: [
      { provide: Log, useValue: log },
      { provide: PolicySource, useValue: { policiesOf: async () => [] } },
    ],
    exports: [Log, PolicySource],
  })
  class SurroundingsModule {}

  @Module({ providers: [MemoryBundles, MemorySink], exports: [MemoryBundles, MemorySink] })
  class FeatureModule {}

  const testing = await Test.createTestingModule({
    imports: [
      SurroundingsModule,
      DatabaseModule.of({ dataSource: db.dataSource, commits }),
      AuditModule,
      AccessModule,
      ClustersModule,
      GatewayModule.of({
        imports: [FeatureModule],
        bundles: MemoryBundles,
        reports: MemorySink,
        options: { heartbeatMs },
      }),
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(
    new FastifyAdapter({ forceCloseConnections: true }),
    { logger: false },
  );
  app.useGlobalFilters(new ApiErrorFilter(new ApiErrors(log)));
  return app;
}

export interface Claims {
  issuer?: string;
  audience?: string;
  issuedAt?: number;
  lifetime?: number;
  jti?: string;
  key?: CryptoKey;
}

/** An agent as the protocol has it, without a cluster: it signs, asks and listens. */
export class TestAgent {
  session = '';

  constructor(
    private readonly hub: { url: string; clock: Clock },
    readonly joined: JoinResponse,
    readonly keys: { privateKey: CryptoKey; publicKey: string },
  ) {}

  get clusterUid(): string {
    return this.joined.clusterUid;
  }

  async assertion(claims: Claims = {}): Promise<string> {
    const issuedAt = claims.issuedAt ?? Math.floor(this.hub.clock.now().getTime() / 1000);
    const issuer = claims.issuer ?? this.clusterUid;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(issuer)
      .setSubject(issuer)
      .setAudience(claims.audience ?? this.joined.hubId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + (claims.lifetime ?? 60))
      .setJti(claims.jti ?? ids.uuid())
      .sign(claims.key ?? this.keys.privateKey);
  }

  async get(path: string, assertion?: string, signal?: AbortSignal): Promise<Response> {
    const authorization = `Bearer ${assertion ?? (await this.assertion())}`;
    return fetch(`${this.hub.url}/agent/v1/${path}`, { headers: { authorization }, ...(signal ? { signal } : {}) });
  }

  async post(path: string, body: unknown): Promise<Response> {
    const headers = { authorization: `Bearer ${await this.assertion()}`, 'content-type': 'application/json' };
    return fetch(`${this.hub.url}/agent/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async openSession(): Promise<SessionResponse> {
    const facts = { kubernetesVersion: 'v1.36.0', agentVersion: '0.1.0', apis: [] };
    const kubeSystemUid = `uid-of-${this.joined.cluster}`;
    const answer = await this.post('sessions', { protocolVersions: [1], kubeSystemUid, facts });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    const opened = (await answer.json()) as SessionResponse;
    this.session = opened.session;
    return opened;
  }

  /** Opens a session if there is none, and a watch in it. */
  async watch(since?: string): Promise<TestWatch> {
    if (this.session === '') await this.openSession();
    const query = new URLSearchParams({ session: this.session, ...(since === undefined ? {} : { since }) });
    const abort = new AbortController();
    const answer = await this.get(`watch?${query.toString()}`, undefined, abort.signal);
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return new TestWatch(answer.body as unknown as AsyncIterable<Uint8Array>, abort);
  }
}

/** Reads a watch event by event. */
export class TestWatch {
  private readonly lines: AsyncGenerator<string>;

  constructor(
    body: AsyncIterable<Uint8Array>,
    private readonly abort: AbortController,
  ) {
    this.lines = readLines(body, 1_000_000);
  }

  /** The next event; undefined once the hub has ended the stream. */
  async next(): Promise<WatchEvent | undefined> {
    const { value, done } = await this.lines.next();
    return done ? undefined : watchEventSchema.parse(JSON.parse(value as string));
  }

  /** Events up to and with the first of a type. */
  async until(type: WatchEvent['type']): Promise<WatchEvent[]> {
    const events: WatchEvent[] = [];
    while (events.at(-1)?.type !== type) {
      const event = await this.next();
      if (!event) throw new Error(`the stream ended before "${type}": ${JSON.stringify(events)}`);
      events.push(event);
    }
    return events;
  }

  close(): void {
    this.abort.abort();
  }
}

export async function postJoin(url: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/agent/v1/join`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function joinAgent(
  { url, clock }: { url: string; clock: Clock },
  token: string,
  cluster: string,
): Promise<TestAgent> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const x = (await exportJWK(publicKey)).x ?? '';
  const answer = await postJoin(url, {
    token,
    cluster,
    publicKey: x,
    kubeSystemUid: `uid-of-${cluster}`,
    protocolVersions: [1],
    agentVersion: '0.1.0',
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return new TestAgent({ url, clock }, (await answer.json()) as JoinResponse, { privateKey, publicKey: x });
}

export function delivery(clusterUid: string, rest: Partial<DeliveryWrite> = {}): DeliveryWrite {
  return {
    clusterUid,
    applicationUid: ids.uuid(),
    ownerKind: 'Application',
    application: 'guestbook',
    applicationNamespace: 'argocd',
    project: 'default',
    intent: 'apply',
    bundleDigest: 'sha256:b',
    projectDigest: 'sha256:p',
    settingsDigest: 'sha256:s',
    heldPrunes: [],
    objects: [],
    ...rest,
  };
}
