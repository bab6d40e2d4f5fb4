import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { messageOf } from '../kernel/errors.js';
import { StoredCharts } from './charts/stored-charts.js';
import type { GitCredentials } from './domain/git-credentials.js';
import type { ReadFailureCode } from './domain/read-failure.js';
import { withoutCredentials } from './domain/repository-url.js';
import { GitMirrors } from './git/git-mirrors.js';
import { StoredGitAccess } from './stored-git-access.js';

/** Whether the hub gets into a repository, in the words of Argo CD's connection state. Holds no credentials. */
export interface ConnectionVerdict {
  status: 'Successful' | 'Failed';
  /** Where it failed. */
  code?: ReadFailureCode;
  message: string;
  checkedAt: string;
}

/** Asks a Git server, as the hub would, what it offers; nothing is kept. */
@Injectable()
export class ConnectionCheck {
  constructor(
    private readonly access: StoredGitAccess,
    private readonly mirrors: GitMirrors,
    private readonly charts: StoredCharts,
    private readonly clock: Clock,
  ) {}

  /** By what is stored for the repository, or would be with these credentials of its own. Never throws. */
  async verdict(url: string, own?: GitCredentials): Promise<ConnectionVerdict> {
    const checkedAt = this.clock.now().toISOString();
    const shown = withoutCredentials(url);
    try {
      const access = await (own === undefined ? this.access.find(url) : this.access.findWith(url, own));
      const probed = await this.mirrors.probe(url, access);
      if (!probed.ok) return { status: 'Failed', ...probed.error, checkedAt };
      const branch = probed.value.headRef?.replace('refs/heads/', '');
      const offers = branch === undefined ? 'it is empty' : `its default branch is ${branch}`;
      return { status: 'Successful', message: `${shown} can be read: ${offers}`, checkedAt };
    } catch (error) {
      const message = `the credentials of ${shown} cannot be used: ${messageOf(error)}`;
      return { status: 'Failed', code: 'GIT_AUTH', message, checkedAt };
    }
  }

  /** The same of a repository of charts, by what is stored for it. */
  async verdictOnCharts(url: string): Promise<ConnectionVerdict> {
    const checkedAt = this.clock.now().toISOString();
    const probed = await this.charts.probe(url);
    if (!probed.ok) return { status: 'Failed', ...probed.error, checkedAt };
    return { status: 'Successful', message: `${url} can be read`, checkedAt };
  }
}
