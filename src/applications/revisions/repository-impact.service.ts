import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access/actor.js';
import { Evaluator } from '../../access/evaluator.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { ObjectQueries } from '../../database/objects/object-queries.js';
import { invalid } from '../../kernel/errors.js';
import { DeclaredRepositoriesService } from '../../repositories/declared-repositories.service.js';
import { Checkouts } from '../../repositories/domain/checkout.js';
import { normaliseRepoUrl } from '../../repositories/domain/normalise-url.js';
import { RememberedCheckouts } from '../../repositories/remembered-checkouts.js';
import { RepositoryReaders } from '../../repositories/repository-readers.js';
import type { Render } from '../../rendering/source-renderer.js';
import type { StoredApplication } from '../delivery/delivery-decision.js';
import { sourcesOf } from '../domain/application.js';
import type { ImpactedApplication, ImpactQuestion, Refusal, RepositoryImpact } from './repository-impact.js';
import { nameOf } from './application-diff.service.js';
import { RevisionRenders, type SituatedApplication } from './revision-renders.js';

/** An answer ends after the Application that reaches this. */
const MOST_CHARACTERS = 2_000_000;

interface Moment {
  question: ImpactQuestion;
  commits: { base: string; head: string };
  checkouts: Checkouts;
  render: Render;
}

/** Which Applications would change if the base of a repository became its head, object by object. */
@Injectable()
export class RepositoryImpacts {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly queries: ObjectQueries,
    private readonly readers: RepositoryReaders,
    private readonly declared: DeclaredRepositoriesService,
    private readonly checkouts: Checkouts,
    private readonly renders: RevisionRenders,
  ) {}

  /**
   * A page of the Applications that the actor may list, filtered in SQL. A repository that none of them reads is not
   * looked at. Throws the code of what keeps base or head from being read.
   */
  async ask(actor: Actor, asked: ImpactQuestion): Promise<RepositoryImpact> {
    const question = { ...asked, repository: (await this.declaredUrl(asked.repository)) ?? asked.repository };
    const access = await this.evaluator.filter(actor, 'list', 'applications');
    const { limit, after } = question;
    const page = await this.queries.list<StoredApplication>({
      kind: 'Application',
      uids: await this.readersOf(question.repository),
      access: (columns, parameters) => access.build(columns, parameters),
      limit,
      ...(after === undefined ? {} : { after }),
    });
    const { next, remaining } = page;
    const impact: RepositoryImpact = { items: [], unchanged: 0, elsewhere: 0, remaining, ...(next ? { next } : {}) };
    const [first] = page.items;
    if (first === undefined) return impact;
    const moment = await this.momentOf(question, first.object);
    await this.examine(page.items, moment, impact);
    return { ...moment.commits, ...impact };
  }

  /** A name holds no slash, and no URL is without. Nothing of the Secret is told but what Applications say themselves. */
  private async declaredUrl(repository: string): Promise<string | undefined> {
    return repository.includes('/') ? undefined : this.declared.urlOf(repository);
  }

  private async readersOf(repository: string): Promise<string[]> {
    const urls = (await this.readers.urls()).filter((url) => isSame(url, repository));
    const readers = await this.readers.readersOf(await this.readers.watched(urls));
    return readers.filter(({ queue }) => queue === 'applications').map(({ key }) => key);
  }

  private async momentOf(question: ImpactQuestion, reader: StoredApplication): Promise<Moment> {
    const checkouts = new RememberedCheckouts(this.checkouts);
    const url = sourcesOf(reader.spec).find(({ repoURL }) => isSame(repoURL ?? '', question.repository))?.repoURL ?? '';
    if (question.after === undefined) await this.renders.look(url);
    const commitOf = async (revision: string): Promise<string> => {
      const opened = await checkouts.repository(url, revision);
      if (!opened.ok) throw invalid(opened.error.code, `${revision}: ${opened.error.message}`);
      return opened.value.revision;
    };
    const commits = { base: await commitOf(question.base), head: await commitOf(question.head) };
    return { question, commits, checkouts, render: this.renders.forOneMoment() };
  }

  private async examine(
    applications: readonly Stored<StoredApplication>[],
    moment: Moment,
    impact: RepositoryImpact,
  ): Promise<void> {
    const situated = await this.renders.situate(applications);
    let characters = 0;
    for (const [index, { object }] of applications.entries()) {
      const places = await placesOf(object, moment);
      if (places.length === 0) impact.elsewhere += 1;
      else characters += await this.add(object, { found: situated[index], places, moment, impact });
      if (characters < MOST_CHARACTERS || index === applications.length - 1) continue;
      impact.next = { namespace: object.metadata.namespace, name: object.metadata.name };
      impact.remaining += applications.length - 1 - index;
      return;
    }
  }

  /** Answers how many characters that takes. */
  private async add(
    { metadata, spec }: StoredApplication,
    { found, places, moment, impact }: Examined,
  ): Promise<number> {
    const name = { namespace: metadata.namespace, name: metadata.name, project: spec.project || 'default' };
    const item = found?.ok === true ? await this.changeOf(found.value, places, moment) : found;
    if (item === undefined) {
      impact.unchanged += 1;
      return 0;
    }
    const entry: ImpactedApplication =
      'error' in item ? { ...name, error: item.error as Refusal } : { ...name, ...item };
    impact.items.push(entry);
    return JSON.stringify(entry).length;
  }

  /** Undefined where both revisions give the same. */
  private async changeOf(
    situated: SituatedApplication,
    places: readonly number[],
    { commits, render }: Moment,
  ): Promise<Omit<ImpactedApplication, 'namespace' | 'name' | 'project'> | undefined> {
    const at = (commit: string) => this.renders.render(situated, revisionsAt(places, commit), render);
    const { cluster } = nameOf(situated);
    const head = await at(commits.head);
    if (!head.ok) return { cluster, error: head.error };
    const base = await at(commits.base);
    if (!base.ok) return { cluster, error: base.error };
    if (base.value.digest === head.value.digest) return undefined;
    const difference = await this.renders.difference(situated, base.value.digest, head.value.digest);
    const refused = this.renders.refusalOf(situated, head.value);
    const { warnings } = head.value;
    return { cluster, ...difference, warnings, ...(refused === undefined ? {} : { refused }) };
  }
}

interface Examined {
  found: Awaited<ReturnType<RevisionRenders['situate']>>[number] | undefined;
  places: readonly number[];
  moment: Moment;
  impact: RepositoryImpact;
}

/** Which sources of an Application read the repository at its base: by the name of it, or by what that names now. */
async function placesOf({ spec }: StoredApplication, { question, commits, checkouts }: Moment): Promise<number[]> {
  const places: number[] = [];
  for (const [index, { repoURL = '', chart, targetRevision }] of sourcesOf(spec).entries()) {
    if (chart || !isSame(repoURL ?? '', question.repository)) continue;
    const revision = targetRevision ?? '';
    const opened = revision === question.base ? undefined : await checkouts.repository(repoURL ?? '', revision);
    if (opened === undefined || (opened.ok && opened.value.revision === commits.base)) places.push(index);
  }
  return places;
}

function revisionsAt(places: readonly number[], commit: string): (string | undefined)[] {
  return Array.from({ length: Math.max(...places) + 1 }, (_, index) => (places.includes(index) ? commit : undefined));
}

function isSame(url: string, repository: string): boolean {
  const normal = normaliseRepoUrl(url);
  return normal !== '' && normal === normaliseRepoUrl(repository);
}
