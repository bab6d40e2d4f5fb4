import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS, unpackChart } from '../../../src/repositories/charts/chart-archive.js';
import { packChart, rawArchive, type RawEntry } from '../../support/charts.js';
import { HAS_HELM } from '../../support/helm.js';

const CHART: RawEntry = { path: 'web/Chart.yaml', content: 'name: web\n' };

const unpack = (entries: readonly RawEntry[], limits = {}) =>
  unpackChart(rawArchive(entries), 'web', { ...ARCHIVE_LIMITS, ...limits });

async function codeOf(entries: readonly RawEntry[], limits = {}): Promise<string | undefined> {
  const unpacked = await unpack(entries, limits);
  return unpacked.ok ? undefined : unpacked.error.code;
}

async function filesOf(entries: readonly RawEntry[]): Promise<string[]> {
  const unpacked = await unpack(entries);
  if (!unpacked.ok) throw new Error(unpacked.error.message);
  return unpacked.value.tree.files();
}

describe('the archive of a chart', () => {
  it.skipIf(!HAS_HELM)('that helm packed holds its files without the folder around them', async () => {
    const { archive } = await packChart('web', '1.0.0', { 'files/a.txt': 'hello' });
    const unpacked = await unpackChart(archive, 'web');
    if (!unpacked.ok) throw new Error(unpacked.error.message);
    const { tree, blobs } = unpacked.value;
    expect(tree.files().sort()).toEqual(['Chart.yaml', 'files/a.txt', 'templates/settings.yaml']);
    expect(blobs.get(tree.get('files/a.txt')?.sha ?? '')?.toString()).toBe('hello');
  });

  it('is named by its content, not by when and in which order it was packed', async () => {
    const more = { path: 'web/values.yaml', content: 'a: 1\n' };
    const [one, two] = [await unpack([CHART, more]), await unpack([more, { path: 'web/', type: '5' }, CHART])];
    expect(one.ok && two.ok && one.value.tree.rootSha === two.value.tree.rootSha).toBe(true);
  });

  it('may have long names, in either way that tar writes them', async () => {
    const long = `web/${'d/'.repeat(60)}file.yaml`;
    const record = `path=${long}\n`;
    const pax = `${record.length + 4} ${record}`;
    expect(await filesOf([CHART, { path: 'x', type: 'x', content: pax }, { path: 'short' }])).toContain(long.slice(4));
    expect(await filesOf([CHART, { path: 'x', type: 'L', content: `${long}\0` }, { path: 'short' }])).toContain(
      long.slice(4),
    );
  });

  it('is the one in the folder of its name, where there are several', async () => {
    const entries = [{ path: 'other/Chart.yaml' }, CHART, { path: 'web/a.yaml' }, { path: 'other/b.yaml' }];
    expect((await filesOf(entries)).sort()).toEqual(['Chart.yaml', 'a.yaml']);
    const others = [{ path: 'a/Chart.yaml' }, { path: 'b/Chart.yaml' }];
    expect(await codeOf(others)).toBe('CHART_CORRUPT');
    expect(await codeOf([{ path: 'Chart.yaml' }])).toBe('CHART_CORRUPT');
  });

  it.each([
    ['an absolute path', [{ path: '/etc/passwd' }]],
    ['a path above it', [{ path: '../evil' }]],
    ['a path that goes up on its way', [{ path: 'web/../../evil' }]],
    ['a symlink out of it', [{ path: 'web/link', type: '2', target: '../../../etc/passwd' }]],
    ['an absolute symlink', [{ path: 'web/link', type: '2', target: '/etc/passwd' }]],
    [
      'a chain of symlinks out of it',
      [
        { path: 'web/a', type: '2', target: 'b' },
        { path: 'web/b', type: '2', target: '..' },
      ],
    ],
    ['a hard link to a file outside', [{ path: 'web/link', type: '1', target: '/etc/passwd' }]],
  ])('is refused with %s', async (_what, entries) => {
    expect(await codeOf([CHART, ...entries])).toBe('PATH_ESCAPE');
  });

  it('keeps links that stay inside', async () => {
    const links = [
      { path: 'web/soft', type: '2', target: 'Chart.yaml' },
      { path: 'web/hard', type: '1', target: 'web/Chart.yaml' },
    ];
    expect((await filesOf([CHART, ...links])).sort()).toEqual(['Chart.yaml', 'hard', 'soft']);
  });

  it('is refused with a device, a file below a file, or what is no archive', async () => {
    expect(await codeOf([CHART, { path: 'web/tty', type: '3' }])).toBe('CHART_CORRUPT');
    expect(await codeOf([CHART, { path: 'web/a' }, { path: 'web/a/b' }])).toBe('CHART_CORRUPT');
    for (const bytes of [
      Buffer.from('<html>'),
      gzipSync('no tar at all'.repeat(100)),
      rawArchive([CHART]).subarray(0, 60),
    ]) {
      expect(await unpackChart(bytes, 'web')).toMatchObject({ ok: false, error: { code: 'CHART_CORRUPT' } });
    }
  });

  it('is bounded in bytes, files, names and depth', async () => {
    const bomb = gzipSync(Buffer.alloc(ARCHIVE_LIMITS.maxUnpackedBytes + 1));
    expect(await unpackChart(bomb, 'web')).toMatchObject({ ok: false, error: { code: 'CHART_TOO_LARGE' } });
    const many = Array.from({ length: 30 }, (_, index) => ({ path: `web/${index}` }));
    expect(await codeOf([CHART, ...many], { maxFiles: 20 })).toBe('CHART_TOO_LARGE');
    expect(await codeOf([CHART, { path: `web/${'n'.repeat(90)}` }], { maxPathLength: 80 })).toBe('CHART_TOO_LARGE');
    expect(await codeOf([CHART, { path: `web/${'d/'.repeat(40)}f` }], { maxDepth: 20 })).toBe('CHART_TOO_LARGE');
    expect(await codeOf([CHART], { maxPackedBytes: 10 })).toBe('CHART_TOO_LARGE');
  });
});
