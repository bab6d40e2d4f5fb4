import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passed {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  status: number;
}

export interface LinkOptions {
  target: string;
  /** Told of each answer that came through, before its caller has it. */
  onAnswer?: (passed: Passed) => void;
}

/** A line between two processes that can be cut, and that can lose single calls on either side of their effect. */
export class Link {
  private readonly server: Server;
  private isCut = false;
  private readonly losses: ('before' | 'after')[] = [];

  private constructor(private readonly options: LinkOptions) {
    this.server = createServer(
      (request, response) => void this.pass(request, response).catch(() => response.destroy()),
    );
  }

  static async open(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    await new Promise<void>((resolve) => link.server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${new URL(this.options.target).pathname.replace(/\/$/, '')}`;
  }

  /** Whatever is under way breaks, and so does whatever comes, until it is mended. */
  cut(): void {
    this.isCut = true;
    this.server.closeAllConnections();
  }

  /** Calls are lost no more either. */
  mend(): void {
    this.isCut = false;
    this.losses.length = 0;
  }

  /** The next call is lost before, or after, it had its effect; and so on. */
  lose(losses: readonly ('before' | 'after')[]): void {
    this.losses.push(...losses);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isCut) return void response.destroy();
    const loss = this.losses.shift();
    if (loss === 'before') return void response.destroy();
    const body = await textOf(request);
    const { method = 'GET', url: path = '/', headers } = request;
    const { hostname, port } = new URL(this.options.target);
    const onward = forward({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const status = answer.statusCode ?? 500;
      this.options.onAnswer?.({ method, path, headers, body, status });
      if (loss === 'after' || this.isCut) return void response.destroy();
      response.writeHead(status, answer.headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    response.on('close', () => onward.destroy());
    onward.on('error', () => response.destroy());
    onward.end(body);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
