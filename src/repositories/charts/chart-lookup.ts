import type { Clock } from '../../kernel/clock.js';
import { digestJson } from '../../kernel/digest.js';
import { messageOf } from '../../kernel/errors.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ChartReference } from '../domain/checkout.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { authorizationOf, type ChartAccess, type ChartAccesses } from './chart-access.js';
import { refusalOf, shownUrl, type ChartHttp } from './chart-http.js';
import type { ChartStore } from './chart-store.js';
import { locateChartRepository, registryName, type ChartRepository } from './domain/chart-repository.js';
import { isVersion, tagOf, versionOfTag } from './domain/chart-version.js';
import type { ArchiveLayer } from './domain/chart-manifest.js';
import type { ListedChart } from './domain/helm-index.js';
import { HelmRepositories, type IndexNow } from './helm-repositories.js';
import { OciRegistry, pingRegistry } from './oci-registry.js';
import { RegistrySession } from './registry-session.js';
import { TimedAnswers } from './timed-answers.js';
import { VersionChoices } from './version-choices.js';

/** A version of a chart, as its repository has it now. */
export interface FoundChart {
  version: string;
  /** Equal as long as the repository says the same of the version. */
  fingerprint: string;
  /** Of the archive, where the repository tells it. */
  digest?: string;
  download: () => Promise<Result<Buffer, ReadFailure>>;
}

export interface ChartLookupOptions {
  http: ChartHttp;
  store: ChartStore;
  accesses: ChartAccesses;
  clock: Clock;
  pollSeconds: number;
  failureSeconds: number;
  maxArchiveBytes: number;
}

type Found = Result<FoundChart, ReadFailure>;

const NO_REPOSITORY = readFailure(
  'CHART_REFUSED',
  'charts are read from http, https and oci URLs, or registries without a scheme',
);

/** Finds charts in their repositories. What servers say counts for the poll interval, and for all who ask. */
export class ChartLookup {
  private readonly indexes: TimedAnswers<IndexNow>;
  private readonly tags: TimedAnswers<readonly string[]>;
  private readonly layers: TimedAnswers<ArchiveLayer>;
  private readonly repositories: HelmRepositories;
  private readonly session: RegistrySession;
  private readonly choices = new VersionChoices();

  constructor(private readonly options: ChartLookupOptions) {
    const { http, store, clock, pollSeconds, failureSeconds } = options;
    const freshMs = pollSeconds * 1000;
    const failureMs = Math.min(failureSeconds * 1000, freshMs);
    const timed = { clock, freshMs, failureMs };
    this.indexes = new TimedAnswers(timed);
    this.tags = new TimedAnswers(timed);
    this.layers = new TimedAnswers(timed);
    this.repositories = new HelmRepositories(http, store);
    this.session = new RegistrySession(http, clock);
  }

  async find(reference: ChartReference): Promise<Found> {
    const repository = locateChartRepository(reference.repoURL);
    if (repository === undefined) return fail(NO_REPOSITORY);
    const access = await this.accessTo(repository);
    if (!access.ok) return access;
    return repository.type === 'index'
      ? this.findListed(reference, repository, access.value)
      : this.findTagged(reference, repository, access.value);
  }

  /** Whether the server lets the hub in now; nothing is kept of it. */
  async probe(repoURL: string): Promise<Result<void, ReadFailure>> {
    const repository = locateChartRepository(repoURL);
    if (repository === undefined) return fail(NO_REPOSITORY);
    const access = await this.accessTo(repository);
    if (!access.ok) return access;
    const answer =
      repository.type === 'index'
        ? await this.repositories.look(repository.url, access.value)
        : await pingRegistry(this.session, repository, access.value);
    return answer.ok ? ok(undefined) : answer;
  }

  /** The next to ask of this repository asks its server. */
  forget(repoURL: string): void {
    const { url } = locateChartRepository(repoURL) ?? { url: repoURL };
    const isMeant = (key: string): boolean => key === url || key.startsWith(`${url}/`);
    for (const answers of [this.indexes, this.tags, this.layers]) answers.forget(isMeant);
  }

  private async findListed(
    reference: ChartReference,
    repository: ChartRepository,
    access: ChartAccess,
  ): Promise<Found> {
    const { url } = repository;
    const { chart } = reference;
    const index = await this.indexes.get(url, () => this.repositories.look(url, access));
    if (!index.ok) return index;
    const listed = await this.repositories.versions(url, chart, index.value);
    if (!listed.ok) return listed;
    if (listed.value === undefined) {
      return fail(readFailure('CHART_NOT_FOUND', `there is no chart "${chart}" in ${url}`));
    }
    const entries = listed.value;
    const chosen = this.choices.choose(reference, entries, () => entries.map(({ version }) => version));
    if (!chosen.ok) return chosen;
    const entry = entries.find(({ version }) => version === chosen.value);
    if (entry === undefined) return fail(readFailure('CHART_CORRUPT', `the index of ${url} lists nothing`));
    return ok({
      version: entry.version,
      fingerprint: digestJson([entry.urls, entry.digest ?? index.value.digest]),
      ...(entry.digest === undefined ? {} : { digest: entry.digest }),
      download: () => this.downloadListed(entry, { ...reference, repository, access }),
    });
  }

  private async downloadListed(
    { urls }: ListedChart,
    from: ChartReference & { repository: ChartRepository; access: ChartAccess },
  ): Promise<Result<Buffer, ReadFailure>> {
    const base = new URL(`${from.repository.url}/`);
    const [first = ''] = urls;
    if (first.startsWith('oci://')) return this.downloadReferred(first, from);
    if (!URL.canParse(first, base.href)) {
      return fail(readFailure('CHART_CORRUPT', `the index names no usable URL for the chart "${from.chart}"`));
    }
    const url = new URL(first, base);
    if (base.protocol === 'https:' && url.protocol !== 'https:') {
      return fail(readFailure('CHART_REFUSED', `an https index leads to ${shownUrl(url)}, which is no https URL`));
    }
    const isSame = url.origin === base.origin;
    const access = isSame ? from.access : await this.accessElsewhere(url, from);
    const authorization = authorizationOf(access);
    url.username = '';
    url.password = '';
    const answer = await this.options.http.get({ url, authorization, access, maxBytes: this.options.maxArchiveBytes });
    if (!answer.ok) return answer;
    if (answer.value.status === 200) return ok(answer.value.body);
    return fail(refusalOf(answer.value.status, shownUrl(url)));
  }

  /** Another server gets credentials only if the Application asks for that (`passCredentials`). */
  private async accessElsewhere(
    { href }: URL,
    { access, passCredentials = false }: ChartReference & { access: ChartAccess },
  ): Promise<ChartAccess> {
    const place = { type: 'index', url: href, username: '', password: '' } as const;
    const { isDeclared, authorities } = await this.options.accesses
      .find(place)
      .catch((): ChartAccess => ({ isDeclared: false }));
    const elsewhere = { isDeclared, ...(authorities === undefined ? {} : { authorities }) };
    return passCredentials ? { ...access, ...elsewhere } : elsewhere;
  }

  /** Some indexes list charts that lie in a registry. */
  private async downloadReferred(url: string, { version }: ChartReference): Promise<Result<Buffer, ReadFailure>> {
    const match = /^(oci:\/\/.+)\/([^/:]+)(?::([^/:]+))?$/.exec(url);
    const [, repoURL = '', chart = '', tag] = match ?? [];
    const found = await this.find({ repoURL, chart, version: tag === undefined ? version : versionOfTag(tag) });
    return found.ok ? found.value.download() : found;
  }

  /** A version is the tag itself, whatever else is there (argocd-behaviour.md 4.1). */
  private async findTagged(
    reference: ChartReference,
    repository: ChartRepository,
    access: ChartAccess,
  ): Promise<Found> {
    const name = registryName(repository, reference.chart);
    if (name === undefined) {
      const message = `"${reference.chart}" is no name for a chart in a registry: it takes small letters and digits`;
      return fail(readFailure('CHART_NOT_FOUND', message));
    }
    const registry = new OciRegistry(this.session, name, access);
    const key = `${repository.url}/${reference.chart}`;
    const version = await this.versionOf(reference, () => this.tags.get(key, () => registry.tags()));
    if (!version.ok) return version;
    const tag = tagOf(version.value);
    const layer = await this.layers.get(`${key}/${tag}`, () => registry.archiveOf(tag));
    if (!layer.ok) return layer;
    const { digest } = layer.value;
    const download = () => registry.archive(layer.value, this.options.maxArchiveBytes);
    return ok({ version: version.value, fingerprint: digest, digest, download });
  }

  private async versionOf(
    reference: ChartReference,
    tags: () => Promise<Result<readonly string[], ReadFailure>>,
  ): Promise<Result<string, ReadFailure>> {
    if (isVersion(reference.version)) return ok(reference.version);
    const known = await tags();
    if (!known.ok) return known;
    return this.choices.choose(reference, known.value, () => known.value.map(versionOfTag));
  }

  private async accessTo(repository: ChartRepository): Promise<Result<ChartAccess, ReadFailure>> {
    try {
      const access = await this.options.accesses.find(repository);
      const { username, password } = repository;
      const isOpen = authorizationOf(access) !== undefined || password === '';
      return ok(isOpen ? access : { ...access, username, password });
    } catch (error) {
      const message = `the credentials of ${repository.url} cannot be read: ${messageOf(error)}`;
      return fail(readFailure('CHART_AUTH', message));
    }
  }
}
