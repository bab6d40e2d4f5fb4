import { createServer as createPlain, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** TLS in front of a server that has none; tells who came with which certificate. */
export class SecureFront {
  /** Common names of the certificates that clients showed; '' for none. */
  readonly clients: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(target: string, options: ServerOptions): Promise<SecureFront> {
    const front: SecureFront = new SecureFront(
      createServer(options, (request, response) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate();
        front.clients.push(subject === undefined ? '' : String(subject.CN));
        pass(target, request, response);
      }),
    );
    front.server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

export interface ProxyServer {
  url: string;
  /** What clients asked to be connected to, or to be fetched. */
  asked: string[];
  close(): Promise<void>;
}

/** An HTTP proxy on loopback. */
export async function startProxy(): Promise<ProxyServer> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server = createPlain((request, response) => {
    const url = new URL(request.url ?? '');
    asked.push(url.origin);
    request.url = `${url.pathname}${url.search}`;
    pass(url.origin, request, response);
  });
  server.on('connect', ({ url = '' }: IncomingMessage, client: Socket) => {
    asked.push(url);
    const [host, port] = url.split(':');
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    for (const socket of [client, onward]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pass(target: string, request: IncomingMessage, response: ServerResponse): void {
  const onward = forward(`${target}${request.url}`, { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
