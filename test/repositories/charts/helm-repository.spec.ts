import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChartReference } from '../../../src/repositories/domain/checkout.js';
import type { StoredCharts } from '../../../src/repositories/charts/stored-charts.js';
import { ChartServer } from '../../support/chart-server.js';
import { indexOf, packChart, rawArchive, type PackedChart } from '../../support/charts.js';
import { HAS_HELM } from '../../support/helm.js';
import { openedBy, StoredChartsFixture } from '../../support/stored-charts.js';

const POLL_SECONDS = 180;

let one: PackedChart;
let two: PackedChart;
let server: ChartServer;
let fixture: StoredChartsFixture;
let charts: StoredCharts;

beforeAll(async () => {
  if (!HAS_HELM) return;
  one = await packChart('web', '1.0.0');
  two = await packChart('web', '1.1.0');
});

beforeEach(async () => {
  server = await ChartServer.start();
  fixture = await StoredChartsFixture.create();
  charts = fixture.open();
});

afterEach(async () => {
  await fixture.close();
  await server.close();
});

const web = (version: string, more: Partial<ChartReference> = {}): ChartReference => ({
  repoURL: server.url,
  chart: 'web',
  version,
  ...more,
});

const opened = (reference: ChartReference, by = charts): Promise<string> => openedBy(by, reference);

describe.skipIf(!HAS_HELM)('a chart of a Helm repository', () => {
  it('is opened by its version or by a range, and downloaded once', async () => {
    server.serve([two, one]);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(await opened(web('1.x'))).toBe('1.1.0');
    expect(await opened(web('*'))).toBe('1.1.0');
    expect(await opened(web('1.0.0'), fixture.open())).toBe('1.0.0');
    expect(server.count('/web-1.0.0.tgz')).toBe(1);
    expect(server.count('/web-1.1.0.tgz')).toBe(1);
  });

  it('is not there under a version, a name or a repository that nobody has', async () => {
    server.serve([one]);
    expect(await opened(web('2.x'))).toBe('CHART_VERSION_NOT_FOUND');
    expect(await opened(web('no range!'))).toBe('CHART_VERSION_NOT_FOUND');
    expect(await opened({ ...web('1.0.0'), chart: 'api' })).toBe('CHART_NOT_FOUND');
    expect(await opened({ ...web('1.0.0'), repoURL: `${server.url}/elsewhere` })).toBe('CHART_NOT_FOUND');
    expect(await opened({ ...web('1.0.0'), repoURL: 'file:///etc' })).toBe('CHART_REFUSED');
  });

  it('is looked for once in a poll interval, and the index is sent only if it has changed', async () => {
    server.serve([one]);
    await Promise.all([opened(web('1.x')), opened(web('*'))]);
    expect(server.count('/index.yaml')).toBe(1);
    expect(await opened(web('1.x'))).toBe('1.0.0');
    server.serve([two, one]);
    expect(await opened(web('1.x'))).toBe('1.0.0');
    fixture.clock.advance(POLL_SECONDS);
    expect(await opened(web('1.x'))).toBe('1.1.0');
    expect(server.count('/index.yaml')).toBe(2);
    expect(await opened(web('1.x'), fixture.open())).toBe('1.1.0');
    expect(server.asked.filter(({ path }) => path === '/index.yaml')).toHaveLength(3);
  });

  it('is told as moved when its range gives another version, becomes unreadable and readable again', async () => {
    server.serve([one]);
    expect(await opened(web('1.x'))).toBe('1.0.0');
    expect(await charts.poll(web('1.x'))).toEqual({ changed: false });
    server.serve([two, one]);
    fixture.clock.advance(POLL_SECONDS);
    expect(await opened(web('*'))).toBe('1.1.0');
    expect(await charts.poll(web('1.x'))).toEqual({ changed: true });
    expect(await charts.poll(web('1.x'))).toEqual({ changed: false });
    server.instead = { status: 500 };
    await charts.refresh(web('1.x'));
    fixture.clock.advance(POLL_SECONDS);
    expect(await charts.poll(web('1.x'))).toMatchObject({ failure: { code: 'CHART_UNREACHABLE' } });
    server.instead = undefined;
    fixture.clock.advance(POLL_SECONDS);
    expect(await charts.poll(web('1.x'))).toEqual({ changed: true });
  });

  it('goes on under its version when the repository is away, and a range does not', async () => {
    server.serve([one]);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    for (const instead of [{ status: 503 }, { status: 404 }, { status: 401 }]) {
      server.instead = instead;
      fixture.clock.advance(POLL_SECONDS);
      expect(await opened(web('1.0.0'))).toBe('1.0.0');
      expect(await opened(web('1.0.0'), fixture.open())).toBe('1.0.0');
      expect(await opened(web('1.x'))).toMatch(/^CHART_(UNREACHABLE|NOT_FOUND|AUTH)$/);
      expect(await opened(web('1.1.0'))).toMatch(/^CHART_(UNREACHABLE|NOT_FOUND|AUTH)$/);
    }
  });

  it('is refused where its bytes are not those that the index names', async () => {
    server.serve([one]);
    server.files.set('/web-1.0.0.tgz', { body: two.archive });
    expect(await opened(web('1.0.0'))).toBe('CHART_CORRUPT');
    server.files.set('/web-1.0.0.tgz', { body: one.archive });
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
  });

  it('is downloaded anew where the disk has lost or damaged it', async () => {
    server.serve([one]);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    const folder = join(fixture.directory, 'archives');
    const [name = ''] = await readdir(folder);
    await rm(join(folder, name));
    expect(await opened(web('1.0.0'), fixture.open())).toBe('1.0.0');
    await writeFile(join(folder, name), 'not the archive');
    expect(await opened(web('1.0.0'), fixture.open())).toBe('1.0.0');
    expect(server.count('/web-1.0.0.tgz')).toBe(3);
  });

  it('leaves the disk when others were used since and the budget is spent', async () => {
    server.serve([one, two]);
    const small = fixture.open({ maxBytes: two.archive.length });
    expect(await opened(web('1.0.0'), small)).toBe('1.0.0');
    expect(await opened(web('1.1.0'), fixture.open({ maxBytes: two.archive.length }))).toBe('1.1.0');
    expect(await readdir(join(fixture.directory, 'archives'))).toHaveLength(1);
  });

  it('is found among tens of thousands of versions', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => ({ ...one, version: `0.${index}.0` }));
    const lines = many.map(({ version }) => `  - version: ${version}\n    urls: [web-${version}.tgz]\n`);
    server.serve([one]);
    const own = indexOf([one]).split('  web:\n')[1] ?? '';
    server.files.set('/index.yaml', { body: `entries:\n  web:\n${lines.join('')}${own}` });
    expect(await opened(web('>=1'))).toBe('1.0.0');
  });
});

describe.skipIf(!HAS_HELM)('the credentials of a Helm repository', () => {
  it('open it, and wrong ones or none do not', async () => {
    server.serve([one]).credentials = 'reader:s3cret';
    expect(await opened(web('1.0.0'))).toBe('CHART_AUTH');
    fixture.accesses.given.set(server.url, { username: 'reader', password: 'wrong' });
    fixture.clock.advance(POLL_SECONDS);
    expect(await opened(web('1.0.0'))).toBe('CHART_AUTH');
    fixture.accesses.given.set(server.url, { username: 'reader', password: 's3cret' });
    fixture.clock.advance(POLL_SECONDS);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(JSON.stringify(fixture.log.lines)).not.toContain('s3cret');
  });

  it('go to another server only where the Application asks for it', async () => {
    const elsewhere = await ChartServer.start();
    elsewhere.serve([one]);
    const index = indexOf([one], ({ version }) => `${elsewhere.url}/web-${version}.tgz`);
    server.files.set('/index.yaml', { body: index });
    fixture.accesses.given.set(server.url, { username: 'reader', password: 's3cret' });
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(elsewhere.asked).toEqual([{ path: '/web-1.0.0.tgz', authorization: undefined }]);
    await rm(fixture.directory, { recursive: true });
    expect(await opened(web('1.0.0', { passCredentials: true }), fixture.open())).toBe('1.0.0');
    expect(elsewhere.asked[1]?.authorization).toMatch(/^Basic /);
    await elsewhere.close();
  });

  it('do not follow a redirect to another server', async () => {
    const elsewhere = await ChartServer.start();
    elsewhere.serve([one]);
    server.serve([one]).files.set('/web-1.0.0.tgz', {
      status: 302,
      headers: { location: `${elsewhere.url}/web-1.0.0.tgz` },
    });
    fixture.accesses.given.set(server.url, { username: 'reader', password: 's3cret' });
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(server.asked.every(({ authorization }) => authorization?.startsWith('Basic ') === true)).toBe(true);
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
    await elsewhere.close();
  });
});

describe('a Helm repository that means harm', () => {
  it('is not followed in circles', async () => {
    server.instead = { status: 302, headers: { location: '/again' } };
    expect(await opened(web('1.0.0'))).toBe('CHART_REFUSED');
    expect(server.asked.length).toBeLessThanOrEqual(6);
  });

  it('is asked at a private address only if an admin named it or all may be', async () => {
    server.serve([]);
    const careful = fixture.open({ allowPrivate: false });
    expect(await opened(web('1.0.0'), careful)).toBe('CHART_REFUSED');
    expect(await opened({ ...web('1.0.0'), repoURL: server.url.replace('127.0.0.1', 'localhost') }, careful)).toBe(
      'CHART_REFUSED',
    );
    expect(server.asked).toEqual([]);
    fixture.accesses.given.set(server.url, {});
    expect(await opened(web('1.0.0'), fixture.open({ allowPrivate: false }))).toBe('CHART_NOT_FOUND');
  });

  it.each(['http://169.254.169.254/latest', 'http://[fe80::1]/x', 'http://0.0.0.0/'])(
    'leads never to %s',
    async (location) => {
      server.instead = { status: 302, headers: { location } };
      expect(await opened(web('1.0.0'))).toBe('CHART_REFUSED');
    },
  );

  it('may not send more than is read, nor an archive that is none', async () => {
    const evil = { name: 'web', version: '1.0.0', archive: rawArchive([{ path: '../../evil' }]) };
    server.serve([evil]);
    expect(await opened(web('1.0.0'))).toBe('PATH_ESCAPE');
    server.serve([{ ...evil, archive: Buffer.alloc((32 << 20) + 1) }]);
    await charts.refresh(web('1.0.0'));
    expect(await opened(web('1.0.0'))).toBe('CHART_TOO_LARGE');
    expect(await readdir(join(fixture.directory, 'archives'))).toEqual([]);
  });

  it('says nothing in time', async () => {
    const hurried = fixture.open({ timeoutMs: 50 });
    const silent = await ChartServer.start();
    silent.isSilent = true;
    expect(await opened({ ...web('1.0.0'), repoURL: silent.url }, hurried)).toBe('CHART_TIMEOUT');
    await silent.close();
  });
});
