import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API tokens: only the hash of the secret is kept. A token is a platform admin's or bound to one project role. */
export class CreateApiTokens1763718000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_tokens (
        id uuid constraint api_tokens_pk primary key,
        name text not null,
        secret_digest text not null,
        admin boolean not null,
        project text,
        role text,
        created_by text not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        constraint api_tokens_scope_check check (
          (admin and project is null and role is null) or (not admin and project is not null and role is not null))
      )`);
    await runner.query(`create index api_tokens_project_idx on api_tokens (project, name)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table api_tokens`);
  }
}
