/**
 * The partition rules that a database holds, and whether its functions are those of this version.
 * What a rule says in the schema is not asked: the database has what was migrated.
 */
import { intervalParts, intervalWords } from '../kinds/partition-rule/interval.ts';
import { partitionSupportVersion } from '../kinds/partition-support/version.ts';
import type { Connection } from '../migrate/connection.ts';
import { fail } from '../model/diagnostic.ts';

export interface Rule {
  /** The table's qualified name, quoted where it must be. */
  readonly table: string;
  readonly column: string;
  readonly key: 'time' | 'uuidv7' | 'snowflake' | 'integer';
  /** An interval, or a number of keys; null under another tool. */
  readonly every: string | null;
  readonly premake: number;
  readonly retain: string | null;
  readonly onRetire: 'keep' | 'drop' | 'archive';
  readonly archiveSchema: string | null;
  readonly grace: string | null;
  readonly zone: string;
  readonly retireLimit: number;
  readonly exports: boolean;
  readonly analyzeEvery: string | null;
  readonly managedBy: string | null;
  /** Whether the table is there. */
  readonly exists: boolean;
}

async function checkSupport(connection: Connection): Promise<'there' | 'none'> {
  const [row] = await connection.rows(
    `SELECT pg_catalog.to_regclass('schemac.partition_rule') IS NOT NULL,
      pg_catalog.substring(pg_catalog.obj_description(pg_catalog.to_regclass('schemac.partition_rule'), 'pg_class'), 'version ([0-9]+)$')`,
  );
  if (row?.[0] !== 't') return 'none';
  const version = Number(row[1] ?? '0');
  if (version === partitionSupportVersion) return 'there';
  return fail(
    'partition-support-version',
    `the database has the partition functions of version ${String(version)}, this schemac works with version ${String(partitionSupportVersion)}`,
    {
      hint:
        version < partitionSupportVersion
          ? 'npx schemac compile writes a migration that brings them up to date; apply it with npx schemac migrate'
          : 'use the schemac that wrote the last migration, or a newer one',
    },
  );
}

/** Reads the rules, in the order of their tables. Throws a `DiagnosticError` for a table that has none. */
export async function readRules(connection: Connection, tables: readonly string[] | undefined): Promise<readonly Rule[]> {
  if ((await checkSupport(connection)) === 'none') {
    if (tables === undefined) return [];
    fail('no-partition-rule', `the database has no partition rules`, { hint: 'declare one with partitionBy, compile, and migrate' });
  }
  const rows = await connection.records(
    `SELECT parent, column_name, key, step, ${intervalParts('every')} AS every, premake, retain_keys, ${intervalParts('retain')} AS retain,
      on_retire, archive_schema, ${intervalParts('grace')} AS grace, zone, retire_limit, exports, ${intervalParts('analyze_every')} AS analyze_every, managed_by, pg_catalog.to_regclass(parent) IS NOT NULL AS there
     FROM schemac.partition_rule ORDER BY parent COLLATE "C"`,
  );
  const rules = rows.map(ruleOf);
  return tables === undefined ? rules : tables.map((table) => chosen(table, rules));
}

/** Intervals in the words of the schema. */
function words(parts: string | null | undefined): string | null {
  return parts === null || parts === undefined ? null : intervalWords(JSON.parse(parts) as readonly number[]);
}

function ruleOf(row: { readonly [column: string]: string | null }): Rule {
  return {
    table: row['parent'] ?? '',
    column: row['column_name'] ?? '',
    key: row['key'] as Rule['key'],
    every: row['step'] ?? words(row['every']),
    premake: Number(row['premake']),
    retain: row['retain_keys'] ?? words(row['retain']),
    onRetire: row['on_retire'] as Rule['onRetire'],
    archiveSchema: row['archive_schema'] ?? null,
    grace: words(row['grace']),
    zone: row['zone'] ?? 'UTC',
    retireLimit: Number(row['retire_limit']),
    exports: row['exports'] === 't',
    analyzeEvery: words(row['analyze_every']),
    managedBy: row['managed_by'] ?? null,
    exists: row['there'] === 't',
  };
}

/** A name without a schema is one of the schema public. */
function chosen(table: string, rules: readonly Rule[]): Rule {
  const found = rules.find((rule) => rule.table === table || rule.table === `public.${table}`);
  if (found !== undefined) return found;
  return fail('no-partition-rule', `there is no partition rule for ${table}`, {
    hint:
      rules.length === 0
        ? 'declare one with partitionBy, compile, and migrate'
        : `there are rules for ${rules.map((rule) => rule.table).join(', ')}`,
  });
}

/** The rules that we act on. */
export function ownRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => rule.exists && rule.managedBy === null);
}
