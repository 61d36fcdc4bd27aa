/** The columns of a table and their defaults become objects; references are composed with the foreign keys. */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import { declareColumn } from '../kinds/column/declare.ts';
import { declareDefault } from '../kinds/default/declare.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { BoundColumn } from '../dsl/column.ts';
import type { Sql } from '../dsl/sql.ts';
import { storage } from './common-parts.ts';
import { present } from './context.ts';
import { collationText } from './index-keys.ts';
import type { Notes } from './context.ts';
import type { TableContext } from './compose-table.ts';
import { checkedValues } from './compose-volume.ts';
import { renderSql } from './render-sql.ts';
import type { RenderedSql } from './render-sql.ts';
import { checkSince } from './since.ts';

/** Composes the columns in the order of writing. */
export function composeColumns(inner: TableContext): void {
  const { table } = inner;
  table.columnList.forEach((column, index) => {
    inner.names.claim({
      namespaces: [`column ${inner.id}`],
      name: column.name,
      what: `column "${column.name}" of table "${table.name}"`,
      at: table.origin,
      keys: ['columns', column.name],
    });
    if (wordOf(column) === 'column') composeColumn(column, index + 1, inner);
    else reportNoColumn(column, inner);
  });
}

function reportNoColumn(column: BoundColumn, { table, report }: TableContext): void {
  report({
    code: 'not-a-column',
    message: `"${column.name}" of table "${table.name}" is not a column`,
    hint: "write a column word: text({ doc: '…' }), references(() => users, 'id'), …",
    at: table.origin,
    keys: ['columns', column.name],
  });
}

function composeColumn(column: BoundColumn, position: number, inner: TableContext): void {
  const { options } = column;
  const keys = ['columns', column.name];
  const path = [...inner.path, column.name] as const;
  const type = inner.typeOf(inner.table, column);
  const generated = generatedOf(column, inner);
  const identity = typeof options.identity === 'string' ? { generation: options.identity } : options.identity;
  inner.add(
    declareColumn({
      on: inner.id,
      path,
      position,
      type: type?.text ?? 'text',
      nullable: options.nullable === true,
      ...present({
        collation: options.collation === undefined ? undefined : collationText(options.collation),
        identity,
        generated: generated?.attribute,
        storage: options.storage,
        compression: options.compression,
        statistics: options.statistics,
        options: options.attributeOptions === undefined ? undefined : storage(options.attributeOptions),
      }),
      needs: [...(type?.needs ?? []), ...(generated?.needs ?? [])],
    }),
    inner.table.origin,
    keys,
    columnNotes(column, path, inner),
  );
  composeDefault(column, path, inner);
}

function composeDefault(column: BoundColumn, path: readonly [string, string, string], inner: TableContext): void {
  if (column.options.default === undefined) return;
  const { text, needs } = renderIn('default', column, column.options.default, inner);
  inner.add(declareDefault({ path, expression: text, needs }), inner.table.origin, ['columns', column.name, 'default'], {});
}

function columnNotes(column: BoundColumn, path: readonly [string, string, string], inner: TableContext): Notes {
  const { doc, pii, renamedFrom, backfill, using, suppress, values } = column.options;
  return present({
    doc,
    pii,
    renamedFrom: renamedFrom === undefined ? undefined : address('column', path[0], path[1], renamedFrom),
    backfill: backfill === undefined ? undefined : renderIn('backfill', column, backfill, inner).text,
    using: using === undefined ? undefined : renderIn('using', column, using, inner).text,
    suppress,
    values: values === undefined ? undefined : checkedValues(values, column, inner),
  });
}

function renderIn(option: string, column: BoundColumn, value: unknown, inner: TableContext): RenderedSql {
  const place = {
    at: inner.table.origin,
    keys: ['columns', column.name, option],
    what: `the ${option} of column "${column.name}" of table "${inner.table.name}"`,
  };
  return renderSql(value, place, inner);
}

function generatedOf(column: BoundColumn, inner: TableContext) {
  const { generated } = column.options;
  if (generated === undefined) return undefined;
  const written = wordOf(generated) === 'sql' ? { expression: generated as Sql, form: 'stored' as const } : generated;
  const { expression, form } = written as { readonly expression: Sql; readonly form: 'stored' | 'virtual' };
  const keys = ['columns', column.name, 'generated'];
  if (form === 'virtual') checkSince('virtual-generated', `column "${column.name}"`, { at: inner.table.origin, keys }, inner);
  const { text, needs } = renderIn('generated', column, expression, inner);
  return { attribute: { expression: text, form }, needs: [...needs, ...plainColumns(inner, column)] };
}

/** A generated column may use any column but generated ones (manual §5.4), so it comes after all of those. */
function plainColumns(inner: TableContext, self: BoundColumn): readonly Address[] {
  return inner.table.columnList
    .filter((each) => each !== self && each.options.generated === undefined)
    .map((each) => address('column', ...inner.path, each.name));
}
