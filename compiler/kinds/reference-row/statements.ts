/**
 * How a declared row is inserted, updated and deleted. A row that is there already is adopted where it
 * is what the schema says, as it is where people filled a lookup table by hand; where it says
 * otherwise the insert fails on its key (23505), since only a person can know which of them is right.
 */
import { address, parseAddress, pathText, type Address } from '../../model/address.ts';
import { partsOf, type State } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { nameList, quoteName, quoteText } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { hazard, lock, relationName, tableOf } from '../statements.ts';
import type { ReferenceRow } from './object.ts';

const numbers = /^(?:smallint|integer|bigint|numeric|real|double precision)\b(?!.*\])/;
/** Types whose `=` is what one expects; json, xml and points have none, and boxes compare by size. */
const comparable =
  /^(?:smallint|integer|bigint|numeric|real|double precision|text|character|character varying|boolean|uuid|date|timestamp|time|interval|bytea|inet|cidr|jsonb|bit|bit varying|money)\b(?!.*\])/;

function typeOf(row: ReferenceRow, column: string, state: State): string {
  const found = state.get(address('column', ...row.path.slice(0, 2), column));
  return found === undefined ? '' : String((found.attributes as { readonly type?: unknown }).type);
}

function literal(row: ReferenceRow, column: string, state: State): string {
  const value = row.attributes.values[column];
  if (value === null || value === undefined) return 'NULL';
  const isNumber = numbers.test(typeOf(row, column, state)) && /^-?\d+(?:\.\d+)?$/.test(value);
  return isNumber ? value : quoteText(value).trim();
}

/** What finds the row by its key. */
function keyCondition(row: ReferenceRow, state: State): string {
  return row.attributes.key.map((name) => `${quoteName(name)} = ${literal(row, name, state)}`).join(' AND ');
}

function sameCondition(row: ReferenceRow, state: State): string {
  const others = Object.keys(row.attributes.values).filter((name) => !row.attributes.key.includes(name));
  const same = others.map((name) => {
    const column = comparable.test(typeOf(row, name, state)) ? quoteName(name) : `${quoteName(name)}::text`;
    return `${column} IS NOT DISTINCT FROM ${literal(row, name, state)}`;
  });
  return [keyCondition(row, state), ...same].join(' AND ');
}

function names(row: ReferenceRow): string {
  return `${pathText(row.path.slice(0, 2))} ${row.path.slice(2).join(', ')}`;
}

function valuesSql(row: ReferenceRow, state: State): { readonly columns: string; readonly values: string } {
  const columns = Object.keys(row.attributes.values);
  return { columns: nameList(columns), values: columns.map((name) => literal(row, name, state)).join(', ') };
}

function insertSql(row: ReferenceRow, state: State): string {
  const { columns, values } = valuesSql(row, state);
  return `INSERT INTO ${relationName(row)} (${columns})${overriding(row, state)} VALUES (${values})`;
}

/** An identity that is always generated takes a value only where the statement insists (manual, INSERT, "OVERRIDING SYSTEM VALUE"). */
function overriding(row: ReferenceRow, state: State): string {
  const given = new Set(Object.keys(row.attributes.values));
  const isAlways = partsOf(state, tableOf(row)).some(
    ({ path, attributes }) =>
      given.has(path.at(-1) ?? '') &&
      'identity' in attributes &&
      (attributes.identity as { readonly generation?: unknown } | undefined)?.generation === 'always',
  );
  return isAlways ? ' OVERRIDING SYSTEM VALUE' : '';
}

/** Columns and defaults that the row does not speak of, and the key that must refuse another row. */
function needsOf(row: ReferenceRow, { after }: PlanContext): readonly Address[] {
  const columns = partsOf(after, tableOf(row)).filter((part) => part.kind === 'column');
  const keys = partsOf(after, tableOf(row)).filter((part) => part.kind === 'primary-key' || part.kind === 'unique');
  return [...row.dependsOn, ...[...columns, ...columns.flatMap((column) => partsOf(after, column.id)), ...keys].map(({ id }) => id)];
}

function deleteSql(row: ReferenceRow, state: State): string {
  return `DELETE FROM ${relationName(row)} WHERE ${keyCondition(row, state)}`;
}

export function insertRow(row: ReferenceRow, context: PlanContext): readonly Statement[] {
  // Made again with what it rests on: the row itself was never gone.
  const was = context.before.get(row.id) as ReferenceRow | undefined;
  if (was !== undefined && !context.isNew(tableOf(row))) return updateRow(was, row, context);
  const table = tableOf(row);
  const isNew = context.isNew(table);
  const base = {
    purpose: `Insert row ${names(row)}.`,
    subject: row.id,
    needs: needsOf(row, context),
    makes: [row.id],
    locks: lock('RowExclusiveLock', table),
    reverse: deleteSql(row, context.after),
  };
  if (isNew) return [statement({ ...base, sql: insertSql(row, context.after) })];
  const { columns, values } = valuesSql(row, context.after);
  const relation = relationName(row);
  const same = sameCondition(row, context.after);
  return [
    statement({
      ...base,
      sql: `INSERT INTO ${relation} (${columns})${overriding(row, context.after)}\nSELECT ${values}\nWHERE NOT EXISTS (SELECT FROM ${relation} WHERE ${same})`,
      purpose: `Insert row ${names(row)}, unless it is there with these values.`,
      hazards: [
        hazard(
          'data-dependent',
          row.id,
          'fails where a row with its key holds other values',
          `SELECT * FROM ${relation} WHERE ${keyCondition(row, context.after)} AND NOT (${same})`,
        ),
      ],
      atomic: `insert rows of ${table}`,
    }),
  ];
}

export function updateRow(before: ReferenceRow, after: ReferenceRow, context: PlanContext): readonly Statement[] {
  const changed = Object.keys(after.attributes.values).filter((name) => before.attributes.values[name] !== after.attributes.values[name]);
  if (changed.length === 0) return [];
  const set = (row: ReferenceRow, which: readonly string[], state: State): string =>
    `UPDATE ${relationName(row)} SET ${which.map((name) => `${quoteName(name)} = ${literal(row, name, state)}`).join(', ')} WHERE ${keyCondition(row, state)}`;
  const back = changed.filter((name) => before.attributes.values[name] !== undefined);
  return [
    statement({
      sql: set(after, changed, context.after),
      purpose: `Set ${changed.join(', ')} of row ${names(after)}.`,
      subject: after.id,
      // Rows that it referred to may go afterwards.
      needs: [...after.dependsOn, ...before.dependsOn.filter((id) => !context.after.has(id))],
      locks: lock('RowExclusiveLock', tableOf(after)),
      atomic: `update rows of ${tableOf(after)}`,
      ...(back.length === changed.length ? { reverse: set(before, changed, context.before) } : {}),
    }),
  ];
}

interface Reference {
  readonly table: Address;
  readonly columns: readonly string[];
  readonly referencedColumns: readonly string[];
  readonly onDelete: string;
}

/** Foreign keys of any table to the row's. */
function referencesTo(row: ReferenceRow, state: State): readonly Reference[] {
  return [...state.values()].flatMap(({ attributes, partOf }) => {
    if (partOf === undefined || !('references' in attributes) || attributes.references !== row.partOf) return [];
    const { columns, referencedColumns, onDelete } = attributes as Omit<Reference, 'table'> & { readonly references: Address };
    return [{ table: partOf, columns, referencedColumns, onDelete }];
  });
}

/** Whether the declared columns are all that the table has: only then an insert brings the row back as it was. */
function isWhole(row: ReferenceRow, state: State): boolean {
  const columns = partsOf(state, tableOf(row)).filter((part) => part.kind === 'column');
  return columns.every((column) => (column.path[2] ?? '') in row.attributes.values);
}

/** What a delete does to rows that refer to the row, in words. */
const consequences: { readonly [action: string]: string } = {
  cascade: 'go with it',
  'set null': 'lose the reference',
  'set default': 'get the default in its place',
};

export function deleteRow(row: ReferenceRow, context: PlanContext): readonly Statement[] {
  // A row that stays is never deleted, whatever it rests on is made again.
  if (context.after.has(row.id)) return [];
  const words = referencesTo(row, context.before).map(({ table, onDelete }) => {
    const name = pathText(parseAddress(table)?.path ?? []);
    return `rows of ${name} that refer to it ${consequences[onDelete] ?? 'stop the migration'}`;
  });
  return [
    statement({
      sql: deleteSql(row, context.before),
      purpose: `Delete row ${names(row)}.`,
      subject: row.id,
      destroys: [row.id],
      locks: lock('RowExclusiveLock', tableOf(row)),
      hazards: [hazard('data-loss', row.id, ['the row is gone', ...new Set(words)].join('; '))],
      atomic: `delete rows of ${tableOf(row)}`,
      ...(isWhole(row, context.before) ? { reverse: insertSql(row, context.before) } : {}),
      phase: 'contract',
    }),
  ];
}

export const referenceRowRules: AttributeRules<ReferenceRow> = {
  // Rows are read by the key that the schema declares, so that another key is another way to name the same rows.
  key: { statements: 'ignore' },
  values: { statements: updateRow },
};

function differs(columns: readonly string[], values: readonly (string | null | undefined)[]): string {
  const equal = columns.map((name, place) => `${quoteName(name)} = ${quoteText(values[place] ?? '').trim()}`);
  return `NOT (${equal.join(' AND ')})`;
}

/** No other row of the table has its key. */
export function ownKey({ attributes: { key, values } }: ReferenceRow): string {
  return differs(
    key,
    key.map((name) => values[name]),
  );
}

/** What rows of other tables must not say, so that the row can go. */
export function freedBy(row: ReferenceRow, state: State): readonly { readonly table: Address; readonly expression: string }[] {
  const { values } = row.attributes;
  return referencesTo(row, state)
    .filter(({ referencedColumns }) => referencedColumns.every((name) => typeof values[name] === 'string'))
    .map(({ table, columns, referencedColumns }) => ({
      table,
      expression: differs(
        columns,
        referencedColumns.map((name) => values[name]),
      ),
    }));
}
