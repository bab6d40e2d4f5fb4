import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the guard remembers: removals that wait, removals that went, and remote inputs that once gave results. */
export class CreateGuardMemory1763716200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table held_removals (
        id uuid not null default gen_random_uuid() constraint held_removals_pk primary key,
        line_id text not null,
        owner_queue text not null,
        owner_uid uuid not null,
        owner_name text not null,
        project text,
        action text not null,
        target text not null,
        objects jsonb not null,
        reason text not null,
        created_at timestamptz not null default now(),
        approved_at timestamptz,
        approved_by text,
        expires_at timestamptz,
        constraint held_removals_owner_uid_line_id_key unique (owner_uid, line_id)
      )`);
    await runner.query(`create index held_removals_project_idx on held_removals (project)`);
    await runner.query(`
      create table removals (
        at timestamptz not null,
        unit text not null,
        owner_uid uuid not null,
        project text,
        amount integer not null
      )`);
    await runner.query(`create index removals_at_idx on removals (at)`);
    await runner.query(`
      create table remembered_inputs (
        owner_uid uuid not null,
        path text not null,
        results integer not null,
        constraint remembered_inputs_pk primary key (owner_uid, path)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['remembered_inputs', 'removals', 'held_removals']) await runner.query(`drop table ${table}`);
  }
}
