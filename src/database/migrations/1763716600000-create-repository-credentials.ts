import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Repository and repo-creds Secrets: where they open a door in clear, the key to it only sealed. */
export class CreateRepositoryCredentials1763716600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // sealed is null where a repository needs no credentials, which still names it.
    await runner.query(`
      create table repository_credentials (
        namespace text not null,
        name text not null,
        kind text not null,
        url text not null,
        type text not null,
        labels jsonb not null,
        sealed text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint repository_credentials_pk primary key (namespace, name),
        constraint repository_credentials_kind_check check (kind in ('repository', 'repo-creds'))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table repository_credentials`);
  }
}
