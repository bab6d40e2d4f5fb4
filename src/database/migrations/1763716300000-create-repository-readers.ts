import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which sets and Applications read which repository, and what its branches and tags were when last looked at. */
export class CreateRepositoryReaders1763716300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table repository_readers (
        queue text not null,
        key text not null,
        url text not null,
        constraint repository_readers_pk primary key (queue, key, url)
      )`);
    await runner.query(`create index repository_readers_url_idx on repository_readers (url)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table repository_readers`);
  }
}
