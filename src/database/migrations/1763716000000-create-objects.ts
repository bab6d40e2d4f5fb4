import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hub objects, their statuses, their tombstones, and the one order of commits. */
export class CreateObjects1763716000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create sequence commit_ids`);
    await runner.query(`
      create table commits (
        id bigint constraint commits_pk primary key,
        position bigint not null constraint commits_position_key unique,
        at timestamptz not null default now()
      )`);
    await runner.query(`
      create table objects (
        uid uuid constraint objects_pk primary key,
        kind text not null,
        api_version text not null,
        namespace text not null,
        name text not null,
        project text,
        cluster text,
        owner_uid uuid,
        labels jsonb not null,
        annotations jsonb not null,
        owner_references jsonb not null,
        finalizers jsonb not null,
        managed_fields jsonb not null,
        generation bigint not null,
        body jsonb not null,
        created_at timestamptz not null,
        deleted_at timestamptz,
        commit_id bigint not null,
        constraint objects_kind_namespace_name_key unique (kind, namespace, name)
      )`);
    await runner.query(`create index objects_commit_id_idx on objects (commit_id)`);
    await runner.query(`create index objects_owner_uid_idx on objects (owner_uid) where owner_uid is not null`);
    await runner.query(`create index objects_kind_project_idx on objects (kind, project, namespace, name)`);
    await runner.query(`create index objects_kind_cluster_idx on objects (kind, cluster) where cluster is not null`);
    await runner.query(`create index objects_labels_idx on objects using gin (labels jsonb_path_ops)`);
    await runner.query(`
      create table object_statuses (
        uid uuid constraint object_statuses_pk primary key
          constraint object_statuses_uid_fk references objects (uid) on delete cascade,
        sync text,
        health text,
        status jsonb not null,
        updated_at timestamptz not null default now()
      )`);
    await runner.query(`
      create table tombstones (
        uid uuid not null,
        kind text not null,
        namespace text not null,
        name text not null,
        project text,
        cluster text,
        owner_uid uuid,
        commit_id bigint not null,
        constraint tombstones_pk primary key (uid)
      )`);
    await runner.query(`create index tombstones_commit_id_idx on tombstones (commit_id)`);
    await runner.query(`create table hub_state (key text constraint hub_state_pk primary key, value text not null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['hub_state', 'tombstones', 'object_statuses', 'objects', 'commits']) {
      await runner.query(`drop table ${table}`);
    }
    await runner.query(`drop sequence commit_ids`);
  }
}
