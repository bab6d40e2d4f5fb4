import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CommitListener } from '../database/commit-listener.js';
import { Transactions, type Transaction } from '../database/transactions.js';
import { RemoteInputs } from '../expansion/fetchers/remote-inputs.js';
import { Ids } from '../kernel/ids.js';
import { GitMirrors } from './git/git-mirrors.js';

const CHANNEL = 'fleetwright_repositories';

interface SetName {
  namespace: string;
  name: string;
}

/** What a replica tells the others: from now on what they know of it is old. */
type News = { from: string; url: string } | { from: string; set: SetName };

/**
 * What one replica learned of a remote, told to the others before they can claim the work that comes of it: both are
 * seen when one transaction commits. Only a hint, as every notification: whoever misses it polls.
 */
@Injectable()
export class RepositoryNews implements OnApplicationBootstrap {
  private readonly replica: string;

  constructor(
    private readonly transactions: Transactions,
    private readonly commits: CommitListener,
    private readonly git: GitMirrors,
    private readonly remote: RemoteInputs,
    ids: Ids,
  ) {
    this.replica = ids.uuid();
  }

  onApplicationBootstrap(): void {
    this.commits.hear(CHANNEL, (text) => this.heard(JSON.parse(text) as News));
  }

  /** Repositories that were looked at, with the work that comes of it. */
  async tell(urls: readonly string[], work: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.send(
      urls.map((url) => ({ from: this.replica, url })),
      work,
    );
  }

  /** Sets whose providers are to be asked anew. */
  async tellSets(sets: readonly SetName[], work: (tx: Transaction) => Promise<void>): Promise<void> {
    for (const set of sets) this.remote.refresh(set);
    await this.send(
      sets.map(({ namespace, name }) => ({ from: this.replica, set: { namespace, name } })),
      work,
    );
  }

  private async send(news: readonly News[], work: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.transactions.run(async (tx) => {
      const texts = news.map((each) => JSON.stringify(each));
      await tx.query(`select pg_notify($1, n.text) from unnest($2::text[]) as n(text)`, [CHANNEL, texts]);
      await work(tx);
    });
  }

  private heard(news: News): void {
    if (news.from === this.replica) return;
    if ('url' in news) this.git.expire(news.url);
    else this.remote.refresh(news.set);
  }
}
