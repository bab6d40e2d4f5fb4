import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { importJWK, jwtVerify } from 'jose';
import { decodeCursor, encodeCursor } from '../../src/dispatch/protocol/cursor.js';
import {
  deliverySchema,
  settingsSchema,
  snapshotDigest,
  type Delivery,
  type DeliverySettings,
  type Operation,
  type WatchEvent,
} from '../../src/dispatch/protocol/delivery.js';
import { joinRequestSchema, sessionRequestSchema, type SessionRequest } from '../../src/dispatch/protocol/join.js';
import { reportSchema, type ApplicationReport, type Report } from '../../src/dispatch/protocol/report.js';
import { canonicalJson } from '../../src/kernel/json.js';
import { digestJson } from '../../src/kernel/digest.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { encodeBundle } from '../../src/rendering/domain/bundle.js';

export interface Order {
  uid: string;
  objects?: KubernetesObject[];
  intent?: Delivery['intent'];
  settings?: Partial<DeliverySettings>;
  project?: Record<string, unknown>;
  heldPrunes?: string[];
  operation?: Partial<Operation>;
  /** Another position than the next one, for hubs that forget. */
  position?: number;
}

const OPEN_PROJECT = {
  destinations: [{ server: '*', namespace: '*' }],
  clusterResourceWhitelist: [{ group: '*', kind: '*' }],
};

/** A hub as small as the protocol: rows, documents by digest, one agent. It checks what it is sent as strictly as the real one. */
export class StubHub {
  hubId = 'hub-1';
  epoch = 'epoch-1';
  readonly rows = new Map<string, Delivery>();
  readonly documents = new Map<string, string>();
  readonly verdicts = new Map<string, ApplicationReport>();
  readonly reports: Report[] = [];
  readonly sessions: SessionRequest[] = [];
  readonly joins: string[] = [];
  /** Changes a bundle on its way out. */
  tamper: (text: string) => string = (text) => text;
  /** Changes a snapshot's lines on their way out. */
  tamperSnapshot: (events: WatchEvent[]) => WatchEvent[] = (events) => events;
  session = '';
  position = 0;
  private readonly tokens = new Set<string>();
  private publicKey = '';
  private streams = new Set<ServerResponse>();
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Nobody answers at its address until `start`. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server?.close(() => resolve()));
    this.server?.closeAllConnections();
    this.streams.clear();
    await closed;
  }

  mint(token: string): string {
    this.tokens.add(token);
    return token;
  }

  deliver(order: Order): Delivery {
    const { digest, text } = encodeBundle(order.objects ?? []);
    this.documents.set(digest, text);
    const settings = settingsSchema.parse({ ...defaultSettings(order.uid), ...order.settings });
    this.position = order.position ?? this.position + 1;
    const delivery = deliverySchema.parse({
      hubId: this.hubId,
      epoch: this.epoch,
      clusterUid: 'uid-of-cluster',
      applicationUid: order.uid,
      position: this.position,
      intent: order.intent ?? 'apply',
      bundleDigest: digest,
      projectDigest: this.document({ name: settings.project, spec: order.project ?? OPEN_PROJECT }),
      settingsDigest: this.document(settings),
      heldPrunes: order.heldPrunes ?? [],
      operation: order.operation ? operationOf(order.operation, digest) : null,
      signatures: [],
    });
    this.rows.set(order.uid, delivery);
    this.send({ type: 'delivery', delivery });
    this.send({ type: 'bookmark', cursor: this.cursor() });
    return delivery;
  }

  /** Ends every stream, as a restart of a replica does. */
  hangUp(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  private document(value: unknown): string {
    const digest = digestJson(value);
    this.documents.set(digest, canonicalJson(value));
    return digest;
  }

  private cursor(): string {
    return encodeCursor({ hubId: this.hubId, epoch: this.epoch, position: this.position });
  }

  private send(event: WatchEvent): void {
    for (const stream of this.streams) stream.write(`${JSON.stringify(event)}\n`);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', this.url);
      const body = await bodyOf(request);
      if (url.pathname === '/agent/v1/join') return this.join(body, response);
      await this.authenticate(request);
      if (url.pathname === '/agent/v1/sessions') return this.open(body, response);
      if (url.pathname === '/agent/v1/watch') return this.watch(url, response);
      if (url.pathname === '/agent/v1/reports') return this.report(body, response);
      const [, , , collection, digest = ''] = url.pathname.split('/');
      this.fetch(collection ?? '', decodeURIComponent(digest), response);
    } catch (error) {
      refuse(response, 401, 'UNAUTHENTICATED', String(error));
    }
  }

  private join(body: unknown, response: ServerResponse): void {
    const request = joinRequestSchema.parse(body);
    this.joins.push(request.token);
    if (!this.tokens.delete(request.token)) return refuse(response, 403, 'JOIN_TOKEN', 'the join token is not valid');
    this.publicKey = request.publicKey;
    const { hubId } = this;
    answer(response, { hubId, clusterUid: 'uid-of-cluster', cluster: request.cluster, protocolVersion: 1 });
  }

  private async authenticate(request: IncomingMessage): Promise<void> {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: this.publicKey }, 'EdDSA');
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const claims = { issuer: 'uid-of-cluster', subject: 'uid-of-cluster', audience: this.hubId, maxTokenAge: 90 };
    await jwtVerify(token, key, { ...claims, requiredClaims: ['jti', 'exp'] });
  }

  private open(body: unknown, response: ServerResponse): void {
    this.sessions.push(sessionRequestSchema.parse(body));
    this.session = `session-${this.sessions.length}`;
    const { session, hubId, epoch } = this;
    answer(response, { session, hubId, epoch, protocolVersion: 1 });
  }

  private watch(url: URL, response: ServerResponse): void {
    if (url.searchParams.get('session') !== this.session)
      return refuse(response, 409, 'SESSION_ENDED', 'another session');
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const since = decodeCursor(url.searchParams.get('since') ?? '');
    const usable = since?.epoch === this.epoch && since.hubId === this.hubId;
    const rows = [...this.rows.values()].filter(({ position }) => !usable || position > since.position);
    const deliveries = rows.map((delivery): WatchEvent => ({ type: 'delivery', delivery }));
    const cursor = this.cursor();
    const events: WatchEvent[] = usable
      ? [...deliveries, { type: 'bookmark', cursor }]
      : this.tamperSnapshot([
          { type: 'snapshot' },
          ...deliveries,
          { type: 'snapshot-end', count: rows.length, digest: snapshotDigest(rows), cursor },
        ]);
    for (const event of events) response.write(`${JSON.stringify(event)}\n`);
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  private report(body: unknown, response: ServerResponse): void {
    const report = reportSchema.parse(body);
    if (report.session !== this.session) return refuse(response, 409, 'SESSION_ENDED', 'another session');
    this.reports.push(report);
    for (const verdict of report.applications) {
      this.verdicts.set(verdict.applicationUid, verdict);
      const row = this.rows.get(verdict.applicationUid);
      if (verdict.gone && row?.position === verdict.position) this.rows.delete(verdict.applicationUid);
    }
    response.writeHead(204).end();
  }

  private fetch(collection: string, digest: string, response: ServerResponse): void {
    const text = this.documents.get(digest);
    if (text === undefined) return refuse(response, 404, 'NOT_FOUND', `no ${collection} ${digest}`);
    const bytes = gzipSync(collection === 'bundles' ? this.tamper(text) : text);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bytes);
  }
}

export function defaultSettings(uid: string): DeliverySettings {
  return {
    application: uid,
    applicationNamespace: 'argocd',
    ownerKind: 'Application',
    project: 'team-a',
    instance: uid,
    destinationNamespace: 'shop',
    automated: true,
    prune: true,
    selfHeal: true,
    syncOptions: ['CreateNamespace=true'],
  };
}

function operationOf(operation: Partial<Operation>, bundleDigest: string): Operation {
  return { id: 'op-1', bundleDigest, prune: false, notAfter: '2100-01-01T00:00:00Z', initiatedBy: 'ann', ...operation };
}

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code, message, hint: '' }));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
}
