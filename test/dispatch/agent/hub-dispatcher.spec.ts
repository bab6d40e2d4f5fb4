import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubDispatcher, type HubTrust } from '../../../src/dispatch/agent/hub-dispatcher.js';
import { HeldClock } from '../../support/held-clock.js';
import { DAY_MS, LOOPBACK, SecureEcho, TestAuthority } from '../../support/tls.js';

let own: TestAuthority;
let echo: SecureEcho;
let dispatcher: Dispatcher | undefined;
beforeEach(async () => {
  own = await TestAuthority.make();
});
afterEach(async () => {
  await dispatcher?.destroy();
  await echo.close();
  await own.remove();
});

async function ask(trust: HubTrust): Promise<number> {
  await dispatcher?.destroy();
  dispatcher = hubDispatcher(trust);
  return askOnce(dispatcher);
}

/** Over a connection that ends with the answer. */
async function askOnce(through: Dispatcher): Promise<number> {
  const { statusCode, body } = await through.request({ origin: echo.url, path: '/', method: 'GET', reset: true });
  await body.dump();
  return statusCode;
}

describe('the way to a hub whose authority is pinned', () => {
  it('opens to that authority, and to no other', async () => {
    const served = await own.issue();
    const stranger = await TestAuthority.make();
    echo = await SecureEcho.start(served);
    expect(await ask({ pin: served.pin })).toBe(200);
    const { pin } = await stranger.issue();
    await expect(ask({ pin })).rejects.toMatchObject({ code: 'HUB_PIN_MISMATCH' });
    expect(echo.requests).toBe(1);
    await stranger.remove();
  });

  it('stays open when the certificates are made anew by the same authority', async () => {
    const first = await own.issue();
    echo = await SecureEcho.start(first);
    dispatcher = hubDispatcher({ pin: first.pin });
    expect(await askOnce(dispatcher)).toBe(200);
    const next = await own.issue();
    echo.server.setSecureContext({ cert: next.chain, key: next.key });
    expect(await askOnce(dispatcher)).toBe(200);
  });

  it('is closed to a hub that shows the pinned authority beside a certificate of its own', async () => {
    const stranger = await TestAuthority.make();
    const served = await stranger.issue();
    const [leaf = ''] = served.chain.match(/-----BEGIN[^]*?END CERTIFICATE-----\n/g) ?? [];
    echo = await SecureEcho.start({ ...served, chain: leaf + (await own.certificate()) });
    await expect(ask({ pin: (await own.issue()).pin })).rejects.toMatchObject({ code: expect.stringMatching(/^HUB_/) });
    expect(echo.requests).toBe(0);
    await stranger.remove();
  });

  it('is closed when the certificate has expired, is not valid yet or is for another name', async () => {
    echo = await SecureEcho.start(await own.issue(LOOPBACK, -60_000));
    const { pin } = await own.issue();
    await expect(ask({ pin })).rejects.toMatchObject({ code: 'HUB_CERTIFICATE' });
    const other = await own.issue(['hub.example']);
    echo.server.setSecureContext({ cert: other.chain, key: other.key });
    await expect(ask({ pin })).rejects.toMatchObject({ code: 'HUB_CERTIFICATE' });
    expect(echo.requests).toBe(0);
  });

  it('is closed to a certificate of tomorrow', async () => {
    const later = await TestAuthority.make(new HeldClock(new Date(Date.now() + 3 * DAY_MS)));
    const served = await later.issue();
    echo = await SecureEcho.start(served);
    await expect(ask({ pin: served.pin })).rejects.toMatchObject({
      code: 'HUB_CERTIFICATE',
      message: expect.stringMatching(/valid from .* to .*, and this agent's clock says \d{4}-/) as string,
    });
    await later.remove();
  });
});

describe('the way to a hub that nobody pinned', () => {
  it('opens by a given authority, and is closed to certificates nobody vouches for', async () => {
    echo = await SecureEcho.start(await own.issue());
    await expect(ask({})).rejects.toMatchObject({ code: 'HUB_CERTIFICATE' });
    expect(await ask({ ca: await own.certificate() })).toBe(200);
  });
});
