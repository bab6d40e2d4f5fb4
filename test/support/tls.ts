import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/kernel/clock.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { OwnAuthority } from '../../src/tls/own-authority.js';
import { authorityPin, certificatesOf, type ServedCertificate } from '../../src/tls/served-certificate.js';

export const DAY_MS = 86_400_000;
export const LOOPBACK = ['localhost', '127.0.0.1'];

/** An authority in a folder of its own, and what it can issue. */
export class TestAuthority {
  private constructor(
    readonly folder: string,
    readonly authority: OwnAuthority,
  ) {}

  static async make(clock: Clock = new SystemClock()): Promise<TestAuthority> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-tls-'));
    return new TestAuthority(folder, await OwnAuthority.open(folder, clock));
  }

  async issue(names: readonly string[] = LOOPBACK, lifeMs = DAY_MS): Promise<Required<ServedCertificate>> {
    const { chain, key } = await this.authority.issue(names, lifeMs);
    return { chain, key, pin: authorityPin(certificatesOf(chain)) ?? '' };
  }

  /** Its own certificate, as an operator would hand it out. */
  async certificate(): Promise<string> {
    return (
      certificatesOf((await this.issue()).chain)
        .at(-1)
        ?.toString() ?? ''
    );
  }

  /** Files as an operator mounts them. */
  async write({ chain, key }: ServedCertificate): Promise<{ cert: string; key: string }> {
    const files = { cert: join(this.folder, 'tls.crt'), key: join(this.folder, 'tls.key') };
    await Promise.all([writeFile(files.cert, chain), writeFile(files.key, key)]);
    return files;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A server over TLS that answers everything, and counts what reached it. */
export class SecureEcho {
  requests = 0;
  private constructor(readonly server: Server) {}

  static async start({ chain, key }: ServedCertificate): Promise<SecureEcho> {
    const echo: SecureEcho = new SecureEcho(
      createServer({ cert: chain, key }, (_request, response) => {
        echo.requests += 1;
        response.end('hello');
      }),
    );
    await new Promise<void>((resolve) => echo.server.listen(0, '127.0.0.1', resolve));
    return echo;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}
