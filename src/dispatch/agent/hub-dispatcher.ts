import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, rootCertificates, type TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { certificateFault } from '../../kernel/certificate-fault.js';
import { publicKeyPin } from '../../kernel/public-key-pin.js';

const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_CHAIN = 10;

export interface HubTrust {
  /** The hub's authority by its key. Without one the system's roots and `ca` decide. */
  pin?: string;
  /** Authorities beside the system's, PEM. */
  ca?: string;
}

/**
 * HTTP to the hub. With a pin nothing is sent before the hub has shown a chain that leads to the pinned authority, and
 * the usual checks of name, dates and signatures hold as well. Throws HUB_PIN_MISMATCH or HUB_CERTIFICATE.
 */
export function hubDispatcher({ pin, ca }: HubTrust): Dispatcher {
  const given = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
  const plain = buildConnector({ timeout: CONNECT_TIMEOUT_MS, ...given });
  if (pin === undefined) return new Agent({ connect: explained(plain) });
  let authority: string | undefined;
  const pinned: buildConnector.connector = (options, callback) => {
    if (options.protocol !== 'https:') return plain(options, callback);
    const dial = async () => {
      authority ??= await authorityOf(options, pin);
      return buildConnector({ timeout: CONNECT_TIMEOUT_MS, ca: authority });
    };
    dial().then(
      (connector) =>
        connector(options, (...[error, socket]) => {
          // It may have been made anew, with the same key.
          if (error !== null) authority = undefined;
          return error === null ? callback(null, socket) : callback(error, null);
        }),
      (error: Error) => callback(error, null),
    );
  };
  return new Agent({ connect: explained(pinned) });
}

/** The certificate of the pinned authority, from the chain that the server shows. */
async function authorityOf(options: buildConnector.Options, pin: string): Promise<string> {
  const found = (await shownBy(options)).find((each) => pinOf(each) === pin);
  if (found === undefined) throw otherAuthority(options.hostname);
  return found.toString();
}

/** The chain that the server shows, its own certificate first; nothing is believed or sent here. */
function shownBy({ hostname, port, servername }: buildConnector.Options): Promise<X509Certificate[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(name === undefined ? {} : { servername: name }),
    });
    const end = (finish: () => void): void => {
      socket.destroy();
      finish();
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(() => reject(new Error(`${hostname}: no TLS answer in time`))));
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('secureConnect', () => {
      const chain = chainOf(socket);
      end(() => resolve(chain));
    });
  });
}

function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < LONGEST_CHAIN) {
    chain.push(certificate);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

function pinOf({ publicKey }: X509Certificate): string {
  return publicKeyPin(publicKey.export({ type: 'spki', format: 'der' }));
}

function otherAuthority(hostname: string): FleetError {
  return new FleetError(
    'unauthenticated',
    'HUB_PIN_MISMATCH',
    `${hostname} shows a certificate of another authority than the one pinned by the join token: nothing was sent`,
    {
      hint: 'Check FLEETWRIGHT_HUB_URL; if the hub has a new authority, mint a join token there and give it to the agent.',
    },
  );
}

/** A certificate that fails the checks, as an error that says what to do. */
function explained(connector: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connector(options, (...[error, socket]) => {
      if (error === null) return callback(null, socket);
      if (certificateFault((error as NodeJS.ErrnoException).code) === undefined) return callback(error, null);
      void datesOf(options, error).then((dates) => callback(refusedCertificate(options.hostname, error, dates), null));
    });
}

/** Where dates are the fault: those of the certificate and what this clock says, since either may be wrong. */
async function datesOf(options: buildConnector.Options, error: NodeJS.ErrnoException): Promise<string> {
  if (certificateFault(error.code) !== 'dates') return '';
  const [shown] = await shownBy(options).catch(() => []);
  const dates = shown === undefined ? '' : ` it is valid from ${shown.validFrom} to ${shown.validTo}, and`;
  return `:${dates} this agent's clock says ${new Date().toISOString()}`;
}

function refusedCertificate(hostname: string, error: NodeJS.ErrnoException, dates: string): FleetError {
  return new FleetError('unavailable', 'HUB_CERTIFICATE', `${hostname}: ${messageOf(error)} (${error.code})${dates}`, {
    hint: "Check the names and dates of the hub's certificate, and this clock; a private authority goes into FLEETWRIGHT_HUB_CA.",
  });
}
