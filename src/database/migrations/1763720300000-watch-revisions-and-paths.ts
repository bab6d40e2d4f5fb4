import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What readers depend on in a repository, the webhooks that were let in, and the secrets they prove to know. */
export class WatchRevisionsAndPaths1763720300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Null for everything: so rows of before and of the release before are read.
    await runner.query(`alter table repository_readers add column watches jsonb`);
    await runner.query(`
      create table webhook_events (
        key text not null,
        digest text not null,
        event jsonb not null,
        received_at timestamptz not null default now(),
        constraint webhook_events_pk primary key (key, digest)
      )`);
    await runner.query(`
      create table webhook_secrets (
        namespace text not null,
        name text not null,
        labels jsonb not null,
        sealed text not null,
        updated_at timestamptz not null default now(),
        constraint webhook_secrets_pk primary key (namespace, name)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table webhook_secrets`);
    await runner.query(`drop table webhook_events`);
    await runner.query(`alter table repository_readers drop column watches`);
  }
}
