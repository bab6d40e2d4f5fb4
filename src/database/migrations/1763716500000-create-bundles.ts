import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rendered bundles by digest, and which inputs gave which. Equal inputs share a row, whichever Applications they serve. */
export class CreateBundles1763716500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // content is the gzipped text; where the bundle is sensitive, that sealed.
    await runner.query(`
      create table bundles (
        digest text constraint bundles_digest_pk primary key,
        content bytea not null,
        sensitive boolean not null,
        source_type text not null,
        object_count integer not null,
        objects jsonb not null,
        created_at timestamptz not null default now()
      )`);
    // Compressed already: Postgres need not try again.
    await runner.query(`alter table bundles alter column content set storage external`);
    await runner.query(`
      create table renders (
        input_key text constraint renders_input_key_pk primary key,
        bundle_digest text not null,
        warnings jsonb not null,
        created_at timestamptz not null default now(),
        constraint renders_bundle_digest_fk foreign key (bundle_digest) references bundles (digest) on delete cascade
      )`);
    await runner.query(`create index renders_bundle_digest_idx on renders (bundle_digest)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table renders`);
    await runner.query(`drop table bundles`);
  }
}
