import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who did or tried what. Rows are only ever added: the database refuses to change or remove one. */
export class CreateAuditEntries1763717000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_entries (
        id bigint generated always as identity constraint audit_entries_pk primary key,
        at timestamptz not null,
        actor text not null,
        verb text not null,
        resource text not null,
        object text not null,
        project text,
        decision text not null constraint audit_entries_decision_check check (decision in ('allowed', 'denied')),
        reason text,
        request_id text,
        before_digest text,
        after_digest text
      )`);
    await runner.query(`create index audit_entries_project_idx on audit_entries (project, id)`);
    await runner.query(`
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'audit entries are append-only';
      end $$`);
    await runner.query(`
      create trigger audit_entries_append_only before update or delete or truncate on audit_entries
      for each statement execute function refuse_audit_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table audit_entries`);
    await runner.query(`drop function refuse_audit_change()`);
  }
}
