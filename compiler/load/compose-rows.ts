/** The declared rows of a lookup table become objects, named by the table's key. */
import { address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { declareReferenceRow } from '../kinds/reference-row/declare.ts';
import type { BoundColumn } from '../dsl/column.ts';
import { reportUnknownColumn } from './column-types.ts';
import type { TableContext } from './compose-table.ts';
import { present } from './context.ts';
import { canBeKey, keyValueText, valueText } from './row-values.ts';

type Row = Readonly<Record<string, unknown>>;

/** Composes the rows; gives what must be known to read them from a database, undefined where the table declares none. */
export function composeRows(inner: TableContext): ReferenceTable | undefined {
  const { rows, external } = inner.table.definition;
  if (rows === undefined) return undefined;
  const key = keyOf(inner);
  if (external === true || !Array.isArray(rows)) {
    const message = external === true ? `table "${inner.table.name}" is another team's, and so are its rows` : 'rows is no list';
    reportRow(message, 'declare rows of tables of your own: rows: [{ … }]', ['rows'], inner);
    return undefined;
  }
  if (key === undefined) return undefined;
  const columns = columnsOf(rows as readonly Row[], inner);
  const seen = new Map<string, number>();
  (rows as readonly Row[]).forEach((row, index) => composeRow(row, index, { key, columns, seen }, inner));
  const names = columns.length === 0 ? key : columns.map(({ name }) => name);
  const former = (name: string): string | undefined => inner.table.columns[name]?.options.renamedFrom;
  return {
    table: inner.id,
    key,
    columns: names,
    ...present({ formerly: formerTable(inner) }),
    formerColumns: Object.fromEntries(names.flatMap((name) => (former(name) === undefined ? [] : [[name, former(name) ?? '']]))),
  };
}

function formerTable({ table, path }: TableContext): string | undefined {
  const { renamedFrom } = table.definition;
  return renamedFrom === undefined ? undefined : address('table', path[0], renamedFrom);
}

function reportRow(message: string, hint: string, keys: readonly string[], inner: TableContext): void {
  inner.report({ code: 'invalid-row', message, hint, at: inner.table.origin, keys });
}

/** The primary key, or the unique key that `rowsKey` names; each of a type whose texts are as PostgreSQL prints them. */
function keyOf(inner: TableContext): readonly string[] | undefined {
  const { table } = inner;
  const { rowsKey } = table.definition;
  const declared = inner.keys.get(table) ?? [];
  const found = declared.find(({ form, input }) =>
    rowsKey === undefined
      ? form === 'primary-key'
      : input.columns.length === rowsKey.length && rowsKey.every((name) => input.columns.includes(name)),
  );
  const columns = rowsKey ?? found?.input.columns ?? [];
  const types = columns.map((name) => ({ name, type: typeOf(name, inner) }));
  const unfit = types.find(({ type }) => type !== undefined && !canBeKey(type.text, type.isEnum));
  const problem =
    found === undefined
      ? [
          rowsKey === undefined ? 'no primary key' : `no unique key on ${rowsKey.join(', ')}`,
          "declare primaryKey: ['id'], or name the columns of a unique key: rowsKey: ['code']",
        ]
      : unfit === undefined
        ? undefined
        : [
            `a key column ${unfit.name} of the type ${unfit.type?.text ?? ''}, whose texts PostgreSQL may print otherwise`,
            'name rows by a unique key of integers, text, uuid, boolean, date or an enum: rowsKey',
          ];
  if (problem === undefined) return columns;
  const keys = [rowsKey === undefined ? 'rows' : 'rowsKey'];
  inner.report({
    code: 'invalid-rows-key',
    message: `table "${table.name}" declares rows and has ${problem[0]}`,
    hint: problem[1] ?? '',
    at: table.origin,
    keys,
  });
  return undefined;
}

function typeOf(name: string, inner: TableContext): { readonly text: string; readonly isEnum: boolean } | undefined {
  const column = inner.table.columnList.find((each) => each.name === name);
  const type = column === undefined ? undefined : inner.typeOf(inner.table, column);
  return type === undefined
    ? undefined
    : { text: type.text, isEnum: type.needs.some((id) => /^enum /.test(id)) && !type.text.endsWith('[]') };
}

/** The columns that rows declare, in the order of the table. */
function columnsOf(rows: readonly Row[], { table }: TableContext): readonly BoundColumn[] {
  const named = new Set(rows.flatMap((row) => Object.keys(row).filter((name) => row[name] !== undefined)));
  return table.columnList.filter(({ name }) => named.has(name));
}

interface Rows {
  readonly key: readonly string[];
  readonly columns: readonly BoundColumn[];
  readonly seen: Map<string, number>;
}

function composeRow(row: Row, index: number, rows: Rows, inner: TableContext): void {
  const keys = ['rows', `[${index}]`];
  const what = `row ${index + 1} of table "${inner.table.name}"`;
  const unknown = Object.keys(row).filter((name) => inner.table.columns[name] === undefined);
  for (const name of unknown) reportUnknownColumn(name, inner.table, what, { at: inner.table.origin, keys }, inner);
  const values: Record<string, string | null> = {};
  let isGood = unknown.length === 0;
  for (const column of rows.columns) {
    const text = textOf(row, column, rows, inner);
    if (typeof text === 'object' && text !== null) {
      isGood = false;
      reportRow(`${what} ${text.problem}`, text.hint, keys, inner);
    } else values[column.name] = text;
  }
  for (const name of rows.key.filter((each) => !rows.columns.some((column) => column.name === each))) {
    isGood = false;
    reportRow(`${what} has no ${name}, which is its key`, `give it: { ${name}: … }`, keys, inner);
  }
  const name = JSON.stringify(rows.key.map((each) => values[each]));
  const twin = rows.seen.get(name);
  if (isGood && twin !== undefined) reportRow(`${what} has the key of row ${twin + 1}`, 'give each row a key of its own', keys, inner);
  if (!isGood || twin !== undefined) return;
  rows.seen.set(name, index);
  inner.add(declareReferenceRow({ table: inner.id, path: inner.path, key: rows.key, values }), inner.table.origin, keys, {});
}

function textOf(
  row: Row,
  { name, options }: BoundColumn,
  { key }: Rows,
  inner: TableContext,
): string | null | { readonly problem: string; readonly hint: string } {
  const type = typeOf(name, inner)?.text ?? 'text';
  const value = row[name];
  if (value === undefined) {
    return {
      problem: `has no ${name}, which other rows have`,
      hint: 'give it in every row (null for none), or in no row: then it is left to the database',
    };
  }
  if (options.generated !== undefined) return { problem: `gives ${name}, which is generated`, hint: 'leave it out' };
  if (key.includes(name) && options.identity !== undefined) {
    return {
      problem: `gives ${name}, which is an identity that would count up to it`,
      hint: 'make it a plain column: what rows declare, no sequence should give',
    };
  }
  const text = key.includes(name) ? keyValueText(value, type) : valueText(value, type);
  return text === undefined
    ? { problem: `gives ${name} a value that is no ${type}`, hint: `write what node-postgres gives for ${type}` }
    : text;
}
