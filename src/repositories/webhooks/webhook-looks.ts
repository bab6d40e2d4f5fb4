import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../../database/objects/object-store.js';
import { WorkQueue } from '../../reconcile/work-queue.js';
import { ChartPoller } from '../charts/chart-poller.js';
import { isArtifactOf, isListedBy, isPullRequestOf, isPushTo } from '../domain/webhooks/concerned.js';
import type { ArtifactEvent, PullRequestEvent, PushEvent, WebhookEvent } from '../domain/webhooks/webhook-event.js';
import { isSameRepository, repositoryKeys } from '../domain/webhooks/repository-match.js';
import { locateRepository } from '../domain/repository-url.js';
import { SingleFlight } from '../git/single-flight.js';
import { RepositoryNews } from '../repository-news.js';
import { RepositoryPoller } from '../repository-poller.js';
import { RepositoryReaders, type WatchedRepository } from '../repository-readers.js';

/**
 * What follows from webhooks. They are only hints: a repository is looked at where somebody may care, and what moved
 * there decides who is woken, so that no webhook, true or false, changes what is delivered.
 */
@Injectable()
export class WebhookLooks {
  /** Webhooks of many repositories at once read the list once. */
  private readonly urls = new SingleFlight<string[]>();

  constructor(
    private readonly readers: RepositoryReaders,
    private readonly poller: RepositoryPoller,
    private readonly charts: ChartPoller,
    private readonly news: RepositoryNews,
    private readonly queue: WorkQueue,
    private readonly store: ObjectStore,
  ) {}

  /** All of them tell of one repository. */
  async after(events: readonly WebhookEvent[]): Promise<void> {
    const pushes = events.filter((event): event is PushEvent => event.kind === 'push');
    const artifacts = events.filter((event): event is ArtifactEvent => event.kind === 'artifact');
    const pulls = events.filter((event): event is PullRequestEvent => event.kind === 'pull-request');
    await this.afterPushes(pushes);
    await this.afterArtifacts(artifacts);
    await this.afterQuestions(
      pulls,
      pushes.filter(({ comesOrGoes }) => comesOrGoes),
    );
  }

  /** Only a repository that somebody reads, at that revision and there, is worth a look. */
  private async afterPushes(pushes: readonly PushEvent[]): Promise<void> {
    if (pushes.length === 0) return;
    const urls = await this.urls.run('all', () => this.readers.urls());
    const keys = new Set(pushes.flatMap((push) => push.urls.flatMap(repositoryKeys)));
    const named = urls.filter((url) => isSameRepository(keys, url));
    const watched = await this.readers.watched(named);
    const touched = watched.filter((each) => pushes.some((push) => isPushTo(push, each)));
    const keysTouched = new Set(touched.map(({ url }) => mirrorOf(url)));
    for (const key of keysTouched) await this.poller.look(named.filter((url) => mirrorOf(url) === key));
  }

  /** Only charts whose range may give what came. */
  private async afterArtifacts(artifacts: readonly ArtifactEvent[]): Promise<void> {
    if (artifacts.length === 0) return;
    const read = await this.charts.read();
    const named = read.filter(({ repoURL, chart, version }) =>
      artifacts.some((artifact) => isArtifactOf(artifact, { url: `${repoURL}/${chart}`, range: version })),
    );
    await this.charts.look(named);
  }

  /** Generators that list pull requests of the repository, or repositories beside it whose branches came or went. */
  private async afterQuestions(pulls: readonly PullRequestEvent[], pushes: readonly PushEvent[]): Promise<void> {
    const asked = [
      ...(await this.questions('pullRequests', (question) => pulls.some((it) => isPullRequestOf(it, question)))),
      ...(await this.questions('repositories', (question) => pushes.some((it) => isListedBy(it, question)))),
    ];
    if (asked.length === 0) return;
    const readers = await this.readers.readersOf(asked);
    const sets = await this.store.withUids(readers.map(({ key }) => key));
    const names = sets.map(({ object: { metadata } }) => ({ namespace: metadata.namespace, name: metadata.name }));
    await this.news.tellSets(names, (tx) => this.queue.enqueueAll(readers, { tx }));
  }

  private async questions(
    kind: 'pullRequests' | 'repositories',
    isAbout: (question: string) => boolean,
  ): Promise<WatchedRepository[]> {
    const asked = (await this.readers.questions(kind)).filter(isAbout);
    return asked.map((question) => ({ url: `${kind}:${question}`, watches: 'everything' as const }));
  }
}

/** Spellings with one mirror. */
function mirrorOf(url: string): string {
  return locateRepository(url)?.key ?? url;
}
