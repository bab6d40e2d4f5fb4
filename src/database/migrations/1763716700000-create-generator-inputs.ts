import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What admins apply for generators: tokens, sealed, and ConfigMaps and decisions about clusters, as they are. */
export class CreateGeneratorInputs1763716700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table generator_inputs (
        api_group text not null,
        kind text not null,
        namespace text not null,
        name text not null,
        labels jsonb not null,
        content jsonb,
        sealed text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint generator_inputs_pk primary key (api_group, kind, namespace, name),
        constraint generator_inputs_secret_check check ((kind = 'Secret') = (sealed is not null and content is null))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table generator_inputs`);
  }
}
