/** Reads partition rules from schemac.partition_rule, and what pg_partman manages from its table; a row whose table is gone is no rule. */
import { address } from '../../model/address.ts';
import { numberOf, optional, optionalText, ourSchema, partmanName, relationNamed, textOf } from '../catalog.ts';
import type { CatalogRow, Introspection, IntrospectionContext } from '../contract.ts';
import { intervalParts, intervalWords } from './interval.ts';
import { usualRetireLimit, type PartitionedAgain, type PartitionRule } from './object.ts';

function template(row: CatalogRow): { readonly [name: string]: string } {
  const entries = Object.entries(row['template'] as { readonly [name: string]: unknown }).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function interval(row: CatalogRow, column: string): string | undefined {
  const parts = row[column];
  return Array.isArray(parts) ? intervalWords(parts as readonly number[]) : undefined;
}

/**
 * Columns that version 2 added. to_jsonb of the row gives those that are there, so that rules of a
 * database that is still to be migrated are read too.
 */
function laterColumns(): string {
  return `to_jsonb(r) AS later, ${intervalParts(`(to_jsonb(r) ->> 'analyze_every')::interval`)} AS analyze_every`;
}

function later(row: CatalogRow): CatalogRow {
  return row['later'] as CatalogRow;
}

/** Numbers of an integer key are words like intervals are. */
function count(row: CatalogRow, column: string): string | undefined {
  const value = later(row)[column];
  return typeof value === 'number' ? String(value) : undefined;
}

/** jsonb has an order of keys of its own; what is said of a part comes in ours. */
function readWithin(value: unknown): PartitionedAgain | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { key, parts } = value as PartitionedAgain;
  return { key, parts: parts.map(({ name, bound, within }) => ({ name, bound, ...optional('within', readWithin(within)) })) };
}

function laterAttributes(row: CatalogRow): Partial<PartitionRule['attributes']> {
  const { key, epoch, bits, past, retire_limit: limit, exports, managed_by: manager } = later(row);
  return {
    ...(key === undefined || key === 'time' ? {} : { key: key as NonNullable<PartitionRule['attributes']['key']> }),
    ...optional('epoch', typeof epoch === 'string' ? new Date(epoch).toISOString() : undefined),
    ...optional('bits', typeof bits === 'number' ? bits : undefined),
    ...optional('past', typeof past === 'number' && past !== 0 ? past : undefined),
    ...optional('retireLimit', typeof limit === 'number' && limit !== usualRetireLimit ? limit : undefined),
    ...optional('exports', exports === true ? true : undefined),
    ...optional('tablespace', optionalText(later(row), 'tablespace')),
    ...optional('analyzeEvery', interval(row, 'analyze_every')),
    ...optional('within', readWithin(later(row)['within'])),
    ...optional('managedBy', typeof manager === 'string' ? manager : undefined),
  };
}

const ownRules = `
    SELECT n.nspname AS schema, c.relname AS name, r.column_name AS column, ${intervalParts('r.every')} AS every, r.premake,
      ${intervalParts('r.retain')} AS retain, r.on_retire, r.archive_schema, ${intervalParts('r.grace')} AS grace, r.zone, r.template,
      archive.oid::int8 AS archive, ${laterColumns()}
    FROM schemac.partition_rule r
    JOIN pg_class c ON c.oid = ${relationNamed('r.parent')}
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_namespace archive ON archive.nspname = r.archive_schema
    WHERE c.relkind = 'p' AND ${ourSchema}`;

/** What pg_partman manages by the range of one column: known, and left alone. A rule of ours comes first. */
function partmanRules(table: string, context: IntrospectionContext): string {
  const notOurs = context.hasPartitionRules ? `c.oid NOT IN (SELECT ${relationNamed('r.parent')} FROM schemac.partition_rule r)` : 'true';
  return `
    SELECT n.nspname AS schema, c.relname AS name, a.attname AS column, NULL::json AS every, 0 AS premake, NULL::json AS retain, 'keep' AS on_retire,
      NULL AS archive_schema, NULL::json AS grace, 'UTC' AS zone, '{}'::jsonb AS template, NULL::int8 AS archive,
      '{"managed_by": "pg_partman"}'::jsonb AS later, NULL::json AS analyze_every
    FROM ${table} config
    JOIN pg_class c ON c.oid = ${partmanName('config.parent_table')} AND NOT c.relispartition
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE ${ourSchema} AND ${notOurs}`;
}

export const introspectPartitionRules: Introspection<PartitionRule> = {
  query: (context) => {
    const said = [
      ...(context.hasPartitionRules ? [ownRules] : []),
      ...(context.partman === undefined ? [] : [partmanRules(context.partman, context)]),
    ];
    return said.length === 0 ? 'SELECT 1 AS none WHERE false' : said.join(' UNION ALL ');
  },
  read: (row, context) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const table = address('table', ...path);
    const column = textOf(row, 'column');
    const archive = row['archive'];
    const archiveSchema = typeof archive === 'number' ? context.resolve({ catalog: 'pg_namespace', oid: archive }) : undefined;
    return {
      object: {
        kind: 'partition-rule',
        id: address('partition-rule', ...path),
        path,
        partOf: table,
        attributes: {
          column,
          ...optional('every', interval(row, 'every') ?? count(row, 'step')),
          premake: numberOf(row, 'premake'),
          ...optional('retain', interval(row, 'retain') ?? count(row, 'retain_keys')),
          onRetire: textOf(row, 'on_retire') as PartitionRule['attributes']['onRetire'],
          ...optional('archiveSchema', optionalText(row, 'archive_schema')),
          ...optional('grace', interval(row, 'grace')),
          zone: textOf(row, 'zone'),
          template: template(row),
          ...laterAttributes(row),
        },
        dependsOn: [
          table,
          address('column', ...path, column),
          address('partition-support', 'schemac'),
          ...(archiveSchema === undefined ? [] : [archiveSchema]),
        ],
      },
      identities: [],
    };
  },
};
