import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import PQueue from 'p-queue';
import { fail, ok, type Result } from '../kernel/result.js';
import type { GitMirrors } from '../repositories/git/git-mirrors.js';
import { runProcess, type ProcessOutcome } from '../repositories/process.js';
import { applyKustomizeOptions, hasKustomizeOptions } from './domain/kustomize-options.js';
import { renderFailure, type RenderFailure } from './domain/render-failure.js';
import { KustomizeSources, readKustomization, type KustomizationFile, type ReadFile } from './kustomize-sources.js';
import { parseDocuments } from './parse-documents.js';
import type { PreparedRender, RenderedSource, Renderer, RenderJob } from './renderer.js';
import type { Tools } from './tools.js';

export interface KustomizeRendererOptions {
  tools: Tools;
  mirrors: GitMirrors;
  timeoutMs?: number;
  maxOutputBytes?: number;
  /** Where sources lie while they are rendered; each is removed afterwards. */
  workDirectory?: string;
  /** Kustomize processes at one time. */
  concurrency?: number;
}

interface Plan {
  job: RenderJob;
  directories: string[];
  /** Set where the Application's options changed the file. */
  edited?: KustomizationFile;
}

// Kustomize's own fetches go through Go's proxy settings: this one leads nowhere.
const NO_NETWORK = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };

/**
 * `kubectl kustomize` over an export that holds only what the overlay can reach: no plugins, no Helm, no network, no
 * environment, and files only from below each kustomization.
 */
export class KustomizeRenderer implements Renderer {
  readonly type = 'Kustomize';
  private readonly queue: PQueue;
  private readonly stopping = new AbortController();

  constructor(private readonly options: KustomizeRendererOptions) {
    this.queue = new PQueue({ concurrency: options.concurrency ?? 2 });
  }

  async prepare(job: RenderJob): Promise<Result<PreparedRender, RenderFailure>> {
    const planned = await this.plan(job);
    if (!planned.ok) return planned;
    const version = await this.options.tools.kustomizeVersion();
    if (!version.ok) return version;
    const inputs = { version: version.value, content: contentOf(planned.value), edited: planned.value.edited?.content };
    return ok({ inputs, render: () => this.queue.add(() => this.render(planned.value)) });
  }

  /** Kills what runs and refuses what comes. */
  close(): void {
    this.stopping.abort();
  }

  private async plan(job: RenderJob): Promise<Result<Plan, RenderFailure>> {
    const readFile: ReadFile = async (path) => {
      const file = await this.options.mirrors.file(job.url, job.sha, path);
      return file.ok ? ok(file.value.toString('utf8')) : file;
    };
    const file = await readKustomization(job.tree, job.path, readFile);
    if (!file.ok) return file;
    if (file.value === undefined) {
      return fail(renderFailure('KUSTOMIZE_FAILED', `there is no kustomization in "${job.path}"`, job.path));
    }
    const options = job.request.kustomize;
    const isEdited = hasKustomizeOptions(options);
    const content = isEdited ? applyKustomizeOptions(file.value.content, options) : ok(file.value.content);
    if (!content.ok) return content;
    const directories = await new KustomizeSources(job.tree, readFile).find(job.path, content.value);
    if (!directories.ok) return directories;
    const plan: Plan = { job, directories: directories.value };
    return ok(isEdited ? { ...plan, edited: { path: file.value.path, content: content.value } } : plan);
  }

  private async render(plan: Plan): Promise<Result<RenderedSource, RenderFailure>> {
    const folder = await realpath(await mkdtemp(join(this.options.workDirectory ?? tmpdir(), 'fleetwright-render-')));
    try {
      const source = { url: plan.job.url, sha: plan.job.sha };
      const exported = await this.options.mirrors.export(source, plan.directories, join(folder, 'source'));
      if (!exported.ok) return exported;
      if (plan.edited !== undefined) await overwrite(join(folder, 'source'), plan.edited);
      return await this.build(folder, plan.job);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async build(folder: string, job: RenderJob): Promise<Result<RenderedSource, RenderFailure>> {
    const kubectl = await this.options.tools.kubectl();
    if (!kubectl.ok) return kubectl;
    const timeoutMs = this.options.timeoutMs ?? 60_000;
    const outcome = await runProcess({
      command: kubectl.value,
      args: ['kustomize', join(folder, 'source', job.path)],
      cwd: folder,
      env: { HOME: folder, TMPDIR: folder, LC_ALL: 'C', ...NO_NETWORK },
      timeoutMs,
      signal: this.stopping.signal,
      maxOutputBytes: this.options.maxOutputBytes ?? 32 << 20,
    });
    const text = outputOf(outcome, { folder, job, timeoutMs });
    if (!text.ok) return text;
    const documents = parseDocuments(text.value, 'kustomize output');
    return documents.ok ? ok({ documents: documents.value, warnings: [] }) : documents;
  }
}

/**
 * What the build can read, named as it is seen from the overlay: equal overlays at different places share a bundle, and
 * a change elsewhere in the repository is none here. A symlink may lead anywhere, so then the whole commit counts.
 */
function contentOf({ job, directories }: Plan): unknown {
  const links = directories.some((path) => job.tree.under(path).some((entry) => entry.kind === 'symlink'));
  if (links) return { root: job.tree.rootSha, path: job.path };
  const content = directories.map((path) => [
    posix.relative(`/${job.path}`, `/${path}`),
    job.tree.get(path)?.sha ?? '',
  ]);
  return content.sort(([left = ''], [right = '']) => (left < right ? -1 : 1));
}

/** The export may hold the file as a symlink: it is replaced, never written through. */
async function overwrite(root: string, file: KustomizationFile): Promise<void> {
  const path = join(root, file.path);
  await rm(path, { force: true });
  await writeFile(path, JSON.stringify(file.content), { flag: 'wx' });
}

function outputOf(
  outcome: ProcessOutcome,
  { folder, job, timeoutMs }: { folder: string; job: RenderJob; timeoutMs: number },
): Result<string, RenderFailure> {
  switch (outcome.kind) {
    case 'exited':
      if (outcome.code === 0) return ok(outcome.stdout.toString('utf8'));
      return fail(renderFailure('KUSTOMIZE_FAILED', complaintOf(outcome.stderr, folder), job.path));
    case 'timeout':
      return fail(renderFailure('RENDER_TIMEOUT', `kustomize took longer than ${timeoutMs} ms`, job.path));
    case 'too-much-output':
      return fail(renderFailure('RENDER_TOO_LARGE', 'kustomize printed more than is read', job.path));
    case 'aborted':
      return fail(renderFailure('RENDERER_UNAVAILABLE', 'rendering was stopped: the hub is shutting down', job.path));
    case 'not-started':
      return fail(renderFailure('RENDERER_UNAVAILABLE', 'kubectl cannot be started: set KUBECTL_BINARY', job.path));
  }
}

/** kustomize's words, with paths as the repository spells them. */
function complaintOf(stderr: string, folder: string): string {
  const text = stderr.replaceAll(`${folder}/source/`, '').replaceAll(folder, '').trim();
  return `kustomize: ${text.replace(/^error: /, '').slice(0, 1000)}`;
}
