/** Reads partition rules from schemac.partition_rule; a row whose table is gone is no rule. */
import { address } from '../../model/address.ts';
import { numberOf, optional, optionalText, ourSchema, textOf, relationNamed } from '../catalog.ts';
import type { CatalogRow, Introspection } from '../contract.ts';
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

export const introspectPartitionRules: Introspection<PartitionRule> = {
  query: (context) =>
    context.hasPartitionRules
      ? `
    SELECT n.nspname AS schema, c.relname AS name, r.column_name AS column, ${intervalParts('r.every')} AS every, r.premake,
      ${intervalParts('r.retain')} AS retain, r.on_retire, r.archive_schema, ${intervalParts('r.grace')} AS grace, r.zone, r.template,
      archive.oid::int8 AS archive, ${laterColumns()}
    FROM schemac.partition_rule r
    JOIN pg_class c ON c.oid = ${relationNamed('r.parent')}
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_namespace archive ON archive.nspname = r.archive_schema
    WHERE c.relkind = 'p' AND ${ourSchema}`
      : 'SELECT 1 AS none WHERE false',
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
