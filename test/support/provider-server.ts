import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, or as it is where it is text. */
  body?: unknown;
  /** Only the headers and one byte are sent, and the connection stays open. */
  stalls?: boolean;
  /** Nothing is sent before. */
  after?: Promise<void>;
}

export interface Asked {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Answer = Reply | ((asked: Asked) => Reply);

/** A provider's API on a local port: replies by path with its query sorted, or by path alone; 404 for anything else. */
export class ProviderServer {
  readonly asked: Asked[] = [];
  private readonly server: Server;
  private answers: Record<string, Answer> = {};

  private constructor(private readonly tls?: { cert: string; key: string }) {
    const reply = (request: IncomingMessage, response: ServerResponse) => void this.reply(request, response);
    this.server = tls ? createTlsServer(tls, reply) : createServer(reply);
  }

  static async start(tls?: { cert: string; key: string }): Promise<ProviderServer> {
    const provider = new ProviderServer(tls);
    await new Promise<void>((resolve) => provider.server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Replaces what is answered, and forgets what was asked. */
  serve(answers: Record<string, Answer>): this {
    this.answers = answers;
    this.asked.length = 0;
    return this;
  }

  paths(): string[] {
    return this.asked.map(({ url }) => url);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const asked = { method, url, headers, body: Buffer.concat(chunks).toString() };
    this.asked.push(asked);
    const answer = this.answers[sorted(url)] ?? this.answers[url.split('?')[0] ?? ''] ?? { status: 404, body: {} };
    const {
      status = 200,
      headers: more = {},
      body,
      stalls,
      after,
    } = typeof answer === 'function' ? answer(asked) : answer;
    await after;
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    if (stalls) response.write('[');
    else response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

function sorted(url: string): string {
  const [path = '', query] = url.split('?');
  return query === undefined ? path : `${path}?${query.split('&').sort().join('&')}`;
}
