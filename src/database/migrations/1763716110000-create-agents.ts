import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Join tokens, and the agents that joined with them: one for each Cluster at most. */
export class CreateAgents1763716110000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table join_tokens (
        id uuid constraint join_tokens_id_pk primary key,
        secret_digest text not null constraint join_tokens_secret_digest_key unique,
        name_prefix text not null,
        labels jsonb not null,
        uses integer not null,
        uses_left integer not null,
        created_by text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz
      )`);
    await runner.query(`
      create table agents (
        cluster_uid uuid constraint agents_cluster_uid_pk primary key
          constraint agents_cluster_uid_fk references objects (uid) on delete cascade,
        kube_system_uid text not null constraint agents_kube_system_uid_key unique,
        public_key text not null,
        join_token_id uuid not null,
        joined_at timestamptz not null,
        session uuid,
        sequence bigint not null,
        protocol_version integer not null,
        agent_version text not null,
        last_seen timestamptz,
        absent_apis jsonb not null
      )`);
    await runner.query(`create index agents_last_seen_idx on agents (last_seen)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table agents`);
    await runner.query(`drop table join_tokens`);
  }
}
