import pino from 'pino';
import { CommitListener } from '../../src/database/commit-listener.js';

/** A started listener on a spec's own database. Stop it before the database is closed. */
export async function listenToCommits(url: string): Promise<CommitListener> {
  const commits = new CommitListener(url, pino({ level: 'silent' }));
  await commits.start();
  return commits;
}
