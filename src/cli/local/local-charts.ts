import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { digestBytes } from '../../kernel/digest.js';
import { messageOf } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { inOnePiece } from '../../kernel/pace.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { parseYaml } from '../../kubernetes/yaml.js';
import { unpackChart } from '../../repositories/charts/chart-archive.js';
import { chooseVersion, isVersion } from '../../repositories/charts/domain/chart-version.js';
import { readChartVersions } from '../../repositories/charts/domain/helm-index.js';
import type { ChartReference, Checkout } from '../../repositories/domain/checkout.js';
import { cleanPath } from '../../repositories/domain/git-tree.js';
import { readFailure, type ReadFailure } from '../../repositories/domain/read-failure.js';
import { TreeCheckout } from '../../repositories/tree-checkout.js';
import { plainDirectory } from './local-directory.js';

/** An archive in the folder. */
interface LocalArchive {
  version: string;
  /** From the folder. */
  file: string;
  digest?: string;
}

type Opened = Promise<Result<Checkout, ReadFailure>>;

/**
 * A chart out of a folder that stands for a Helm repository: by its `index.yaml`, by the names of archives
 * (`web-1.2.0.tgz`), else the chart that lies there unpacked, whatever its version.
 */
export async function localChart(folder: string, reference: ChartReference): Opened {
  const { chart, version } = reference;
  try {
    const archives = await archivesIn(folder, chart);
    const chosen = chooseVersion(
      version,
      archives.map((each) => each.version),
    );
    if (!chosen.ok) return fail(readFailure('CHART_VERSION_NOT_FOUND', `"${version}": ${chosen.error}`));
    const archive = archives.find((each) => each.version === chosen.value);
    if (archive !== undefined) return await openArchive(folder, chart, archive);
    const unpacked = unpackedIn(folder, chart);
    if (unpacked !== undefined) return await openFolder(unpacked);
    const known = archives.map((each) => each.version).slice(0, 10);
    const there = known.length === 0 ? 'nothing of that name' : known.join(', ');
    return fail(
      readFailure('CHART_VERSION_NOT_FOUND', `there is no chart "${chart}" ${version} in ${folder}: ${there}`),
    );
  } catch (error) {
    return fail(readFailure('GIT_STORAGE', `cannot read ${folder}: ${messageOf(error)}`));
  }
}

async function archivesIn(folder: string, chart: string): Promise<LocalArchive[]> {
  const index = join(folder, 'index.yaml');
  const listed = existsSync(index) ? inOnePiece(readChartVersions(await readFile(index, 'utf8'), chart)) : undefined;
  const archives = (listed ?? []).flatMap(({ version, urls: [url = ''], digest }): LocalArchive[] => {
    const file = [cleanPath(url), basename(url)].find((each) => each !== undefined && existsSync(join(folder, each)));
    return file ? [{ version, file, ...(digest === undefined ? {} : { digest }) }] : [];
  });
  const start = `${basename(chart)}-`;
  for (const file of await readdir(folder)) {
    const version = file.startsWith(start) && file.endsWith('.tgz') ? file.slice(start.length, -'.tgz'.length) : '';
    if (isVersion(version) && !archives.some((each) => each.version === version)) archives.push({ version, file });
  }
  return archives;
}

async function openArchive(folder: string, chart: string, { version, file, digest }: LocalArchive): Opened {
  const archive = await readFile(join(folder, file));
  if (digest !== undefined && digestBytes(archive) !== digest) {
    return fail(
      readFailure('CHART_CORRUPT', `${join(folder, file)} is not the archive that the index names by digest`),
    );
  }
  const unpacked = await unpackChart(archive, chart);
  if (!unpacked.ok) return unpacked;
  const { tree, blobs } = unpacked.value;
  const read = (sha: string): Buffer => blobs.get(sha) ?? Buffer.alloc(0);
  return ok(new TreeCheckout(version, tree, (entries) => Promise.resolve(ok(entries.map(({ sha }) => read(sha))))));
}

function unpackedIn(folder: string, chart: string): string | undefined {
  const name = cleanPath(chart);
  if (name === undefined || name === '') return undefined;
  const below = [join(folder, name), join(folder, 'charts', name)];
  const found = below.find((place) => existsSync(join(place, 'Chart.yaml')));
  return found ?? (metadataOf(folder, 'name') === basename(name) ? folder : undefined);
}

async function openFolder(folder: string): Opened {
  const checkout = await plainDirectory(folder);
  if (!checkout.ok) return checkout;
  const { tree } = checkout.value;
  const revision = metadataOf(folder, 'version');
  return ok({
    revision,
    tree,
    contents: (paths) => checkout.value.contents(paths),
    export: (paths, into) => checkout.value.export(paths, into),
  });
}

/** Empty where there is no chart, or it does not say. */
function metadataOf(folder: string, field: 'name' | 'version'): string {
  const file = join(folder, 'Chart.yaml');
  const metadata = existsSync(file) ? parseYaml(readFileSync(file, 'utf8')) : undefined;
  return isObject(metadata) ? String(own(metadata, field) ?? '') : '';
}
