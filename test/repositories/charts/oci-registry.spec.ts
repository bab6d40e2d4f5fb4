import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredCharts } from '../../../src/repositories/charts/stored-charts.js';
import type { ChartReference } from '../../../src/repositories/domain/checkout.js';
import { fileOf, packChart, runHelm, type PackedChart } from '../../support/charts.js';
import { HAS_HELM } from '../../support/helm.js';
import { OciServer } from '../../support/oci-server.js';
import { openedBy, StoredChartsFixture } from '../../support/stored-charts.js';

const POLL_SECONDS = 180;
const READER = { plainHttp: true, username: 'reader', password: 's3cret' };

let one: PackedChart;
let two: PackedChart;
let registry: OciServer;
let fixture: StoredChartsFixture;
let charts: StoredCharts;

beforeAll(async () => {
  if (!HAS_HELM) return;
  one = await packChart('web', '1.0.0');
  two = await packChart('web', '1.1.0+build.7');
});

beforeEach(async () => {
  registry = await OciServer.start();
  fixture = await StoredChartsFixture.create();
  fixture.accesses.given.set(`oci://${registry.host}`, { plainHttp: true });
  charts = fixture.open();
});

afterEach(async () => {
  await fixture.close();
  await registry.close();
});

/** By helm itself. */
async function push(...packed: readonly PackedChart[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'push-'));
  try {
    for (const chart of packed) {
      await writeFile(join(folder, fileOf(chart)), chart.archive);
      await runHelm(['push', join(folder, fileOf(chart)), `oci://${registry.host}/team`, '--plain-http'], folder);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  registry.asked.length = 0;
}

const web = (version: string, repoURL = `${registry.host}/team`): ChartReference => ({
  repoURL,
  chart: 'web',
  version,
});

const opened = (reference: ChartReference, by = charts): Promise<string> => openedBy(by, reference);

describe.skipIf(!HAS_HELM)('a chart of an OCI registry', () => {
  it('is opened by its version or by a range, with or without a scheme before the registry', async () => {
    await push(one, two);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(await opened(web('1.0.0', `oci://${registry.host}/team`))).toBe('1.0.0');
    expect(await opened(web('1.1.0+build.7'))).toBe('1.1.0+build.7');
    expect(await opened(web('^1.0'))).toBe('1.1.0+build.7');
    expect(await opened({ repoURL: registry.host, chart: 'team/web', version: '1.0.0' })).toBe('1.0.0');
    expect(registry.count('GET', /blobs/)).toBe(2);
  });

  it('is the tag itself where a version is named: no tags are listed', async () => {
    await push(one);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(registry.count('GET', /tags/)).toBe(0);
    expect(await opened(web('1.0'))).toBe('CHART_VERSION_NOT_FOUND');
    expect(await opened(web('2.x'))).toBe('CHART_VERSION_NOT_FOUND');
    expect(await opened({ ...web('1.x'), chart: 'absent' })).toBe('CHART_VERSION_NOT_FOUND');
    expect(await opened({ ...web('1.x'), chart: '../etc' })).toBe('CHART_NOT_FOUND');
  });

  it('is found on whichever page of tags it stands', async () => {
    await push(one, two);
    const others = Array.from({ length: 350 }, (_, index) => `0.${index}.0`);
    registry.tags.set('team/web', [...others, 'latest', ...(registry.tags.get('team/web') ?? [])]);
    expect(await opened(web('>=1'))).toBe('1.1.0+build.7');
    expect(registry.count('GET', /tags/)).toBe(4);
  });

  it('is asked for once in a poll interval, and follows its tag', async () => {
    await push(one);
    expect(await opened(web('1.x'))).toBe('1.0.0');
    expect(await charts.poll(web('1.x'))).toEqual({ changed: false });
    await push(two);
    expect(await charts.poll(web('1.x'))).toEqual({ changed: false });
    fixture.clock.advance(POLL_SECONDS);
    expect(await charts.poll(web('1.x'))).toEqual({ changed: true });
    expect(await opened(web('1.x'))).toBe('1.1.0+build.7');
    expect(registry.count('GET', /tags/)).toBe(1);
  });

  it('goes on under its version when the registry is away', async () => {
    await push(one);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    registry.isDown = true;
    expect(await opened(web('1.0.0'), fixture.open())).toBe('1.0.0');
    expect(await opened(web('1.x'), fixture.open())).toBe('CHART_UNREACHABLE');
  });

  it('is refused where its bytes are not those of its digest, or where it is no chart', async () => {
    await push(one);
    for (const [digest] of registry.blobs) registry.blobs.set(digest, two.archive);
    expect(await opened(web('1.0.0'))).toBe('CHART_CORRUPT');
    const body = Buffer.from(JSON.stringify({ layers: [{ mediaType: 'application/x-tar', digest: 'x', size: 1 }] }));
    registry.manifests.set('team/web:3.0.0', { type: 'application/vnd.oci.image.manifest.v1+json', body });
    expect(await opened(web('3.0.0'))).toBe('CHART_CORRUPT');
  });
});

describe.skipIf(!HAS_HELM)('the credentials of a registry', () => {
  it.each(['basic', 'token'] as const)(
    'open one that asks for them by %s, and wrong ones or none do not',
    async (auth) => {
      await push(one);
      registry.auth = auth;
      expect(await opened(web('1.0.0'))).toBe('CHART_AUTH');
      fixture.accesses.given.set(`oci://${registry.host}`, { ...READER, password: 'wrong' });
      expect(await opened(web('1.0.0'), fixture.open())).toBe('CHART_AUTH');
      fixture.accesses.given.set(`oci://${registry.host}`, READER);
      const reader = fixture.open();
      expect(await opened(web('1.x'), reader)).toBe('1.0.0');
      expect(registry.asked.filter(({ path }) => path.startsWith('/token')).length).toBe(auth === 'token' ? 3 : 0);
      expect(JSON.stringify(fixture.log.lines)).not.toContain('s3cret');
    },
  );

  it('are sent only after the registry has asked for them', async () => {
    await push(one);
    fixture.accesses.given.set(`oci://${registry.host}`, READER);
    expect(await opened(web('1.0.0'))).toBe('1.0.0');
    expect(registry.asked.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });
});

describe('a registry', () => {
  it('is asked over TLS unless plain HTTP is allowed for it', async () => {
    fixture.accesses.given.set(`oci://${registry.host}`, {});
    expect(await opened(web('1.0.0'))).toBe('CHART_UNREACHABLE');
    expect(registry.asked).toEqual([]);
  });

  it('that is not in the fleet of names is refused by name', async () => {
    expect(await opened(web('1.0.0', 'oci://'))).toBe('CHART_REFUSED');
    expect(await opened(web('1.0.0', 'oci://user@bad host/x'))).toBe('CHART_REFUSED');
  });
});
