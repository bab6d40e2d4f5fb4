import { compileGlob, type GlobMatcher } from '../../kernel/glob.js';
import { parseGlob } from '../../kernel/glob-syntax.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { decodeText } from '../../kernel/decode-text.js';
import { isBlob } from '../../repositories/domain/git-tree.js';
import type { ManifestDocument } from '../domain/check-manifests.js';
import { isOverrideFile } from '../domain/source-overrides.js';
import { renderFailure, type RenderFailure } from '../domain/render-failure.js';
import type { DirectoryOptions } from '../domain/render-request.js';
import { parseJsonFile, readManifests } from '../read-manifests.js';
import type { PreparedRender, RenderedSource, Renderer, RenderJob } from '../renderer.js';

const MANIFEST_FILE = /\.(?:yaml|yml|json|jsonnet)$/;
const SKIP_MARKER = '+argocd:skip-file-rendering';

/** Plain manifests, file by file (argocd-behaviour.md 4.1). */
export class DirectoryRenderer implements Renderer {
  readonly type = 'Directory';

  async prepare(job: RenderJob): Promise<Result<PreparedRender, RenderFailure>> {
    const options = job.source.directory ?? {};
    const files = selectFiles(job, options);
    if (!files.ok) return files;
    // A symlink may read anything in the repository, so then everything counts as read.
    const links = files.value.some((file) => job.checkout.tree.get(file)?.kind === 'symlink');
    const content = links
      ? { root: job.checkout.tree.rootSha, path: job.path }
      : files.value.map((file) => [below(job, file), job.checkout.tree.get(file)?.sha]);
    return ok({ inputs: { content }, render: () => this.render(job, files.value) });
  }

  private async render(job: RenderJob, files: readonly string[]): Promise<Result<RenderedSource, RenderFailure>> {
    const rendered: RenderedSource = { documents: [], warnings: [] };
    const contents = await readAll(job, files, rendered.warnings);
    if (!contents.ok) return contents;
    for (const [file, content] of contents.value) {
      const origin = below(job, file);
      const documents = manifestsIn(decodeText(content), origin);
      if (!documents.ok) return documents;
      if (documents.value === undefined) rendered.warnings.push(`${origin} holds no manifests and is left out`);
      else rendered.documents.push(...documents.value);
    }
    return ok(rendered);
  }
}

/** In the order of the files. A symlink that leads to nothing or to a directory is left out, as Argo CD does. */
async function readAll(
  job: RenderJob,
  files: readonly string[],
  warnings: string[],
): Promise<Result<[string, Buffer][], RenderFailure>> {
  const isLink = (file: string): boolean => job.checkout.tree.get(file)?.kind === 'symlink';
  const plain = files.filter((file) => !isLink(file));
  const contents = await job.checkout.contents(plain);
  if (!contents.ok) return contents;
  const found = new Map(plain.map((file, index) => [file, contents.value[index] ?? Buffer.alloc(0)]));
  for (const file of files.filter(isLink)) {
    const content = await job.checkout.contents([file]);
    if (content.ok) found.set(file, content.value[0] ?? Buffer.alloc(0));
    else if (content.error.code !== 'PATH_NOT_FOUND') return content;
    else warnings.push(`${below(job, file)} is a link to no file and is left out`);
  }
  return ok(files.flatMap((file) => (found.has(file) ? [[file, found.get(file) ?? Buffer.alloc(0)]] : [])));
}

function selectFiles(job: RenderJob, options: DirectoryOptions): Result<string[], RenderFailure> {
  const include = globOf(options.include);
  const exclude = globOf(options.exclude);
  if (include === 'malformed') return malformedGlob('directory.include', options.include);
  if (exclude === 'malformed') return malformedGlob('directory.exclude', options.exclude);
  const files = job.checkout.tree
    .under(job.path)
    .filter(isBlob)
    .map((entry) => entry.path)
    .filter((path) => {
      const relative = below(job, path);
      if (options.recurse !== true && relative.includes('/')) return false;
      if (isOverrideFile(relative)) return false;
      if (options.disableExtensionFilter !== true && !MANIFEST_FILE.test(relative)) return false;
      return exclude?.(relative) !== true && include?.(relative) !== false;
    });
  const jsonnet = files.find((path) => path.endsWith('.jsonnet'));
  if (jsonnet === undefined) return ok(files);
  return fail(renderFailure('SOURCE_TYPE_NOT_SUPPORTED', `Jsonnet is not rendered yet (found ${jsonnet})`, jsonnet));
}

function globOf(pattern: string | undefined): GlobMatcher | undefined | 'malformed' {
  if (pattern === undefined || pattern === '') return undefined;
  const nodes = parseGlob(pattern);
  return nodes === undefined ? 'malformed' : compileGlob(nodes);
}

function malformedGlob(field: string, pattern: string | undefined): Result<never, RenderFailure> {
  return fail(renderFailure('SOURCE_INVALID', `${field} "${pattern}" is not a glob`, field));
}

/**
 * The manifests of one file; undefined for a file that is something else. One that looks like a manifest but cannot be
 * read is an error: leaving it out would prune what it holds.
 */
function manifestsIn(text: string, origin: string): Result<ManifestDocument[] | undefined, RenderFailure> {
  if (text.includes(SKIP_MARKER)) return ok([]);
  if (origin.endsWith('.json')) return parseJsonFile(text, origin);
  const { documents, failure } = readManifests(text, origin);
  if (failure === undefined) return ok(documents);
  const looksLikeManifest = ['apiVersion:', 'kind:', 'metadata:'].every((field) => text.includes(field));
  return documents.length > 0 || looksLikeManifest ? fail(failure) : ok(undefined);
}

function below(job: RenderJob, path: string): string {
  return job.path === '' ? path : path.slice(job.path.length + 1);
}
