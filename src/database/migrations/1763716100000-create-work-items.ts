import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The reconcile engine's queue, and how far its readers have followed the commits. */
export class CreateWorkItems1763716100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table work_items (
        queue text not null,
        key text not null,
        due_at timestamptz not null,
        version bigint not null,
        attempts integer not null,
        lease uuid,
        leased_until timestamptz,
        last_error text,
        constraint work_items_queue_key_pk primary key (queue, key)
      )`);
    // An item is free once it is due and its lease, if any, has run out; greatest() passes over a null lease.
    await runner.query(
      `create index work_items_queue_free_at_idx on work_items (queue, greatest(due_at, leased_until))`,
    );
    await runner.query(`create index work_items_lease_idx on work_items (lease) where lease is not null`);
    await runner.query(`
      create table feed_cursors (
        name text constraint feed_cursors_name_pk primary key,
        position bigint not null,
        uid uuid not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table feed_cursors`);
    await runner.query(`drop table work_items`);
  }
}
