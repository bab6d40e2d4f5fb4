import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { conflict } from '../kernel/errors.js';
import { ApiRequest } from './http/api-request.js';
import { sendJson, serveCluster } from './http/cluster-handler.js';
import { failure } from './http/status-body.js';
import type { VirtualCluster } from './virtual-cluster.js';

const CLUSTER_PATH = /^\/clusters\/([^/]+)(?:\/with-token\/([^/]+))?(\/.*)?$/;

/** Serves the APIs of many virtual clusters on one port, each under `/clusters/<name>`. */
export class SimulatorServer {
  private readonly clusters = new Map<string, VirtualCluster>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((message, response) => void this.serve(message, response));
    // Agents keep their connections: a server that drops idle ones first makes them meet resets.
    this.server.keepAliveTimeout = 120_000;
    this.server.requestTimeout = 0;
  }

  /** Listens on loopback; port 0 takes a free one. Answers the port. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  add(cluster: VirtualCluster): void {
    if (this.clusters.has(cluster.name)) throw conflict('CLUSTER_EXISTS', `virtual cluster "${cluster.name}" exists`);
    this.clusters.set(cluster.name, cluster);
  }

  /** Closes the cluster and serves it no more. */
  remove(name: string): void {
    this.clusters.get(name)?.close();
    this.clusters.delete(name);
  }

  /** What a client takes for the address of a cluster's API server; needs `listen` first. */
  urlOf(name: string): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/clusters/${name}`;
  }

  /** An address that carries the token: kubectl never sends one over plain HTTP. */
  kubectlUrlOf(name: string): string {
    return `${this.urlOf(name)}/with-token/${this.clusters.get(name)?.token ?? ''}`;
  }

  /** Ends every watch and connection, and closes the clusters. */
  async close(): Promise<void> {
    for (const name of [...this.clusters.keys()]) this.remove(name);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = '', query = ''] = (message.url ?? '/').split('?', 2);
    const [, name = '', token, path = ''] = CLUSTER_PATH.exec(pathname) ?? [];
    const cluster = this.clusters.get(name);
    if (cluster === undefined) {
      sendJson(response, 404, failure(404, 'NotFound', `there is no virtual cluster at ${pathname}`));
      return;
    }
    await serveCluster(
      cluster,
      new ApiRequest(message, { path: path || '/', query: new URLSearchParams(query), token }),
      response,
    );
  }
}
