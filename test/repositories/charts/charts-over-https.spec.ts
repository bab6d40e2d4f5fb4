import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChartAccess } from '../../../src/repositories/charts/chart-access.js';
import { ChartServer } from '../../support/chart-server.js';
import { OciServer } from '../../support/oci-server.js';
import { SecureFront } from '../../support/secure-front.js';
import { StoredChartsFixture } from '../../support/stored-charts.js';
import { TestAuthority } from '../../support/tls.js';

let authority: TestAuthority;
let authorities: string;
let server: ChartServer;
let front: SecureFront;
let fixture: StoredChartsFixture;

beforeAll(async () => {
  authority = await TestAuthority.make();
  authorities = await authority.certificate();
});
afterAll(() => authority.remove());

beforeEach(async () => {
  server = (await ChartServer.start()).serve([]);
  front = await secured(server.url);
  fixture = await StoredChartsFixture.create();
});

afterEach(async () => {
  await fixture.close();
  await front.close();
  await server.close();
});

async function secured(target: string): Promise<SecureFront> {
  const { chain, key } = await authority.issue();
  const clients = { ca: authorities, requestCert: true, rejectUnauthorized: false };
  return SecureFront.start(target, { cert: chain, key, ...clients });
}

/** Undefined where the repository lets in. */
async function refusal(url: string, access: Partial<ChartAccess>): Promise<string | undefined> {
  fixture.accesses.given.set(url, access);
  const probed = await fixture.open().probe(url);
  return probed.ok ? undefined : probed.error.code;
}

describe('a Helm repository over HTTPS', () => {
  it('is refused where nobody vouches for its server, and read where someone does or nobody has to', async () => {
    expect(await refusal(front.url, {})).toBe('CHART_UNREACHABLE');
    expect(server.asked).toEqual([]);
    expect(await refusal(front.url, { authorities })).toBeUndefined();
    expect(await refusal(front.url, { insecure: true })).toBeUndefined();
    expect(front.clients).toEqual(['', '']);
  });

  it('is shown the certificate of its Secret', async () => {
    const { chain, key } = await authority.issue();
    expect(await refusal(front.url, { authorities, certificate: chain, key })).toBeUndefined();
    expect(front.clients).toHaveLength(1);
    expect(front.clients[0]).not.toBe('');
  });

  it('is not left for a server without TLS', async () => {
    server.instead = { status: 302, headers: { location: `${server.url}/index.yaml` } };
    expect(await refusal(front.url, { authorities })).toBe('CHART_REFUSED');
    expect(server.asked).toHaveLength(1);
  });
});

describe('a registry over HTTPS', () => {
  it('lets in by its token service, and sends no password to one without TLS', async () => {
    const registry = await OciServer.start();
    const secure = await secured(`http://${registry.host}`);
    registry.auth = 'token';
    const access = { authorities, username: 'reader', password: 's3cret' };
    const url = secure.url.replace('https:', 'oci:');
    expect(await refusal(url, access)).toBe('CHART_REFUSED');
    expect(registry.asked.map(({ path }) => path)).toEqual(['/v2/']);
    registry.auth = 'basic';
    expect(await refusal(url, access)).toBeUndefined();
    expect(await refusal(url, { ...access, password: 'wrong' })).toBe('CHART_AUTH');
    await secure.close();
    await registry.close();
  });
});
