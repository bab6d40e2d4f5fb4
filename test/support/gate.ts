import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Matches = (method: string, path: string, body: string) => boolean;

/** `request`: it never arrives. `answer`: it was carried out, and the caller never learns that. */
export type Withheld = 'request' | 'answer';

/**
 * Stands in front of a server. What it is told to stop it holds for good, so that the caller can be killed at exactly
 * that point; everything after it from the same caller is let through.
 */
export class Gate {
  private readonly server: Server;
  private trap: { matches: Matches; withheld: Withheld; caught: () => void } | undefined;

  private constructor(private readonly target: URL) {
    this.server = createServer((request, response) => void this.pass(request, response));
  }

  static async before(url: string): Promise<Gate> {
    const gate = new Gate(new URL(url));
    await new Promise<void>((resolve) => gate.server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${this.target.pathname.replace(/\/$/, '')}`;
  }

  /** Resolves when the next matching request is held. */
  hold(withheld: Withheld, matches: Matches): Promise<void> {
    return new Promise((resolve) => (this.trap = { matches, withheld, caught: resolve }));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const held = this.caught(request, body.toString('utf8'));
    if (held?.withheld === 'request') return held.caught();
    const { hostname, port } = this.target;
    const { method = 'GET', url = '/', headers } = request;
    const onward = forward({ hostname, port, method, path: url, headers }, (answer) => {
      if (held) {
        answer.resume();
        return void answer.once('end', held.caught);
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    response.on('close', () => onward.destroy());
    onward.on('error', () => response.destroy());
    onward.end(body);
  }

  private caught({ method = '', url = '' }: IncomingMessage, body: string): Gate['trap'] {
    const { trap } = this;
    if (!trap?.matches(method, url, body)) return undefined;
    this.trap = undefined;
    return trap;
  }
}
