import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { Checkout, Checkouts } from '../../repositories/domain/checkout.js';
import { cleanPath, isBlob, type TreeEntry } from '../../repositories/domain/git-tree.js';
import { BoundedCache } from '../../repositories/git/bounded-cache.js';
import { chartMetadata, type ChartDependency, type ChartMetadata } from '../domain/helm/chart-metadata.js';
import type { SourceRequest } from '../domain/render-request.js';
import { renderFailure, type RenderFailure } from '../domain/render-failure.js';
import { parseDocuments } from '../parse-documents.js';
import type { RenderJob } from '../renderer.js';

/** A chart that another one needs and does not bring along. */
interface AddedChart {
  name: string;
  /** Beside the chart in its own repository, or downloaded. */
  from: { path: string } | { checkout: Checkout };
}

export interface Chart {
  /** All of its files, named by their digests: JSON, part of the bundle's input key. */
  content: unknown;
  /** Whether its templates may ask for `.Capabilities`. */
  seesCluster: boolean;
  added: readonly AddedChart[];
}

type Place = Pick<RenderJob, 'checkout' | 'path'> & { source?: Pick<SourceRequest, 'helm'> };

const LONGEST_TEMPLATE = 1 << 20;
const CACHED_CHARTS = 10_000;

/** Finds out which files make up a chart, with the charts it depends on, and lays them out for Helm. */
export class ChartSource {
  private readonly seeing = new BoundedCache<boolean>(CACHED_CHARTS, () => 1);

  constructor(private readonly checkouts: Checkouts) {}

  async open(place: Place): Promise<Result<Chart, RenderFailure>> {
    const metadata = await readMetadata(place);
    if (!metadata.ok) return metadata;
    const added: AddedChart[] = [];
    for (const dependency of withoutRepeats(metadata.value.dependencies)) {
      if (isVendored(dependency, place)) continue;
      const chart = await this.find(dependency, place);
      if (!chart.ok) return chart;
      added.push(chart.value);
    }
    const places = [
      place,
      ...added.map(({ from }) => ('path' in from ? { ...place, ...from } : { ...from, path: '' })),
    ];
    let seesCluster = metadata.value.constrainsKubernetes;
    for (const each of places) {
      const asks = seesCluster ? ok(true) : await this.asksForCapabilities(each);
      if (!asks.ok) return asks;
      seesCluster = asks.value;
    }
    return ok({ content: places.map(contentOf), seesCluster, added });
  }

  /** Writes the chart below `into`, at its place in the repository, and what it needs into its `charts`. */
  async layOut(place: Place, { added }: Chart, into: string): Promise<Result<void, RenderFailure>> {
    const beside = added.flatMap(({ from }) => ('path' in from ? [from.path] : []));
    // A symlink may lead to any file of the repository.
    const paths = hasLinks(place) ? [''] : [place.path, ...beside];
    const exported = await place.checkout.export(paths, into);
    if (!exported.ok) return exported;
    for (const [index, { name, from }] of added.entries()) {
      // Versions of one chart lie beside each other: Helm goes by what their files say.
      const isFirst = added.findIndex((each) => each.name === name) === index;
      const target = join(into, place.path, 'charts', isFirst ? name : `${name}-${index}`);
      await mkdir(join(into, place.path, 'charts'), { recursive: true });
      if ('path' in from) await cp(join(into, from.path), target, { recursive: true, verbatimSymlinks: true });
      else {
        const written = await from.checkout.export([''], target);
        if (!written.ok) return written;
      }
    }
    return ok(undefined);
  }

  private async find(dependency: ChartDependency, place: Place): Promise<Result<AddedChart, RenderFailure>> {
    const { name, repository, version } = dependency;
    if (!/^[a-zA-Z0-9._-]+$/.test(name) || name.startsWith('.')) return refused(dependency, 'has no usable name');
    if (repository.startsWith('file://')) {
      const beside = repository.slice('file://'.length);
      const path = beside.startsWith('/') ? undefined : cleanPath(`${place.path}/${beside}`);
      if (path === undefined) return refused(dependency, 'lies outside of the repository');
      if (place.checkout.tree.get(path)?.kind === 'directory') return ok({ name, from: { path } });
      return refused(dependency, 'is not there');
    }
    if (!/^(?:https?|oci):\/\//.test(repository)) return refused(dependency, 'names no repository that can be read');
    const passCredentials = place.source?.helm?.passCredentials === true;
    const checkout = await this.checkouts.chart({ repoURL: repository, chart: name, version, passCredentials });
    return checkout.ok ? ok({ name, from: { checkout: checkout.value } }) : checkout;
  }

  private async asksForCapabilities(place: Place): Promise<Result<boolean, RenderFailure>> {
    const key = JSON.stringify(contentOf(place));
    const known = this.seeing.get(key);
    if (known !== undefined) return ok(known);
    const files = place.checkout.tree.under(place.path).filter(isBlob).filter(isTemplate);
    const opaque = files.some(({ path, size }) => path.endsWith('.tgz') || size > LONGEST_TEMPLATE);
    const texts = opaque ? ok([]) : await place.checkout.contents(files.map(({ path }) => path));
    if (!texts.ok) return texts;
    const asks = opaque || texts.value.some((text) => text.includes('Capabilities'));
    this.seeing.set(key, asks);
    return ok(asks);
  }
}

async function readMetadata({ checkout, path }: Place): Promise<Result<ChartMetadata, RenderFailure>> {
  const files: Record<string, unknown> = {};
  for (const name of ['Chart.yaml', 'requirements.yaml', 'Chart.lock', 'requirements.lock']) {
    const read = await readYaml(checkout, path === '' ? name : `${path}/${name}`);
    if (!read.ok) return read;
    files[name] = read.value;
  }
  const chart = files['Chart.yaml'];
  if (chart === undefined) return fail(renderFailure('HELM_FAILED', `there is no Chart.yaml in "${path}"`, path));
  const lock = files['Chart.lock'] ?? files['requirements.lock'];
  return ok(chartMetadata({ chart, requirements: files['requirements.yaml'], lock }));
}

/** The first document of a file; undefined where there is no such file. */
async function readYaml(checkout: Checkout, file: string): Promise<Result<unknown, RenderFailure>> {
  if (checkout.tree.get(file) === undefined) return ok(undefined);
  const content = await checkout.contents([file]);
  if (!content.ok) return content;
  const documents = parseDocuments(content.value[0]?.toString('utf8') ?? '', file, 'last-wins');
  return documents.ok ? ok(documents.value[0]?.value ?? {}) : documents;
}

/** Under several aliases a chart is named several times. */
function withoutRepeats(dependencies: readonly ChartDependency[]): ChartDependency[] {
  const keys = dependencies.map(({ name, repository, version }) => JSON.stringify([name, repository, version]));
  return dependencies.filter((_dependency, index) => keys.indexOf(keys[index] ?? '') === index);
}

/** Helm asks for a chart of that name in `charts` and looks no further. */
function isVendored({ name }: ChartDependency, { checkout, path }: Place): boolean {
  const folder = path === '' ? 'charts' : `${path}/charts`;
  if (checkout.tree.get(`${folder}/${name}`) !== undefined) return true;
  const archive = `${folder}/${name}-`;
  return checkout.tree.under(folder).some((entry) => entry.path.startsWith(archive) && entry.path.endsWith('.tgz'));
}

function isTemplate({ path }: TreeEntry): boolean {
  return /(?:^|\/)(?:templates|charts)\//.test(path) || /(?:^|\/)Chart\.yaml$/.test(path);
}

function contentOf({ checkout, path }: Place): unknown {
  const { rootSha } = checkout.tree;
  return hasLinks({ checkout, path }) ? { root: rootSha, path } : (checkout.tree.get(path)?.sha ?? rootSha);
}

function hasLinks({ checkout, path }: Place): boolean {
  return checkout.tree.under(path).some(({ kind }) => kind === 'symlink');
}

function refused({ name, repository }: ChartDependency, why: string): Result<never, RenderFailure> {
  const message = `the dependency "${name}" of the chart (repository "${repository.slice(0, 200)}") ${why}`;
  return fail(renderFailure('HELM_FAILED', message, 'Chart.yaml'));
}
