import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.js';
import { FleetError, messageOf } from '../kernel/errors.js';
import { issueCertificate } from './certificate.js';

const NAME = 'Fleetwright hub';
const DAY_MS = 86_400_000;
const YEARS_TEN_MS = 3_650 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
/** Clocks that are behind ours find a new certificate valid. */
const BACKDATED_MS = DAY_MS;

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/**
 * A certificate authority for one hub, made once and kept in its data folder: `ca.key` (mode 0600) and `ca.crt`. Agents
 * know it by its key, so a lost `ca.crt`, or one that grows old, is made anew without their noticing.
 */
export class OwnAuthority {
  private constructor(
    private readonly folder: string,
    private readonly keys: KeyPair,
    private readonly clock: Clock,
  ) {}

  static async open(folder: string, clock: Clock): Promise<OwnAuthority> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return new OwnAuthority(folder, await loadKey(join(folder, 'ca.key')), clock);
    } catch (error) {
      throw unusable(folder, error);
    }
  }

  /** A chain for these names, and its new key. */
  async issue(names: readonly string[], lifeMs: number): Promise<{ chain: string; key: string; notAfter: Date }> {
    const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const validity = this.validity(lifeMs);
    const [subject = NAME] = names;
    const request = { subject, issuer: NAME, publicKey: server.publicKey, signedWith: this.keys, names, ...validity };
    const chain = issueCertificate(request) + (await this.certificate());
    return { chain, key: pemOf(server.privateKey), notAfter: validity.notAfter };
  }

  /** Its own certificate, with more than a year to live; anew too where a clock was ahead when it was made. */
  private async certificate(): Promise<string> {
    const file = join(this.folder, 'ca.crt');
    const stored = await readFile(file, 'utf8').catch(() => undefined);
    if (stored !== undefined && this.isGood(stored)) return stored;
    const request = { subject: NAME, issuer: NAME, publicKey: this.keys.publicKey, signedWith: this.keys, names: [] };
    const made = issueCertificate({ ...request, ...this.validity(YEARS_TEN_MS) });
    await store(file, made, 0o644).catch((error: unknown) => {
      throw unusable(this.folder, error);
    });
    return made;
  }

  private isGood(pem: string): boolean {
    try {
      const certificate = new X509Certificate(pem);
      const now = this.clock.now().getTime();
      const isInForce = Date.parse(certificate.validFrom) <= now && Date.parse(certificate.validTo) - now > YEAR_MS;
      return isInForce && certificate.checkPrivateKey(this.keys.privateKey);
    } catch {
      return false;
    }
  }

  private validity(lifeMs: number): { notBefore: Date; notAfter: Date } {
    const now = this.clock.now().getTime();
    return { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + lifeMs) };
  }
}

async function loadKey(file: string): Promise<KeyPair> {
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stored !== undefined) {
    const privateKey = createPrivateKey(stored);
    return { privateKey, publicKey: createPublicKey(privateKey) };
  }
  const made = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await store(file, pemOf(made.privateKey), 0o600);
  return made;
}

/** By rename: a full disk or a crash leaves the old file or none, never half of one. */
async function store(file: string, content: string, mode: number): Promise<void> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, content, { mode });
  await chmod(partial, mode);
  await rename(partial, file);
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function unusable(folder: string, error: unknown): FleetError {
  return new FleetError(
    'precondition',
    'TLS_AUTHORITY',
    `cannot use the hub's authority in ${folder}: ${messageOf(error)}`,
    {
      hint: 'Restore that folder from a backup: agents trust its key and no other.',
    },
  );
}
