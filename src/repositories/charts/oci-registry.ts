import { digestBytes } from '../../kernel/digest.js';
import { isObject, own } from '../../kernel/json.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import type { ChartAccess } from './chart-access.js';
import { refusalOf, shownUrl, type ChartAnswer } from './chart-http.js';
import { nextLink } from './domain/bearer-challenge.js';
import { archiveLayer, type ArchiveLayer } from './domain/chart-manifest.js';
import { registryHost, type ChartRepository, type RegistryName } from './domain/chart-repository.js';
import type { RegistrySession } from './registry-session.js';

const MANIFESTS = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_PAGE_BYTES = 4 << 20;
const PAGE = 1_000;
const MOST_PAGES = 100;

/** One repository of an OCI registry, as far as charts need it (OCI distribution specification 1.1). */
export class OciRegistry {
  constructor(
    private readonly session: RegistrySession,
    private readonly repository: RegistryName,
    private readonly access: ChartAccess,
  ) {}

  /** Every tag, in the registry's order. */
  async tags(): Promise<Result<string[], ReadFailure>> {
    const tags: string[] = [];
    let url: URL | undefined = this.urlOf(`tags/list?n=${PAGE}`);
    for (let page = 0; url !== undefined; page += 1) {
      if (page === MOST_PAGES) return fail(readFailure('CHART_TOO_LARGE', `${this.shown} has too many tags`));
      const answer: Result<ChartAnswer, ReadFailure> = await this.ask(url, 'application/json', MAX_PAGE_BYTES);
      if (!answer.ok) return answer;
      const found = tagsIn(answer.value.body);
      if (found === undefined) return fail(readFailure('CHART_CORRUPT', `${this.shown} answered no list of tags`));
      for (const tag of found) tags.push(tag);
      url = this.nextPage(answer.value, url);
    }
    return ok(tags);
  }

  /** What a tag names now. */
  async archiveOf(tag: string): Promise<Result<ArchiveLayer, ReadFailure>> {
    const what = `the tag "${tag}" of ${this.shown}`;
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag)) {
      return fail(readFailure('CHART_VERSION_NOT_FOUND', `${what} cannot be: no registry takes such a tag`));
    }
    const answer = await this.ask(this.urlOf(`manifests/${tag}`), MANIFESTS, MAX_MANIFEST_BYTES);
    if (!answer.ok) {
      return answer.error.code === 'CHART_NOT_FOUND'
        ? fail(readFailure('CHART_VERSION_NOT_FOUND', `${what} is not there`))
        : answer;
    }
    const { body, headers } = answer.value;
    const told = headers['docker-content-digest'];
    if (typeof told === 'string' && told.startsWith('sha256:') && told !== digestBytes(body)) {
      return fail(readFailure('CHART_CORRUPT', `${what} is not what its digest says`));
    }
    const layer = archiveLayer(jsonOf(body));
    return layer ? ok(layer) : fail(readFailure('CHART_CORRUPT', `${what} is no Helm chart`));
  }

  /** The archive itself, as it is named by its digest. */
  async archive({ digest, size }: ArchiveLayer, maxBytes: number): Promise<Result<Buffer, ReadFailure>> {
    if (size > maxBytes) {
      const message = `the chart ${this.shown} has ${size} bytes, ${maxBytes} are read`;
      return fail(readFailure('CHART_TOO_LARGE', message));
    }
    const answer = await this.ask(this.urlOf(`blobs/${digest}`), '*/*', maxBytes);
    return answer.ok ? ok(answer.value.body) : answer;
  }

  private async ask(url: URL, accept: string, maxBytes: number): Promise<Result<ChartAnswer, ReadFailure>> {
    const { session, access } = this;
    const answer = await session.get({ url, name: this.repository.name, access, accept, maxBytes });
    if (!answer.ok || answer.value.status === 200) return answer;
    return fail(refusalOf(answer.value.status, shownUrl(url)));
  }

  /** Pages elsewhere are not looked at. */
  private nextPage({ headers }: ChartAnswer, from: URL): URL | undefined {
    const link = typeof headers.link === 'string' ? nextLink(headers.link) : undefined;
    if (link === undefined || !URL.canParse(link, from.href)) return undefined;
    const next = new URL(link, from);
    return next.origin === from.origin ? next : undefined;
  }

  private urlOf(path: string): URL {
    const { host, name } = this.repository;
    return new URL(`${schemeOf(this.access)}://${host}/v2/${name}/${path}`);
  }

  private get shown(): string {
    return `${this.repository.host}/${this.repository.name}`;
  }
}

/** Asks the registry itself, not a repository of it, which may be one folder of many. */
export async function pingRegistry(
  session: RegistrySession,
  { url: where }: ChartRepository,
  access: ChartAccess,
): Promise<Result<void, ReadFailure>> {
  const host = registryHost(where);
  const url = new URL(`${schemeOf(access)}://${host}/v2/`);
  const answer = await session.get({ url, name: '', access, accept: 'application/json', maxBytes: MAX_PAGE_BYTES });
  if (!answer.ok) return answer;
  return answer.value.status === 200 ? ok(undefined) : fail(refusalOf(answer.value.status, shownUrl(url)));
}

function schemeOf({ plainHttp = false }: ChartAccess): 'http' | 'https' {
  return plainHttp ? 'http' : 'https';
}

function tagsIn(body: Buffer): string[] | undefined {
  const answer = jsonOf(body);
  const tags = isObject(answer) ? own(answer, 'tags') : undefined;
  if (tags === null) return [];
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : undefined;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
