/**
 * The SQL of partition support, in the order in which it runs: our schema, the rules, the log, the
 * functions, the mark of the version. All of it may run again; psql runs it as it is.
 */
import { createFunction } from './create-sql.ts';
import { cellFunction, floorFunction } from './grid-sql.ts';
import { listFunction, nameFunction, planFunction } from './plan-sql.ts';

/** `parent` is written as regclass prints it with an empty search_path: `public.digests`. */
const ruleTable = `CREATE TABLE IF NOT EXISTS schemac.partition_rule (
  parent text PRIMARY KEY,
  column_name text NOT NULL,
  every interval NOT NULL,
  premake integer NOT NULL CHECK (premake BETWEEN 0 AND 999),
  retain interval CHECK (retain > interval '0'),
  on_retire text NOT NULL CHECK (on_retire IN ('keep', 'drop', 'archive')),
  archive_schema text CHECK ((archive_schema IS NOT NULL) = (on_retire = 'archive')),
  grace interval,
  zone text NOT NULL,
  template jsonb NOT NULL DEFAULT '{}'
)`;

const logTable = `CREATE TABLE IF NOT EXISTS schemac.partition_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  parent text NOT NULL,
  relation text NOT NULL,
  action text NOT NULL,
  lower timestamptz,
  upper timestamptz,
  detail jsonb
)`;

export interface SupportStep {
  readonly sql: string;
  readonly purpose: string;
}

/** The mark stands on our own table: the schema's comment is nobody's, since the runner shares the schema. */
export function supportSteps(version: number): readonly SupportStep[] {
  return [
    { sql: 'CREATE SCHEMA IF NOT EXISTS schemac', purpose: 'Make the schema of schemac itself, if it is not there.' },
    { sql: ruleTable, purpose: 'Make the table of partition rules.' },
    { sql: logTable, purpose: 'Make the log of partitions made and retired.' },
    { sql: cellFunction, purpose: 'Where the partition that holds a time begins and ends.' },
    { sql: floorFunction, purpose: 'Where the partition that holds a time begins.' },
    { sql: listFunction, purpose: 'The partitions of a table with their bounds.' },
    { sql: nameFunction, purpose: 'A name for a new partition.' },
    { sql: planFunction, purpose: 'What a partition rule wants made and retired at a time.' },
    { sql: createFunction, purpose: 'Make the partitions that a rule wants at a time.' },
    {
      sql: `COMMENT ON TABLE schemac.partition_rule IS 'schemac partition support, version ${String(version)}'`,
      purpose: 'Note which version of partition support this is.',
    },
  ];
}

/** The schema stays: the runner keeps its tables in it. */
export const dropSteps: readonly SupportStep[] = [
  {
    sql: 'DROP FUNCTION schemac.partition_create, schemac.partition_plan, schemac.partition_name, schemac.partition_list, schemac.partition_floor, schemac.partition_cell',
    purpose: 'Drop the functions of partition rules.',
  },
  { sql: 'DROP TABLE schemac.partition_log, schemac.partition_rule', purpose: 'Drop the partition rules and the log.' },
];
