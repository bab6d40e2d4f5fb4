import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each Application of a set stands in its rollout; apart from statuses, for it decides what is wanted. */
export class CreateRolloutEntries1763719000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rollout_entries (
        application_uid uuid constraint rollout_entries_pk primary key
          constraint rollout_entries_application_fk references objects (uid) on delete cascade,
        set_uid uuid not null,
        status text not null,
        message text not null,
        step text not null,
        target_revisions jsonb not null,
        target text not null,
        operation_id text,
        last_transition_time text not null
      )`);
    await runner.query(`create index rollout_entries_set on rollout_entries (set_uid)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table rollout_entries`);
  }
}
