/**
 * The SQL of partition support, in the order in which it runs: our schema, the rules, the log, the
 * functions, the mark of the version. All of it may run again; psql runs it as it is.
 */
import { createFunction, makeFunction, settingsFunction } from './create-sql.ts';
import { cellFunction, floorFunction } from './grid-sql.ts';
import { listFunction, momentFunction, nameFunction, suffixFunction, valueFunction } from './key-sql.ts';
import { maintainProcedure } from './maintain-sql.ts';
import { missingFunction, planFunction, retirementFunction, windowFunction } from './plan-sql.ts';
import { beginRetireFunction, detachFunction, dropFunction, endRetireFunction, moveFunctions, retiredFunction } from './retire-sql.ts';
import { logColumns, logTable, ruleColumns, ruleTable } from './tables-sql.ts';

export interface SupportStep {
  readonly sql: string;
  readonly purpose: string;
}

/** The mark stands on our own table: the schema's comment is nobody's, since the runner shares the schema. */
export function supportSteps(version: number): readonly SupportStep[] {
  return [
    { sql: 'CREATE SCHEMA IF NOT EXISTS schemac', purpose: 'Make the schema of schemac itself, if it is not there.' },
    { sql: ruleTable, purpose: 'Make the table of partition rules.' },
    { sql: ruleColumns, purpose: 'Let rules be about ids and numbers too, and say how maintenance goes.' },
    { sql: logTable, purpose: 'Make the log of partitions made and retired.' },
    { sql: logColumns, purpose: 'Let the log tell a retirement from beginning to end.' },
    { sql: cellFunction, purpose: 'Where the partition that holds a time begins and ends.' },
    { sql: floorFunction, purpose: 'Where the partition that holds a time begins.' },
    { sql: momentFunction, purpose: 'The time that a value of the key stands for.' },
    { sql: valueFunction, purpose: 'The value of the key that stands for a time.' },
    { sql: listFunction, purpose: 'The partitions of a table with their bounds.' },
    { sql: suffixFunction, purpose: 'What the name of a new partition ends in.' },
    { sql: nameFunction, purpose: 'A name for a new partition.' },
    { sql: windowFunction, purpose: 'The stretch that a partition rule wants partitions for at a time.' },
    { sql: missingFunction, purpose: 'What no partition covers of it.' },
    { sql: retiredFunction, purpose: 'The partitions that were detached, by the mark that they bear.' },
    { sql: retirementFunction, purpose: 'What is to become of partitions past retention at a time.' },
    { sql: planFunction, purpose: 'What a partition rule wants made, retired, moved and dropped at a time.' },
    { sql: settingsFunction, purpose: 'Give a new partition what it does not inherit.' },
    { sql: makeFunction, purpose: 'Make one partition, and those below it.' },
    { sql: createFunction, purpose: 'Make the partitions that a rule wants at a time.' },
    { sql: beginRetireFunction, purpose: 'Mark a partition that is about to be detached.' },
    { sql: endRetireFunction, purpose: 'Note that it is detached.' },
    { sql: detachFunction, purpose: 'Detach a partition where it cannot be done concurrently.' },
    ...moveFunctions.map((sql) => ({ sql, purpose: 'Move a detached partition into the archive, with those below it.' })),
    { sql: dropFunction, purpose: 'Drop a detached partition whose grace is over.' },
    { sql: maintainProcedure, purpose: 'All of it inside the server, for pg_cron.' },
    {
      sql: `COMMENT ON TABLE schemac.partition_rule IS 'schemac partition support, version ${String(version)}'`,
      purpose: 'Note which version of partition support this is.',
    },
  ];
}

/** What CREATE OR REPLACE cannot turn into the function of this version (42P13), or would leave beside it. */
export const upgradeSteps: readonly SupportStep[] = [
  {
    sql: 'DROP FUNCTION IF EXISTS schemac.partition_list(text), schemac.partition_name(text, timestamptz, interval), schemac.partition_plan(text, timestamptz), schemac.partition_create(text, timestamptz)',
    purpose: 'Make way for functions of another form.',
  },
];

const functions = [
  'drop',
  'move',
  'move_table',
  'detach',
  'end_retire',
  'begin_retire',
  'create',
  'make',
  'copy_settings',
  'plan',
  'retirement',
  'retired',
  'missing',
  'window',
  'name',
  'suffix',
  'list',
  'value',
  'moment',
  'floor',
  'cell',
];

/** The schema stays: the runner keeps its tables in it. */
export const dropSteps: readonly SupportStep[] = [
  {
    sql: 'DROP PROCEDURE schemac.partition_maintain',
    purpose: 'Drop the maintenance inside the server.',
  },
  {
    sql: `DROP FUNCTION ${functions.map((name) => `schemac.partition_${name}`).join(', ')}`,
    purpose: 'Drop the functions of partition rules.',
  },
  { sql: 'DROP TABLE schemac.partition_log, schemac.partition_rule', purpose: 'Drop the partition rules and the log.' },
];
