import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each Cluster's document was at each commit, so that a change can be compared with what went before, whichever
 * door wrote it. A few versions suffice: who reads later than that takes every set for touched.
 */
export class CreateClusterVersions1763716800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cluster_versions (
        uid uuid not null,
        commit_id bigint not null,
        labels jsonb,
        annotations jsonb,
        spec jsonb,
        constraint cluster_versions_pk primary key (uid, commit_id)
      )`);
    await runner.query(`
      create function keep_cluster_version() returns trigger language plpgsql as $$
      begin
        insert into cluster_versions (uid, commit_id, labels, annotations, spec)
          values (new.uid, new.commit_id, new.labels, new.annotations, new.body -> 'spec')
          on conflict (uid, commit_id) do update set labels = excluded.labels, annotations = excluded.annotations, spec = excluded.spec;
        delete from cluster_versions where uid = new.uid and commit_id not in
          (select commit_id from cluster_versions where uid = new.uid order by commit_id desc limit 20);
        return null;
      end $$`);
    await runner.query(`
      create trigger objects_keep_cluster_version after insert or update on objects
      for each row when (new.kind = 'Cluster') execute function keep_cluster_version()`);
    await runner.query(`
      insert into cluster_versions (uid, commit_id, labels, annotations, spec)
      select uid, commit_id, labels, annotations, body -> 'spec' from objects where kind = 'Cluster'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger objects_keep_cluster_version on objects`);
    await runner.query(`drop function keep_cluster_version()`);
    await runner.query(`drop table cluster_versions`);
  }
}
