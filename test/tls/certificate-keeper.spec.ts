import { rm, writeFile } from 'node:fs/promises';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateFiles } from '../../src/tls/certificate-files.js';
import { CertificateKeeper } from '../../src/tls/certificate-keeper.js';
import { OwnCertificate } from '../../src/tls/own-certificate.js';
import type { CertificateSource } from '../../src/tls/served-certificate.js';
import { HeldClock } from '../support/held-clock.js';
import { RecordingLog } from '../support/recording-log.js';
import { DAY_MS, LOOPBACK, SecureEcho, TestAuthority } from '../support/tls.js';

let clock: HeldClock;
let own: TestAuthority;
let log: RecordingLog;
let echo: SecureEcho;
let keeper: CertificateKeeper;
beforeEach(async () => {
  clock = new HeldClock(new Date());
  own = await TestAuthority.make(clock);
  log = new RecordingLog();
});
afterEach(async () => {
  keeper?.stop();
  await echo?.close();
  await own.remove();
});

async function serve(source: CertificateSource): Promise<void> {
  keeper = await CertificateKeeper.open(source, log);
  echo = await SecureEcho.start(keeper.current);
  keeper.keep(echo.server);
}

async function opened(): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: echo.port, rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  return socket;
}

const shownNow = async (): Promise<string> => {
  const socket = await opened();
  const serial = socket.getPeerX509Certificate()?.serialNumber ?? '';
  socket.destroy();
  return serial;
};

async function answers(socket: TLSSocket): Promise<string> {
  const answer = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())));
  socket.write('GET / HTTP/1.1\r\nhost: hub\r\n\r\n');
  return answer;
}

describe('a server whose certificate files change', () => {
  it('serves the new one to new connections and goes on with the old connections', async () => {
    await serve(new CertificateFiles(await own.write(await own.issue()), clock));
    const before = await shownNow();
    const open = await opened();
    await own.write(await own.issue());
    await keeper.check();
    expect(await shownNow()).not.toBe(before);
    expect(await answers(open)).toMatch(/^HTTP\/1.1 200/);
    open.destroy();
  });

  it('keeps the last good one while the files do not fit together, and says so once', async () => {
    const paths = await own.write(await own.issue());
    await serve(new CertificateFiles(paths, clock));
    const before = await shownNow();
    const next = await own.issue();
    await writeFile(paths.cert, next.chain);
    await keeper.check();
    await keeper.check();
    expect(await shownNow()).toBe(before);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    await writeFile(paths.key, next.key);
    await keeper.check();
    expect(await shownNow()).not.toBe(before);
  });

  it('keeps the last good one when the files are gone or half written, or the new one has expired', async () => {
    const paths = await own.write(await own.issue());
    await serve(new CertificateFiles(paths, clock));
    const before = await shownNow();
    await own.write(await own.issue(LOOPBACK, -60_000));
    await keeper.check();
    await writeFile(paths.cert, (await own.issue()).chain.slice(0, 300));
    await keeper.check();
    await rm(paths.cert);
    await keeper.check();
    expect(await shownNow()).toBe(before);
  });
});

describe("a server with the hub's own certificate", () => {
  it('shows the renewed one without a restart', async () => {
    await serve(new OwnCertificate(own.authority, LOOPBACK, clock));
    const before = await shownNow();
    await keeper.check();
    expect(await shownNow()).toBe(before);
    clock.advance((61 * DAY_MS) / 1000);
    await keeper.check();
    expect(await shownNow()).not.toBe(before);
  });
});

describe('certificate files that cannot be served', () => {
  const start = (paths: { cert: string; key: string }) => new CertificateFiles(paths, clock).read();

  it('are refused at start, each with its reason', async () => {
    const good = await own.issue();
    const paths = await own.write(good);
    await expect(start({ ...paths, cert: '/nowhere/tls.crt' })).rejects.toMatchObject({ code: 'TLS_FILES' });
    await expect(start({ cert: paths.key, key: paths.key })).rejects.toThrow(/no certificate/);
    await expect(start({ cert: paths.cert, key: paths.cert })).rejects.toMatchObject({ code: 'TLS_FILES' });
    await own.write({ ...good, key: (await own.issue()).key });
    await expect(start(paths)).rejects.toThrow(/not that of/);
    await own.write(await own.issue(LOOPBACK, -60_000));
    await expect(start(paths)).rejects.toThrow(/expired on .*this machine's clock says/);
    await own.write(await own.issue());
    clock.advance(-2 * 86_400);
    await expect(start(paths)).rejects.toThrow(/not valid before .*this machine's clock says/);
  });

  it('have a pin only when their chain ends with the authority', async () => {
    const { chain, key, pin } = await own.issue();
    expect((await start(await own.write({ chain, key }))).pin).toBe(pin);
    const [leaf = ''] = chain.match(/-----BEGIN[^]*?END CERTIFICATE-----\n/g) ?? [];
    expect((await start(await own.write({ chain: leaf, key }))).pin).toBeUndefined();
  });
});
