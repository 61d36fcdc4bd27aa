/**
 * The steps of a migration that touch nothing but what is schemac's own: the functions of partition
 * rules, and the rows that say which tables have one. A database that has a migration's tables already
 * has none of these, and nobody else would make them; each may run again.
 */
import type { MigrationFile } from '../sql/migration-file.ts';

const own =
  /^(CREATE SCHEMA IF NOT EXISTS schemac$|CREATE TABLE IF NOT EXISTS schemac\.|ALTER TABLE schemac\.partition_(rule|log)\b|DROP FUNCTION IF EXISTS schemac\.|CREATE OR REPLACE (FUNCTION|PROCEDURE) schemac\.|COMMENT ON TABLE schemac\.|(INSERT INTO|UPDATE|DELETE FROM) schemac\.partition_rule\b)/;

/** The SQL of those steps, in order. */
export function ownSteps(migration: MigrationFile): readonly string[] {
  return migration.transactions
    .flatMap(({ steps }) => steps)
    .map(({ sql }) => sql.trim())
    .filter((sql) => own.test(sql));
}
