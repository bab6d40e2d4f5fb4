import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Renders that no two runs agree on belong to one Application each; and what tells which renders and bundles nobody
 * needs any more.
 */
export class KeepApplicationRenders1763719640000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table bundles add column unused_since timestamptz`);
    await runner.query(`alter table renders add column used_at timestamptz not null default now()`);
    // `application` is a uid, or `namespace/name` while the Application is only thought of (a dry run).
    await runner.query(`
      create table application_renders (
        input_key text not null,
        application text not null,
        bundle_digest text not null,
        warnings jsonb not null,
        used_at timestamptz not null default now(),
        constraint application_renders_pk primary key (input_key, application),
        constraint application_renders_bundle_digest_fk foreign key (bundle_digest) references bundles (digest)
          on delete cascade
      )`);
    await runner.query(`create index application_renders_application_idx on application_renders (application)`);
    await runner.query(`create index application_renders_bundle_digest_idx on application_renders (bundle_digest)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table application_renders`);
    await runner.query(`alter table renders drop column used_at`);
    await runner.query(`alter table bundles drop column unused_since`);
  }
}
