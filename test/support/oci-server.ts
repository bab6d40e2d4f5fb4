import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestBytes } from '../../src/kernel/digest.js';

type Auth = 'none' | 'basic' | 'token';

const USER = 'reader:s3cret';

/** A small OCI registry on loopback, enough for `helm push`: blobs, manifests, tags in pages, and three ways to let in. */
export class OciServer {
  readonly asked: { method: string; path: string; authorization: string | undefined }[] = [];
  readonly blobs = new Map<string, Buffer>();
  /** By `name:reference`. */
  readonly manifests = new Map<string, { type: string; body: Buffer }>();
  readonly tags = new Map<string, string[]>();
  auth: Auth = 'none';
  isDown = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OciServer> {
    const server = createServer((request, response) => void registry.reply(request, response));
    const registry = new OciServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** As Applications name it: without a scheme. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  count(method: string, pattern: RegExp): number {
    return this.asked.filter((each) => each.method === method && pattern.test(each.path)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url: target = '/', headers } = request;
    const url = new URL(target, `http://${this.host}`);
    this.asked.push({ method, path: target, authorization: headers.authorization });
    if (this.isDown) return void response.writeHead(503).end();
    if (url.pathname === '/token') return this.giveToken(url, headers.authorization, response);
    if (!this.lets(headers.authorization)) return this.challenge(response);
    if (url.pathname === '/v2/') return void response.writeHead(200).end('{}');
    const body = Buffer.concat(chunks);
    const route = /^\/v2\/(.+)\/(blobs|manifests|tags)\/(.*)$/.exec(url.pathname);
    if (route === null) return void response.writeHead(404).end();
    const [, name = '', kind = '', rest = ''] = route;
    if (kind === 'tags') return this.listTags(name, url, response);
    if (kind === 'blobs') return this.blob({ method, name, rest, url, body }, response);
    this.manifest({ method, name, rest, type: headers['content-type'] ?? '', body }, response);
  }

  private lets(authorization = ''): boolean {
    if (this.auth === 'none') return true;
    return this.auth === 'basic' ? authorization === basic() : authorization === 'Bearer a-token';
  }

  private challenge(response: ServerResponse): void {
    const realm = `http://${this.host}/token`;
    const how = this.auth === 'basic' ? 'Basic realm="charts"' : `Bearer realm="${realm}",service="charts"`;
    response.writeHead(401, { 'www-authenticate': how }).end();
  }

  private giveToken(url: URL, authorization: string | undefined, response: ServerResponse): void {
    if (authorization !== basic() || !url.searchParams.get('scope')?.startsWith('repository:')) {
      return void response.writeHead(401).end();
    }
    response.writeHead(200).end(JSON.stringify({ token: 'a-token', expires_in: 300 }));
  }

  private listTags(name: string, url: URL, response: ServerResponse): void {
    const all = this.tags.get(name) ?? [];
    const size = Math.min(Number(url.searchParams.get('n') ?? 100), 100);
    const start = Number(url.searchParams.get('last') ?? 0);
    const next = `</v2/${name}/tags/list?n=${size}&last=${start + size}>; rel="next"`;
    const headers = start + size < all.length ? { link: next } : {};
    response.writeHead(200, headers).end(JSON.stringify({ name, tags: all.slice(start, start + size) }));
  }

  private blob(
    { method, name, rest, url, body }: { method: string; name: string; rest: string; url: URL; body: Buffer },
    response: ServerResponse,
  ): void {
    if (method === 'POST') return void response.writeHead(202, { location: `/v2/${name}/blobs/uploads/1` }).end();
    if (method === 'PUT') {
      this.blobs.set(url.searchParams.get('digest') ?? digestBytes(body), body);
      return void response.writeHead(201, { location: `/v2/${name}/blobs/${rest}` }).end();
    }
    const found = this.blobs.get(rest);
    if (found === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': found.length, 'docker-content-digest': rest });
    response.end(method === 'HEAD' ? undefined : found);
  }

  private manifest(
    { method, name, rest, type, body }: { method: string; name: string; rest: string; type: string; body: Buffer },
    response: ServerResponse,
  ): void {
    const key = (reference: string): string => `${name}:${reference}`;
    if (method === 'PUT') {
      this.manifests.set(key(digestBytes(body)), { type, body });
      this.manifests.set(key(rest), { type, body });
      if (!rest.startsWith('sha256:')) this.tags.set(name, [...new Set([...(this.tags.get(name) ?? []), rest])]);
      return void response.writeHead(201, { 'docker-content-digest': digestBytes(body) }).end();
    }
    const found = this.manifests.get(key(rest));
    if (found === undefined) return void response.writeHead(404).end();
    const headers = { 'content-type': found.type, 'content-length': found.body.length };
    response.writeHead(200, { ...headers, 'docker-content-digest': digestBytes(found.body) });
    response.end(method === 'HEAD' ? undefined : found.body);
  }
}

function basic(): string {
  return `Basic ${Buffer.from(USER).toString('base64')}`;
}
