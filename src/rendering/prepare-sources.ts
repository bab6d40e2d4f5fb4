import { digestJson } from '../kernel/digest.js';
import { fail, ok, type Result } from '../kernel/result.js';
import type { Checkouts } from '../repositories/domain/checkout.js';
import { renderFailure, type RenderFailure } from './domain/render-failure.js';
import type { RenderRequest } from './domain/render-request.js';
import { sourceTypeOf, type SourceType } from './domain/source-type.js';
import { openSources } from './open-sources.js';
import type { PreparedRender, RenderedSource, Renderer, RenderJob } from './renderer.js';

export interface SourceReaders {
  checkouts: Checkouts;
  renderers: readonly Renderer[];
}

/** Sources that were found and looked at, and not rendered yet. */
export interface PreparedSources {
  /** Digest of all that can change the output and of nothing else. */
  key: string;
  /** What the revision of each source named: a commit, or the version of a chart. */
  revisions: string[];
  /** Of each source that gives manifests. */
  sourceTypes: SourceType[];
  /** Some program among those that print them may print something else each time. */
  mayVary: boolean;
  /** What all of them print, one after the other. */
  render: () => Promise<Result<RenderedSource, RenderFailure>>;
}

/** Raised when the same inputs would give other bytes than before: it parts old keys from new ones. */
const KEY_VERSION = 3;

interface Prepared extends PreparedRender {
  type: SourceType;
}

/** Finds out what the sources are as their revisions are now. What cannot be read is a value, never a throw. */
export async function prepareSources(
  { checkouts, renderers }: SourceReaders,
  request: RenderRequest,
): Promise<Result<PreparedSources, RenderFailure>> {
  const opened = await openSources(checkouts, request);
  if (!opened.ok) return opened;
  const sources: Prepared[] = [];
  for (const job of opened.value.jobs) {
    const prepared = await prepare(job, renderers);
    if (!prepared.ok) return prepared;
    sources.push(prepared.value);
  }
  return ok({
    key: digestJson({ version: KEY_VERSION, sources: sources.map(({ type, inputs }) => ({ type, inputs })) }),
    revisions: opened.value.revisions,
    sourceTypes: sources.map(({ type }) => type),
    mayVary: sources.some(({ mayVary }) => mayVary === true),
    render: () => renderAll(sources),
  });
}

async function prepare(job: RenderJob, renderers: readonly Renderer[]): Promise<Result<Prepared, RenderFailure>> {
  const type = sourceTypeOf(job.source, namesIn(job));
  if (!type.ok) return type;
  const renderer = renderers.find((candidate) => candidate.type === type.value);
  if (renderer === undefined) {
    return fail(renderFailure('SOURCE_TYPE_NOT_SUPPORTED', `no renderer is set up for ${type.value} sources`));
  }
  const prepared = await renderer.prepare(job);
  return prepared.ok ? ok({ ...prepared.value, type: type.value }) : prepared;
}

async function renderAll(sources: readonly Prepared[]): Promise<Result<RenderedSource, RenderFailure>> {
  const all: RenderedSource = { documents: [], warnings: [] };
  for (const source of sources) {
    const rendered = await source.render();
    if (!rendered.ok) return rendered;
    all.documents.push(...rendered.value.documents);
    all.warnings.push(...rendered.value.warnings);
  }
  return ok(all);
}

function namesIn({ checkout, path }: RenderJob): Set<string> {
  const start = path === '' ? 0 : path.length + 1;
  const names = checkout.tree.under(path).map((entry) => entry.path.slice(start));
  return new Set(names.filter((name) => !name.includes('/')));
}
