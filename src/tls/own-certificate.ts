import type { Clock } from '../kernel/clock.js';
import type { OwnAuthority } from './own-authority.js';
import { authorityPin, CertificateSource, certificatesOf, type ServedCertificate } from './served-certificate.js';

const DAY_MS = 86_400_000;
const LIFE_MS = 90 * DAY_MS;
/** A third of its life before the end: time enough for whoever has to find out why it was not renewed. */
const RENEWED_BEFORE_MS = LIFE_MS / 3;

/** A certificate of the hub's own authority: kept in memory, made anew at each start and before it ends. */
export class OwnCertificate extends CertificateSource {
  private current: (ServedCertificate & { notAfter: Date }) | undefined;

  constructor(
    private readonly authority: OwnAuthority,
    /** DNS names and addresses it is valid for. */
    private readonly names: readonly string[],
    private readonly clock: Clock,
  ) {
    super();
  }

  async read(): Promise<ServedCertificate> {
    if (this.current !== undefined && this.isInForce(this.current.notAfter)) return this.current;
    const issued = await this.authority.issue(this.names, LIFE_MS);
    const pin = authorityPin(certificatesOf(issued.chain));
    this.current = pin === undefined ? issued : { ...issued, pin };
    return this.current;
  }

  /** With more than its life left it was made by a clock that was ahead, and begins in the future. */
  private isInForce(notAfter: Date): boolean {
    const left = notAfter.getTime() - this.clock.now().getTime();
    return left > RENEWED_BEFORE_MS && left <= LIFE_MS;
  }
}
