import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS_REFUSED, guardedLookup, mayConnect } from '../../../src/expansion/fetchers/address-guard.js';
import { RemoteFailure } from '../../../src/expansion/fetchers/remote-failure.js';
import { RemoteHttp, type RemoteRequest } from '../../../src/expansion/fetchers/remote-http.js';
import { HeldClock } from '../../support/held-clock.js';
import { ProviderServer } from '../../support/provider-server.js';

let server: ProviderServer;
let other: ProviderServer;
const clock = new HeldClock();
const http = new RemoteHttp({ clock, timeoutMs: 30_000, largestAnswer: 10_000 });
const hasty = new RemoteHttp({ clock, timeoutMs: 300, largestAnswer: 10_000 });
beforeAll(async () => {
  [server, other] = await Promise.all([ProviderServer.start(), ProviderServer.start()]);
});
afterAll(() => Promise.all([server.close(), other.close(), http.close(), hasty.close()]));

const request = (url: string, more: Partial<RemoteRequest> = {}): RemoteRequest => ({
  method: 'GET',
  url: new URL(url),
  headers: {},
  trust: { allowPrivate: true, insecure: false, ca: '' },
  prefix: 'SCM',
  ...more,
});

async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.catch((thrown: unknown) => thrown);
  if (error instanceof RemoteFailure) return error.code;
  throw new Error(`no RemoteFailure: ${String(error)}`);
}

describe('asking a server that others run', () => {
  it('follows redirects on the same server', async () => {
    server.serve({ '/old': { status: 301, headers: { location: '/new' } }, '/new': { body: ['here'] } });
    expect((await http.send(request(`${server.url}/old`))).body).toEqual(['here']);
  });

  it('follows none to another server, and takes no credentials there', async () => {
    other.serve({ '/new': { body: [] } });
    server.serve({ '/old': { status: 302, headers: { location: `${other.url}/new` } } });
    const asked = http.send(request(`${server.url}/old`, { headers: { authorization: 'Bearer letmein' } }));
    expect(await codeOf(asked)).toBe('SCM_REDIRECT_REFUSED');
    expect(other.asked).toEqual([]);
  });

  it('follows no circle, and no redirected POST', async () => {
    server.serve({ '/a': { status: 307, headers: { location: '/a' } } });
    expect(await codeOf(http.send(request(`${server.url}/a`)))).toBe('SCM_REDIRECT_REFUSED');
    expect(await codeOf(http.send(request(`${server.url}/a`, { method: 'POST', body: '{}' })))).toBe(
      'SCM_REDIRECT_REFUSED',
    );
  });

  it('cuts an answer that does not come to its end', async () => {
    server.serve({ '/slow': { stalls: true } });
    expect(await codeOf(hasty.send(request(`${server.url}/slow`)))).toBe('SCM_TIMEOUT');
  });

  it('reads no answer beyond its bound', async () => {
    server.serve({ '/large': { body: ['x'.repeat(20_000)] } });
    expect(await codeOf(http.send(request(`${server.url}/large`)))).toBe('SCM_TOO_LARGE');
  });

  it('says by name that nobody is there', async () => {
    const gone = await ProviderServer.start();
    const { url } = gone;
    await gone.close();
    expect(await codeOf(http.send(request(url)))).toBe('SCM_UNREACHABLE');
  });

  it('does not ask again before a rate limit is over, and then does', async () => {
    server.serve({ '/x': { status: 429, headers: { 'retry-after': '120' } } });
    const limited = request(`${server.url}/x`, { headers: { authorization: 'one' } });
    expect(await codeOf(http.send(limited))).toBe('SCM_RATE_LIMITED');
    server.serve({ '/x': { body: [] } });
    clock.advance(119);
    expect(await codeOf(http.send(limited))).toBe('SCM_RATE_LIMITED');
    expect(server.asked).toEqual([]);
    clock.advance(1);
    expect((await http.send(limited)).body).toEqual([]);
  });

  it('limits nobody else by it', async () => {
    server.serve({ '/x': { status: 429, headers: { 'retry-after': '120' } } });
    expect(await codeOf(http.send(request(`${server.url}/x`, { headers: { authorization: 'two' } })))).toBe(
      'SCM_RATE_LIMITED',
    );
    server.serve({ '/x': { body: [] } });
    expect((await http.send(request(`${server.url}/x`, { headers: { authorization: 'three' } }))).body).toEqual([]);
  });

  it('says nothing of what a refusal held, nor of the query', async () => {
    server.serve({ '/x': { status: 500, body: { message: 'internal-host-7' } } });
    const error = await http.send(request(`${server.url}/x?private=1`)).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toBe(`GET ${server.url}/x answered 500`);
  });
});

describe('addresses that generators may not reach', () => {
  const guarded = { trust: { allowPrivate: false, insecure: false, ca: '' } };

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '10.1.2.3',
    '192.168.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[fd00::1]',
    'localhost',
  ])('refuses %s', async (host) => {
    expect(await codeOf(http.send(request(`http://${host}:${new URL(server.url).port}/`, guarded)))).toBe(
      'SCM_ADDRESS_REFUSED',
    );
    expect(server.asked.filter(({ url }) => url === '/')).toEqual([]);
  });

  it('asks over http and https only', async () => {
    expect(await codeOf(http.send(request('ftp://example.com/')))).toBe('SCM_NOT_ALLOWED');
  });

  it.each([
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '::ffff:0:7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    'no address',
  ])('never allows %s', (address) => {
    expect(mayConnect(address, true)).toBe(false);
  });

  it.each(['10.0.0.1', '172.31.255.255', '100.64.0.1', '::1', '::7f00:1', 'fd12::1', '::ffff:192.168.1.1'])(
    'allows %s only where private ones are',
    (address) => {
      expect([mayConnect(address, false), mayConnect(address, true)]).toEqual([false, true]);
    },
  );

  it('connects to the address that was judged, whatever the name says a moment later', async () => {
    const looked = (allowPrivate: boolean) =>
      new Promise<unknown>((resolve) =>
        guardedLookup(allowPrivate)('localhost', { all: true }, (error, addresses) => resolve(error ?? addresses)),
      );
    expect(await looked(false)).toMatchObject({ code: ADDRESS_REFUSED });
    expect(await looked(true)).toContainEqual({
      address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      family: expect.any(Number),
    });
  });

  it.each(['140.82.121.6', '172.32.0.1', '2606:50c0:8000::153'])('allows %s', (address) => {
    expect(mayConnect(address, false)).toBe(true);
  });
});
