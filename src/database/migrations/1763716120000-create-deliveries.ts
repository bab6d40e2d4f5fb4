import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the hub wants of each (cluster, Application), and the settings and projects that deliveries name by digest. */
export class CreateDeliveries1763716120000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // No reference to objects: a prune row outlives its Application, until its agent has carried it out.
    await runner.query(`
      create table deliveries (
        cluster_uid uuid not null,
        application_uid uuid not null,
        owner_kind text not null,
        application text not null,
        application_namespace text not null,
        project text not null,
        intent text not null,
        bundle_digest text,
        project_digest text,
        settings_digest text,
        held_prunes jsonb not null,
        operation jsonb,
        objects jsonb not null,
        commit_id bigint not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint deliveries_cluster_uid_application_uid_pk primary key (cluster_uid, application_uid)
      )`);
    await runner.query(`create index deliveries_commit_id_idx on deliveries (commit_id)`);
    await runner.query(`create index deliveries_application_uid_idx on deliveries (application_uid)`);
    await runner.query(`
      create table digest_documents (
        digest text constraint digest_documents_digest_pk primary key,
        content text not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table digest_documents`);
    await runner.query(`drop table deliveries`);
  }
}
