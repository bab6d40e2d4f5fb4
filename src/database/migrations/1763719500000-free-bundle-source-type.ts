import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sources of several types may give one bundle: the column is written no more, and goes a release later. */
export class FreeBundleSourceType1763719500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table bundles alter column source_type set default ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table bundles alter column source_type drop default`);
  }
}
