import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What passes over sets that left nothing to do stood on, so that a hub that starts need not repeat them. */
export class CreateSettledPasses1763719400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table settled_passes (
        set_uid uuid constraint settled_passes_pk primary key
          constraint settled_passes_set_fk references objects (uid) on delete cascade,
        read text not null,
        left_behind text not null,
        git jsonb not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table settled_passes`);
  }
}
