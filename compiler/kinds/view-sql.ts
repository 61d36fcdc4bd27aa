/**
 * What views and materialized views have in common: being read from pg_class with their query, their
 * columns as facts, and being drawn. No kind is named here.
 */
import { quoteText } from '../sql/quote.ts';
import { address, type Address } from '../model/address.ts';
import type { ColumnNode, TableNode } from '../model/document.ts';
import type { SchemaObject } from '../model/object.ts';
import { notOfExtension, numberOf, optional, ourSchema, textOf } from './catalog.ts';
import type { CatalogIdentity, CatalogRow, DescribeContext } from './contract.ts';
import { relationSettings } from './relation-settings.ts';

interface ViewColumn {
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
}

/** `relkind` is v or m. What a view depends on is said of its rule _RETURN in pg_depend. */
export function viewQuery(relkind: 'v' | 'm'): string {
  return `
    SELECT c.oid::int8 AS oid, c.reltype::int8 AS row_type, r.oid::int8 AS rule, n.nspname AS schema, c.relname AS name,
      pg_get_viewdef(c.oid) AS query, ${relationSettings},
      (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'collation', nullif(a.attcollation, 0)::regcollation::text) ORDER BY a.attnum)
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
    WHERE c.relkind = ${quoteText(relkind)} AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')}`;
}

/** pg_get_viewdef begins with a space and ends with a semicolon, which are not the query's. */
export function queryOf(row: CatalogRow): string {
  return textOf(row, 'query').trim().replace(/;$/, '');
}

export function viewFacts(row: CatalogRow): { readonly columns: readonly { readonly [name: string]: string | null }[] } {
  return { columns: (row['columns'] ?? []) as readonly { readonly [name: string]: string | null }[] };
}

export function viewIdentities(row: CatalogRow): readonly CatalogIdentity[] {
  return [
    { catalog: 'pg_class', oid: numberOf(row, 'oid') },
    { catalog: 'pg_rewrite', oid: numberOf(row, 'rule') },
    { catalog: 'pg_type', oid: numberOf(row, 'row_type') },
  ];
}

export function viewColumns(view: SchemaObject): readonly ViewColumn[] {
  return (view.facts?.['columns'] ?? []) as unknown as readonly ViewColumn[];
}

/** Whether every column stays what and where it is: all that CREATE OR REPLACE VIEW allows (42P16 otherwise). */
export function onlyAppendsColumns(before: SchemaObject, after: SchemaObject): boolean {
  const [old, now] = [viewColumns(before), viewColumns(after)];
  return (
    old.length > 0 &&
    old.length <= now.length &&
    old.every(({ name, type, collation }, place) => {
      const column = now[place];
      return column?.name === name && column.type === type && column.collation === collation;
    })
  );
}

/** Whether all that changes for who reads the view is that columns are gone, which old code may still read. */
export function onlyLosesColumns(before: SchemaObject, after: SchemaObject): boolean {
  const [old, now] = [viewColumns(before), viewColumns(after)];
  return now.length < old.length && now.every(({ name, type }) => old.some((column) => column.name === name && column.type === type));
}

export function describeView(
  view: SchemaObject<string, { readonly query: string }>,
  form: TableNode['form'],
  context: DescribeContext,
): readonly (TableNode | ColumnNode)[] {
  const annotation = context.annotation(view.id);
  const columnId = (name: string): Address => address('column', ...view.path, name);
  return [
    {
      node: 'table',
      id: view.id,
      form,
      schema: view.path[0] ?? '',
      name: view.path[1] ?? '',
      ...optional('doc', annotation.doc),
      ...optional('group', annotation.group),
      ...optional('owner', annotation.owner),
      definition: view.attributes.query,
    },
    ...viewColumns(view).map(({ name, type }): ColumnNode => ({
      node: 'column',
      id: columnId(name),
      table: view.id,
      name,
      type,
      nullable: true,
      ...optional('doc', context.annotation(columnId(name)).doc),
    })),
  ];
}
