import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every delivery asks which cluster has the address of its destination. */
export class IndexClusterServers1763719200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index objects_cluster_server_idx on objects (rtrim(body #>> '{spec,server}', '/')) where kind = 'Cluster'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index objects_cluster_server_idx`);
  }
}
