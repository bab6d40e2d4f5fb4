import pg from 'pg';

/**
 * A connection of a pool that may end at any moment without ending the process. Postgres' last word can come in one piece
 * with the connection's first, before whoever asked for it listens; whoever uses it next is told by its statement.
 */
export class SurvivingClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
