import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { digestBytes } from '../../kernel/digest.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { cleanPath, treeOf, type GitTree, type TreeEntry } from '../domain/git-tree.js';
import { readFailure, type ReadFailure, type ReadFailureCode } from '../domain/read-failure.js';
import { findEscape } from '../git/export-tree.js';
import { readTar, type TarEntry } from './domain/tar.js';

export interface ArchiveLimits {
  /** Of the archive as it is sent, and of what it holds. */
  maxPackedBytes: number;
  maxUnpackedBytes: number;
  maxFiles: number;
  maxPathLength: number;
  maxDepth: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  maxPackedBytes: 32 << 20,
  maxUnpackedBytes: 100 << 20,
  maxFiles: 20_000,
  maxPathLength: 1_024,
  maxDepth: 64,
};

/** A chart's files in memory. */
export interface UnpackedChart {
  /** Without the folder that archives of charts have around them; equal content has an equal `rootSha`. */
  tree: GitTree;
  /** By the names in the tree; of a symlink its target. */
  blobs: ReadonlyMap<string, Buffer>;
  bytes: number;
}

const unzip = promisify(gunzip);

/**
 * Unpacks a chart's archive within bounds. One that holds devices, absolute paths, `..` or links that lead out of it is
 * refused as a whole.
 */
export async function unpackChart(
  archive: Buffer,
  chart: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<Result<UnpackedChart, ReadFailure>> {
  const bytes = await inflate(archive, chart, limits);
  if (!bytes.ok) return bytes;
  const entries = readTar(bytes.value, { maxEntries: limits.maxFiles, maxPathLength: limits.maxPathLength });
  if (!entries.ok) {
    const { isTooLarge, message } = entries.error;
    return refuse(isTooLarge ? 'CHART_TOO_LARGE' : 'CHART_CORRUPT', chart, message);
  }
  const placed = place(entries.value, chart, limits);
  if (!placed.ok) return placed;
  const inside = withoutTopFolder(placed.value, chart);
  return inside === undefined
    ? refuse('CHART_CORRUPT', chart, 'there is no Chart.yaml in its folder')
    : build(inside, chart);
}

async function inflate(archive: Buffer, chart: string, limits: ArchiveLimits): Promise<Result<Buffer, ReadFailure>> {
  const { maxPackedBytes, maxUnpackedBytes } = limits;
  const most = `more than ${maxUnpackedBytes} bytes are in it`;
  if (archive.length > maxPackedBytes)
    return refuse('CHART_TOO_LARGE', chart, `it has more than ${maxPackedBytes} bytes`);
  try {
    return ok(await unzip(archive, { maxOutputLength: maxUnpackedBytes }));
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge
      ? refuse('CHART_TOO_LARGE', chart, most)
      : refuse('CHART_CORRUPT', chart, 'it is no gzip archive');
  }
}

/** Files and symlinks by clean path; of two with one path the later counts, as for whoever unpacks them to disk. */
function place(
  entries: readonly TarEntry[],
  chart: string,
  limits: ArchiveLimits,
): Result<Map<string, TarEntry>, ReadFailure> {
  const placed = new Map<string, TarEntry>();
  for (const entry of entries) {
    const path = entry.path.includes('..') && entry.path.split('/').includes('..') ? undefined : cleanPath(entry.path);
    const shown = JSON.stringify(entry.path.slice(0, 200));
    if (path === undefined) return refuse('PATH_ESCAPE', chart, `the path ${shown} leads out of it`);
    if (path.split('/').length > limits.maxDepth) return refuse('CHART_TOO_LARGE', chart, `${shown} lies too deep`);
    if (entry.kind === 'other') return refuse('CHART_CORRUPT', chart, `${shown} is neither file, folder nor link`);
    if (entry.kind === 'directory' || path === '') continue;
    if (entry.kind !== 'hardlink') {
      placed.set(path, entry);
      continue;
    }
    const meant = placed.get(cleanPath(entry.target) ?? '');
    if (meant === undefined) return refuse('PATH_ESCAPE', chart, `the link ${shown} leads to nothing in it`);
    placed.set(path, { ...meant, path });
  }
  return ok(placed);
}

/** The folder of the chart's name, else the only one that holds a chart. */
function withoutTopFolder(entries: ReadonlyMap<string, TarEntry>, chart: string): Map<string, TarEntry> | undefined {
  const folders = [...entries.keys()].flatMap((path) => /^([^/]+)\/Chart\.yaml$/.exec(path)?.[1] ?? []);
  const named = chart.slice(chart.lastIndexOf('/') + 1);
  const folder = folders.includes(named) ? named : folders.length === 1 ? folders[0] : undefined;
  if (folder === undefined) return undefined;
  const start = `${folder}/`;
  const inside = [...entries].filter(([path]) => path.startsWith(start));
  return new Map(inside.map(([path, entry]) => [path.slice(start.length), entry]));
}

function build(files: ReadonlyMap<string, TarEntry>, chart: string): Result<UnpackedChart, ReadFailure> {
  const blobs = new Map<string, Buffer>();
  const leaves: TreeEntry[] = [];
  let bytes = 0;
  for (const [path, { kind, content, target }] of files) {
    const blob = kind === 'symlink' ? Buffer.from(target) : content;
    const sha = digestBytes(blob);
    blobs.set(sha, blob);
    bytes += blob.length;
    leaves.push({ path, kind: kind === 'symlink' ? 'symlink' : 'file', sha, size: blob.length });
  }
  const tree = treeOf(leaves);
  if (tree === undefined) return refuse('CHART_CORRUPT', chart, 'a file of it is a folder too');
  const targets = new Map(tree.symlinks.map(({ sha }) => [sha, blobs.get(sha)?.toString('utf8') ?? '']));
  const escape = findEscape(tree, tree.symlinks, targets);
  return escape === undefined ? ok({ tree, blobs, bytes }) : fail(escape);
}

function refuse(code: ReadFailureCode, chart: string, why: string): Result<never, ReadFailure> {
  return fail(readFailure(code, `the archive of the chart "${chart}" is refused: ${why}`));
}
