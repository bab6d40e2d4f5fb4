import { fail, ok, type Result } from '../kernel/result.js';
import type { Checkout, Checkouts } from '../repositories/domain/checkout.js';
import { cleanPath, isBlob } from '../repositories/domain/git-tree.js';
import { renderFailure, type RenderFailure } from './domain/render-failure.js';
import type { RenderRequest, SourceRequest } from './domain/render-request.js';
import { overrideFiles, overrideSource } from './domain/source-overrides.js';
import { parseDocuments } from './parse-documents.js';
import type { RenderJob } from './renderer.js';

export interface OpenedSources {
  /** One for each source that gives manifests. */
  jobs: RenderJob[];
  /** What each source's revision names, in the order of the request. */
  revisions: string[];
}

interface Opened {
  source: SourceRequest;
  checkout: Checkout;
}

const REFERENCE = /^[a-zA-Z0-9_-]+$/;

/** The sources of an Application as their revisions are now, each with what may be read beside it. */
export async function openSources(
  checkouts: Checkouts,
  request: RenderRequest,
): Promise<Result<OpenedSources, RenderFailure>> {
  const fault = faultInReferences(request.sources);
  if (fault !== undefined) return fail(fault);
  const opened: Opened[] = [];
  for (const source of request.sources) {
    const checkout = await openSource(checkouts, source);
    if (!checkout.ok) return checkout;
    opened.push({ source, checkout: checkout.value });
  }
  const references = new Map(opened.flatMap(({ source, checkout }) => (source.ref ? [[source.ref, checkout]] : [])));
  const jobs: RenderJob[] = [];
  for (const entry of opened.filter(({ source }) => givesManifests(source))) {
    const job = await jobOf(entry, request, references);
    if (!job.ok) return job;
    jobs.push(job.value);
  }
  return ok({ jobs, revisions: opened.map(({ checkout }) => checkout.revision) });
}

function faultInReferences(sources: readonly SourceRequest[]): RenderFailure | undefined {
  const seen = new Set<string>();
  for (const { ref } of sources) {
    if (ref === undefined || ref === '') continue;
    if (!REFERENCE.test(ref)) {
      return renderFailure('SOURCE_INVALID', `the ref "${ref}" may hold letters, digits, _ and - only`, 'ref');
    }
    if (seen.has(ref)) return renderFailure('SOURCE_INVALID', `two sources have the ref "${ref}"`, 'ref');
    seen.add(ref);
  }
  return undefined;
}

/** A source that only lends its files has neither path nor chart (argocd-behaviour.md 4.1). */
function givesManifests({ ref, path, chart }: SourceRequest): boolean {
  return !ref || path !== '' || Boolean(chart);
}

function openSource(checkouts: Checkouts, { repoURL, revision, chart, tagPrefix, helm }: SourceRequest) {
  const passCredentials = helm?.passCredentials === true;
  if (chart) return checkouts.chart({ repoURL, chart, version: revision, passCredentials });
  return checkouts.repository(repoURL, revision, tagPrefix);
}

async function jobOf(
  { source, checkout }: Opened,
  { application, cluster }: RenderRequest,
  references: ReadonlyMap<string, Checkout>,
): Promise<Result<RenderJob, RenderFailure>> {
  const path = source.chart ? '' : cleanPath(source.path);
  if (path === undefined) {
    return fail(renderFailure('PATH_ESCAPE', `the path "${source.path}" leads out of the repository`, 'path'));
  }
  if (checkout.tree.get(path)?.kind !== 'directory') {
    const message = `there is no directory "${source.path}" at ${checkout.revision.slice(0, 12)}`;
    return fail(renderFailure('PATH_NOT_FOUND', message, 'path'));
  }
  const job = { checkout, path, source, application, cluster, references };
  return withOverrides(job);
}

async function withOverrides(job: RenderJob): Promise<Result<RenderJob, RenderFailure>> {
  const { checkout, path, application } = job;
  let { source } = job;
  for (const name of overrideFiles(application.instance)) {
    const file = path === '' ? name : `${path}/${name}`;
    const entry = checkout.tree.get(file);
    if (entry === undefined || !isBlob(entry)) continue;
    const content = await checkout.contents([file]);
    if (!content.ok) return content;
    const documents = parseDocuments(content.value[0]?.toString('utf8') ?? '', file, 'last-wins');
    if (!documents.ok) return documents;
    const overridden = overrideSource(source, { file, content: documents.value[0]?.value });
    if (!overridden.ok) return overridden;
    source = overridden.value;
  }
  return ok({ ...job, source });
}
