import { Injectable } from '@nestjs/common';
import type { RefMove } from './domain/ref-moves.js';
import { asksForFiles, isTouchedBy, type Movement } from './domain/repository-watch.js';
import { revisionOf } from './domain/webhooks/pushed-ref.js';
import { GitMirrors } from './git/git-mirrors.js';
import { RepositoryReaders, type RepositoryReader, type WatchedRepository } from './repository-readers.js';

/** Refs of one look whose files are compared; a repository that moves more of them at once concerns all their readers. */
const MOST_COMPARED = 50;

/** Who is touched by what a look at a repository showed: by its own commits, not by what anybody says of them. */
@Injectable()
export class MovedReaders {
  constructor(
    private readonly git: GitMirrors,
    private readonly readers: RepositoryReaders,
  ) {}

  /** `urls` are spellings of one repository; without `moves` it is not known what moved. */
  async of(urls: readonly string[], moves: readonly RefMove[] | undefined): Promise<RepositoryReader[]> {
    const watched = await this.readers.watched(urls);
    if (moves === undefined) return this.readers.readersOf(watched);
    const movements = await this.movements(watched, moves);
    return this.readers.readersOf(
      watched.filter(({ watches }) => movements.some((movement) => isTouchedBy(watches, movement))),
    );
  }

  private async movements(watched: readonly WatchedRepository[], moves: readonly RefMove[]): Promise<Movement[]> {
    const url = watched[0]?.url ?? '';
    const compares = moves.length <= MOST_COMPARED;
    const movements = moves.map(async (move): Promise<Movement> => {
      const movement = { revision: revisionOf(move.ref), touchesDefault: move.isDefault };
      const matters = compares && watched.some(({ watches }) => asksForFiles(watches, movement));
      return matters ? { ...movement, files: await this.filesOf(url, move) } : movement;
    });
    return Promise.all(movements);
  }

  /** Undefined where that cannot be told: a ref that came or went, or commits that are not there any more. */
  private async filesOf(url: string, { from, to }: RefMove): Promise<readonly string[] | undefined> {
    if (from === undefined || to === undefined) return undefined;
    const changed = await this.git.changedPaths(url, from, to);
    return changed.ok ? changed.value : undefined;
  }
}
