/** Reads partition rules from schemac.partition_rule; a row whose table is gone is no rule. */
import { address } from '../../model/address.ts';
import { numberOf, optional, optionalText, ourSchema, textOf, relationNamed } from '../catalog.ts';
import type { CatalogRow, Introspection } from '../contract.ts';
import { intervalParts, intervalWords } from './interval.ts';
import type { PartitionRule } from './object.ts';

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

export const introspectPartitionRules: Introspection<PartitionRule> = {
  query: (context) =>
    context.hasPartitionRules
      ? `
    SELECT n.nspname AS schema, c.relname AS name, r.column_name AS column, ${intervalParts('r.every')} AS every, r.premake,
      ${intervalParts('r.retain')} AS retain, r.on_retire, r.archive_schema, ${intervalParts('r.grace')} AS grace, r.zone, r.template,
      archive.oid::int8 AS archive
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
          every: interval(row, 'every') ?? '',
          premake: numberOf(row, 'premake'),
          ...optional('retain', interval(row, 'retain')),
          onRetire: textOf(row, 'on_retire') as PartitionRule['attributes']['onRetire'],
          ...optional('archiveSchema', optionalText(row, 'archive_schema')),
          ...optional('grace', interval(row, 'grace')),
          zone: textOf(row, 'zone'),
          template: template(row),
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
