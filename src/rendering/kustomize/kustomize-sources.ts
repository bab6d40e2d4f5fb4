import { isObject } from '../../kernel/json.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { cleanPath, type GitTree } from '../../repositories/domain/git-tree.js';
import { isRemoteReference, pathsIn, referencesOf } from '../domain/kustomize/kustomization.js';
import { kustomizeCharts, type KustomizeChart } from '../domain/kustomize/kustomize-charts.js';
import { renderFailure, type RenderFailure } from '../domain/render-failure.js';
import { KUSTOMIZATION_FILES } from '../domain/source-type.js';
import { parseDocuments } from '../parse-documents.js';

export type ReadFile = (path: string) => Promise<Result<string, RenderFailure>>;

const MAX_DIRECTORIES = 500;

export interface KustomizeReach {
  directories: string[];
  /** Some kustomization inflates charts, which all lie in the repository. */
  usesHelm: boolean;
}

/**
 * Every directory that building one kustomization can read, found by following its files through the tree. Refuses what
 * would leave the repository or be fetched over the network before kustomize is started. A reference is followed only
 * where the tree itself says what it is: through a symlink kustomize could reach a kustomization nobody looked at.
 */
export class KustomizeSources {
  private readonly directories = new Set<string>();
  private readonly pluginDirectories = new Set<string>();
  private usesHelm = false;
  private readonly pending: string[] = [];

  constructor(
    private readonly tree: GitTree,
    private readonly readFile: ReadFile,
  ) {}

  /** `root` is the already parsed kustomization of `path`, with the Application's options in it. */
  async find(path: string, root: Record<string, unknown>): Promise<Result<KustomizeReach, RenderFailure>> {
    this.directories.add(path);
    const failure = await this.follow(root, path);
    if (failure !== undefined) return fail(failure);
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) {
      const failed = await this.visit(next);
      if (failed !== undefined) return fail(failed);
      if (this.directories.size <= MAX_DIRECTORIES) continue;
      return fail(
        renderFailure('RENDER_TOO_LARGE', `more than ${MAX_DIRECTORIES} kustomizations depend on each other`),
      );
    }
    return ok({ directories: [...this.directories].sort(), usesHelm: this.usesHelm });
  }

  private async visit(path: string): Promise<RenderFailure | undefined> {
    const kustomization = await readKustomization(this.tree, path, this.readFile);
    if (!kustomization.ok) return kustomization.error;
    // Not a kustomization: kustomize says so itself, in its own words.
    return kustomization.value === undefined ? undefined : this.follow(kustomization.value.content, path);
  }

  private async follow(kustomization: Record<string, unknown>, at: string): Promise<RenderFailure | undefined> {
    const { resources, plugins, files, hasCharts, helm } = referencesOf(kustomization);
    if (helm[0] !== undefined) return helmRefused(at, helm[0]);
    const refusedChart = hasCharts ? this.reachCharts(kustomization, at) : undefined;
    if (refusedChart !== undefined) return refusedChart;
    const remote = files.find((file) => isRemoteFile(file));
    if (remote !== undefined) return remoteRefused(at, remote);
    for (const reference of resources) {
      const failure = await this.reachResource(reference, at);
      if (failure !== undefined) return failure;
    }
    for (const reference of plugins) {
      const failure = await this.reachPlugin(reference, at);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  private reachCharts(kustomization: Record<string, unknown>, at: string): RenderFailure | undefined {
    const found = kustomizeCharts(kustomization);
    if ('refused' in found) return renderFailure('KUSTOMIZE_OPTION_REFUSED', `"${at}": ${found.refused}`, at);
    for (const chart of found.charts) {
      const path = locate(chart.path, at);
      if (!path.ok) return path.error;
      if (this.tree.get(path.value)?.kind !== 'directory') return chartRefused(at, chart);
      this.directories.add(path.value);
      this.usesHelm = true;
    }
    return undefined;
  }

  private async reachResource(reference: string, at: string): Promise<RenderFailure | undefined> {
    const path = locate(reference, at);
    if (!path.ok) return path.error;
    if (this.tree.get(path.value)?.kind !== 'directory') {
      const file = await this.readFile(path.value);
      return file.ok ? undefined : file.error;
    }
    if (this.directories.has(path.value)) return undefined;
    this.directories.add(path.value);
    this.pending.push(path.value);
    return undefined;
  }

  /** A generator, transformer or validator: a file whose own paths count too, or its text in place. */
  private async reachPlugin(reference: string, at: string): Promise<RenderFailure | undefined> {
    if (reference.includes('\n')) return checkPlugin(reference, at);
    const path = locate(reference, at);
    if (!path.ok) return path.error;
    if (this.tree.get(path.value)?.kind === 'directory') return this.reachPlugins(path.value);
    const text = await this.readFile(path.value);
    return text.ok ? checkPlugin(text.value, path.value) : text.error;
  }

  /** A kustomization of plugins: only a list of files can be looked through, since all else might change them. */
  private async reachPlugins(path: string): Promise<RenderFailure | undefined> {
    if (this.pluginDirectories.has(path)) return undefined;
    this.pluginDirectories.add(path);
    this.directories.add(path);
    const kustomization = await readKustomization(this.tree, path, this.readFile);
    if (!kustomization.ok) return kustomization.error;
    const content = kustomization.value?.content ?? {};
    const strange = Object.keys(content).find((field) => !['apiVersion', 'kind', 'resources'].includes(field));
    if (strange !== undefined) {
      const message = `the kustomization of plugins in "${path}" has ${strange}: it may list resources only`;
      return renderFailure('SOURCE_TYPE_NOT_SUPPORTED', message, path);
    }
    for (const resource of referencesOf(content).resources) {
      const failure = await this.reachPlugin(resource, path);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }
}

export interface KustomizationFile {
  path: string;
  content: Record<string, unknown>;
}

/** The kustomization of a directory; undefined where there is none. */
export async function readKustomization(
  tree: GitTree,
  directory: string,
  readFile: ReadFile,
): Promise<Result<KustomizationFile | undefined, RenderFailure>> {
  const candidates = KUSTOMIZATION_FILES.map((name) => (directory === '' ? name : `${directory}/${name}`));
  const path = candidates.find((candidate) => tree.get(candidate) !== undefined);
  if (path === undefined) return ok(undefined);
  const text = await readFile(path);
  if (!text.ok) return text;
  const documents = parseDocuments(text.value, path);
  if (!documents.ok) return documents;
  const content = documents.value[0]?.value ?? {};
  if (documents.value.length <= 1 && isObject(content)) return ok({ path, content });
  return fail(renderFailure('KUSTOMIZE_FAILED', `${path} must hold one kustomization`, path));
}

function locate(reference: string, at: string): Result<string, RenderFailure> {
  if (isRemoteReference(reference)) return fail(remoteRefused(at, reference));
  const path = reference.startsWith('/') ? undefined : cleanPath(at === '' ? reference : `${at}/${reference}`);
  return path === undefined ? fail(escapeRefused(at, reference)) : ok(path);
}

function checkPlugin(text: string, path: string): RenderFailure | undefined {
  const documents = parseDocuments(text, path);
  if (!documents.ok) return documents.error;
  for (const { value } of documents.value) {
    if (isObject(value) && value.kind === 'HelmChartInflationGenerator') return helmRefused(path, value.kind);
    const remote = pathsIn(value).find((reference) => isRemoteFile(reference));
    if (remote !== undefined) return remoteRefused(path, remote);
  }
  return undefined;
}

function isRemoteFile(reference: string): boolean {
  return /^\s*https?:/i.test(reference);
}

function remoteRefused(where: string, reference: string): RenderFailure {
  const shown = reference.replace(/\/\/[^/@\s]*@/, '//').slice(0, 200);
  const message = `the kustomization in "${where}" reads "${shown}" over the network: copy it into the repository`;
  return renderFailure('KUSTOMIZE_REMOTE_REFUSED', message, where);
}

function chartRefused(where: string, { name, path, repository }: KustomizeChart): RenderFailure {
  const from = repository === '' ? '' : `, and ${repository.replace(/\/\/[^/@\s]*@/, '//').slice(0, 200)} is not asked`;
  const message = `the kustomization in "${where}" inflates the chart "${name}", which is not at "${path}"${from}: copy it there`;
  return renderFailure('KUSTOMIZE_REMOTE_REFUSED', message, where);
}

function escapeRefused(where: string, reference: string): RenderFailure {
  const message = `the kustomization in "${where}" reads "${reference.slice(0, 200)}", outside the repository`;
  return renderFailure('PATH_ESCAPE', message, where);
}

function helmRefused(where: string, field: string): RenderFailure {
  const message = `the kustomization in "${where}" uses ${field}: name the chart under helmCharts`;
  return renderFailure('SOURCE_TYPE_NOT_SUPPORTED', message, field);
}
