import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestBytes } from '../../src/kernel/digest.js';
import { fileOf, indexOf, type PackedChart } from './charts.js';

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

/** A classic Helm repository on loopback: files with an ETag, counted, behind a password where one is given. */
export class ChartServer {
  readonly asked: { path: string; authorization: string | undefined }[] = [];
  readonly files = new Map<string, Answer>();
  /** `user:password`. */
  credentials: string | undefined;
  /** Every answer is this one. */
  instead: Answer | undefined;

  /** Nothing is answered at all. */
  isSilent = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ChartServer> {
    const server = createServer((request, response) => chartServer.reply(request, response));
    const chartServer = new ChartServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return chartServer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Replaces the repository's content. */
  serve(charts: readonly PackedChart[]): this {
    this.files.clear();
    for (const chart of charts) this.files.set(`/${fileOf(chart)}`, { body: chart.archive });
    this.files.set('/index.yaml', { body: indexOf(charts) });
    return this;
  }

  /** How often a file was asked for. */
  count(path: string): number {
    return this.asked.filter((each) => each.path === path).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private reply(request: IncomingMessage, response: ServerResponse): void {
    const { url: path = '/', headers } = request;
    this.asked.push({ path, authorization: headers.authorization });
    if (this.isSilent) return;
    const { status = 200, headers: more = {}, body = '' } = this.answerTo(path, headers.authorization);
    const etag = `"${digestBytes(body).slice(-12)}"`;
    if (status === 200 && headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(status, { ...(status === 200 ? { etag } : {}), ...more }).end(body);
  }

  private answerTo(path: string, authorization: string | undefined): Answer {
    if (this.instead !== undefined) return this.instead;
    const given = Buffer.from((authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8');
    if (this.credentials !== undefined && given !== this.credentials) return { status: 401 };
    return this.files.get(path) ?? { status: 404 };
  }
}
