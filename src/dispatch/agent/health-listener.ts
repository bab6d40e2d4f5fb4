import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, unavailable, type FleetError } from '../../kernel/errors.js';

/**
 * Answers an orchestrator's probes: `/healthz` while the process lives, `/readyz` once it works on its cluster. A hub
 * that is away leaves it ready, since the cluster is looked after all the same. Tells nothing else to anybody.
 */
export interface HealthListener {
  port: number;
  isReady(): void;
  close(): Promise<void>;
}

export async function listenForProbes(port: number): Promise<HealthListener> {
  let ready = false;
  const server = createServer((request, response) => {
    const known = request.url === '/healthz' || request.url === '/readyz';
    const good = request.url === '/healthz' || ready;
    response.writeHead(known ? (good ? 200 : 503) : 404, { 'content-type': 'text/plain', connection: 'close' });
    response.end(known && good ? 'ok' : 'no');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portTaken(port, error)));
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    isReady: () => (ready = true),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function portTaken(port: number, error: Error): FleetError {
  const message = `cannot answer probes on port ${port}: ${messageOf(error)}`;
  return unavailable('ADDRESS_UNUSABLE', message, 'Choose another FLEETWRIGHT_HEALTH_PORT.');
}
