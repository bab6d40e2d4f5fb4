import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an item's due time was set: one that lies ahead tells that the clock was set back since. */
export class NoteWhenWorkWasPutOff1763719300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table work_items add column put_off_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table work_items drop column put_off_at`);
  }
}
