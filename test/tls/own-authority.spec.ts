import { X509Certificate } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OwnAuthority } from '../../src/tls/own-authority.js';
import { OwnCertificate } from '../../src/tls/own-certificate.js';
import { certificatesOf } from '../../src/tls/served-certificate.js';
import { HeldClock } from '../support/held-clock.js';
import { DAY_MS, TestAuthority } from '../support/tls.js';

let clock: HeldClock;
let own: TestAuthority;
beforeEach(async () => {
  clock = new HeldClock(new Date('2030-01-01T00:00:00Z'));
  own = await TestAuthority.make(clock);
});
afterEach(() => own.remove());

const reopened = () => OwnAuthority.open(own.folder, clock);

describe("a hub's own authority", () => {
  it('signs servers for the names and addresses they are called by', async () => {
    const { chain } = await own.issue(['hub.example', '*.fleet.example', '10.0.0.7', '::1', 'fd00::10:7']);
    const [server, authority] = certificatesOf(chain) as [X509Certificate, X509Certificate];
    expect(server.checkHost('hub.example')).toBe('hub.example');
    expect(server.checkHost('a.fleet.example')).toBe('*.fleet.example');
    expect(server.checkHost('other.example')).toBeUndefined();
    expect(server.checkIP('10.0.0.7')).toBe('10.0.0.7');
    expect(server.checkIP('fd00:0:0:0:0:0:10:7')).toBeDefined();
    expect(server.checkIP('::1')).toBe('::1');
    expect(server.ca).toBe(false);
    expect(authority.ca).toBe(true);
    expect(server.checkIssued(authority)).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
  });

  it('is the same one after a restart', async () => {
    const { pin } = await own.issue();
    const { chain } = await (await reopened()).issue(['hub'], DAY_MS);
    expect(chain).toContain(await readFile(join(own.folder, 'ca.crt'), 'utf8'));
    expect((await own.issue()).pin).toBe(pin);
  });

  it('keeps its key to itself', async () => {
    expect((await stat(join(own.folder, 'ca.key'))).mode & 0o777).toBe(0o600);
  });

  it('is still the one agents know when its certificate is lost, damaged or old', async () => {
    const { pin, chain } = await own.issue();
    await rm(join(own.folder, 'ca.crt'));
    expect((await own.issue()).pin).toBe(pin);
    await writeFile(join(own.folder, 'ca.crt'), 'half of a');
    expect((await own.issue()).pin).toBe(pin);
    clock.advance(9.5 * 365 * 86_400);
    const renewed = await own.issue();
    expect(renewed.pin).toBe(pin);
    expect(certificatesOf(renewed.chain)[1]?.validTo).not.toBe(certificatesOf(chain)[1]?.validTo);
  });

  it('is believed again after it was first started by a clock that was years ahead', async () => {
    const { pin } = await own.issue();
    const certificate = new OwnCertificate(own.authority, ['hub'], clock);
    await certificate.read();
    clock.advance(-5 * 365 * 86_400);
    const { chain, pin: same } = await certificate.read();
    expect(same).toBe(pin);
    for (const { validFrom } of certificatesOf(chain))
      expect(Date.parse(validFrom)).toBeLessThan(clock.now().getTime());
  });

  it('does not make itself anew over a key that cannot be read', async () => {
    await writeFile(join(own.folder, 'ca.key'), 'damaged');
    await expect(reopened()).rejects.toMatchObject({ code: 'TLS_AUTHORITY' });
    expect(await readFile(join(own.folder, 'ca.key'), 'utf8')).toBe('damaged');
  });
});

describe("a certificate of the hub's own authority", () => {
  it('is kept for two thirds of its life and then renewed by the same authority', async () => {
    const certificate = new OwnCertificate(own.authority, ['hub'], clock);
    const first = await certificate.read();
    clock.advance((59 * DAY_MS) / 1000);
    expect(await certificate.read()).toEqual(first);
    clock.advance((2 * DAY_MS) / 1000);
    const second = await certificate.read();
    expect(second.chain).not.toBe(first.chain);
    expect(second.pin).toBe(first.pin);
    expect(new Date(certificatesOf(second.chain)[0]?.validTo ?? 0).getTime()).toBeGreaterThan(clock.now().getTime());
  });
});
