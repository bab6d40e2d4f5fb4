import { messageOf } from '../kernel/errors.js';
import type { Log } from '../kernel/log.js';
import type { CertificateSource, ServedCertificate } from './served-certificate.js';

const LOOKED_AT_EVERY_MS = 10_000;

/** A server whose certificate can change under its open connections, such as node's `https.Server`. */
export interface SecureServer {
  setSecureContext(context: { cert: string; key: string }): void;
}

/** Brings new certificates to a running server. One that cannot be used is told, and the last good one stays. */
export class CertificateKeeper {
  private server: SecureServer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private told: string | undefined;

  private constructor(
    private readonly source: CertificateSource,
    private readonly log: Log,
    private served: ServedCertificate,
  ) {}

  /** Throws what the source throws: a server does not start without a certificate. */
  static async open(source: CertificateSource, log: Log): Promise<CertificateKeeper> {
    return new CertificateKeeper(source, log, await source.read());
  }

  get current(): ServedCertificate {
    return this.served;
  }

  keep(server: SecureServer): void {
    this.server = server;
    this.timer = setInterval(() => void this.check(), LOOKED_AT_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Looks now. */
  async check(): Promise<void> {
    try {
      const found = await this.source.read();
      this.told = undefined;
      if (found.chain === this.served.chain && found.key === this.served.key) return;
      this.server?.setSecureContext({ cert: found.chain, key: found.key });
      this.served = found;
      this.log.info({}, 'a new certificate is served');
    } catch (error) {
      const message = messageOf(error);
      if (message !== this.told)
        this.log.error({ err: message }, 'the new certificate cannot be served; the last one stays');
      this.told = message;
    }
  }
}
