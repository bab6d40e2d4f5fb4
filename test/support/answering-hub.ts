import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { scratchFolder } from './scratch-folder.js';

/** What a command asked of its hub. */
export interface Asked {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** A hub that gives each test's one answer to whatever a command asks, with the token `fw_secret`. */
export class AnsweringHub {
  answer: { status: number; body: unknown } = { status: 200, body: {} };
  readonly asked: Asked[] = [];
  private readonly folder = scratchFolder();
  private server: Server | undefined;

  constructor() {
    beforeEach(() => this.start());
    afterEach(() => {
      this.server?.closeAllConnections();
      this.server?.close();
    });
  }

  /** The flags that lead a command to it. */
  get flags(): string[] {
    const { port } = this.server?.address() as AddressInfo;
    return ['--hub', `http://127.0.0.1:${port}`, '--token-file', this.folder.write('token', 'fw_secret\n')];
  }

  private async start(): Promise<void> {
    this.asked.length = 0;
    this.server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      this.asked.push({ method, url, authorization: headers.authorization, body: await text(request) });
      const elsewhere = 'http://127.0.0.1:1/';
      response.writeHead(this.answer.status, { 'content-type': 'application/json', location: elsewhere });
      response.end(JSON.stringify(this.answer.body));
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }
}
