import type { MigrationInterface, QueryRunner } from 'typeorm';

/** "Who changed this object last" must not read the whole log. */
export class IndexAuditObjects1763719100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index audit_entries_object_idx on audit_entries (object, resource, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index audit_entries_object_idx`);
  }
}
