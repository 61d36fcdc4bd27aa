/**
 * How the table of before makes way for its partitioned successor: while the application goes on, wider
 * keys are built and the boundary is drawn and checked; then, in the one transaction in which all is
 * exchanged, the table and what has a name beside it take other names. No row is read in it.
 */
import { address, pathText, type Address } from '../../model/address.ts';
import { partsOf, sameJson, type SchemaObject } from '../../model/object.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { KeyAttributes } from '../attribute-types.ts';
import type { PlanContext } from '../contract.ts';
import { beforeNow, drawBoundary, gridOf, setAsideName, type Grid } from '../first-partition.ts';
import { buildKeyIndex } from '../key-sql.ts';
import { deferralClause, hazard, lock } from '../statements.ts';
import type { Table } from './object.ts';
import { refuseObstacles } from './partitioning.ts';

type Key = SchemaObject<string, KeyAttributes>;

/** Names that what is set aside takes: the old table's name in them gives way to the new one. */
export interface Aside {
  readonly path: readonly [schema: string, name: string];
  readonly check: string;
  readonly name: (old: string) => string;
}

export function asideOf(table: Table, context: Pick<PlanContext, 'before' | 'after'>): Aside {
  const [schema = '', own = ''] = table.path;
  const aside = setAsideName(table, context.before, context.after);
  return {
    path: [schema, aside],
    check: constraintName(aside, [], 'bound'),
    name: (old) => (old.startsWith(`${own}_`) ? constraintName(aside, [], old.slice(own.length + 1)) : constraintName(old, [], 'before')),
  };
}

function keysOf(table: Address, state: PlanContext['after']): readonly Key[] {
  return partsOf(state, table).filter(({ kind }) => kind === 'primary-key' || kind === 'unique') as readonly Key[];
}

function wordsOf(key: Key): { readonly clause: string; readonly nulls: string; readonly noun: string; readonly order: number } {
  if (key.kind === 'primary-key') return { clause: 'PRIMARY KEY', nulls: '', noun: 'primary key', order: 0 };
  const isStrict = (key.attributes as { readonly nullsNotDistinct?: boolean }).nullsNotDistinct === true;
  return { clause: 'UNIQUE', nulls: isStrict ? ' NULLS NOT DISTINCT' : '', noun: 'unique constraint', order: 0 };
}

/** The index of a key that the old table does not have yet, until the key is made of it. */
function preparedName(key: Key): string {
  return constraintName(key.path[2] ?? '', [], 'partitioned');
}

function isPrepared(key: Key, { before }: PlanContext): boolean {
  return !sameJson(before.get(key.id)?.attributes, key.attributes);
}

/** Something is made by it, so that what rests on the old table goes before the exchange and not before this. Once all is exchanged it cannot be taken back. */
function preparation(table: Table, step: Statement): Statement {
  const { reverse: _reverse, ...rest } = step;
  return { ...rest, apart: true, makes: [...step.makes, address('prepared', ...table.path)] };
}

function prepareKeys(table: Table, context: PlanContext): readonly Statement[] {
  return keysOf(table.id, context.after)
    .filter((key) => isPrepared(key, context))
    .map((key) => {
      const step = buildKeyIndex(key, preparedName(key), wordsOf(key), []);
      return preparation(table, {
        ...step,
        needs: [],
        purpose: `Build the index that ${key.path[2] ?? ''} needs on a partitioned table; reads and writes go on.`,
      });
    });
}

function boundaryHazards(table: Table): readonly Hazard[] {
  const name = pathText(table.path);
  return [
    hazard(
      'data-dependent',
      table.id,
      'new rows beyond the boundary are refused from now on, until the table is partitioned; it is a week and a partition ahead at least',
    ),
    hazard(
      'backward-compatibility',
      table.id,
      `rows for which ${name} has no partition will be refused: those later than the partitions that are ready ahead`,
    ),
  ];
}

function drawAndCheck(table: Table, grid: Grid, { check }: Aside): readonly Statement[] {
  const name = qualifiedName(table.path);
  const id = address('check', ...table.path, check);
  const limit = beforeNow(grid);
  return [
    preparation(
      table,
      statement({
        sql: drawBoundary(table, grid, check),
        purpose: `Draw the boundary up to which the rows of ${pathText(table.path)} will be its first partition; no row is read.`,
        subject: table.id,
        needs: [address('partition-support', 'schemac')],
        locks: lock('AccessExclusiveLock', table.id),
        hazards: boundaryHazards(table),
        ...(limit === undefined ? {} : { asks: [{ table: table.id, expression: limit }] }),
        probe: `present ${id}`,
      }),
    ),
    preparation(
      table,
      statement({
        sql: `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoteName(check)}`,
        purpose: `Check that no row of ${pathText(table.path)} lies beyond it; reads and writes go on.`,
        subject: table.id,
        step: 'validate',
        locks: lock('ShareUpdateExclusiveLock', table.id),
        scans: [table.id],
        hazards: [
          hazard('data-dependent', table.id, 'fails where a row lies beyond the boundary, as a date by mistake in the far future does'),
        ],
        probe: `valid ${id}`,
      }),
    ),
  ];
}

/** What has a name in the schema, or would be there twice once the table is a partition. */
function giveWay(part: SchemaObject, aside: Aside, context: PlanContext): readonly (readonly [sql: string, purpose: string])[] {
  const [schema = '', ...rest] = part.path;
  const own = rest.at(-1) ?? '';
  const other = aside.name(own);
  const table = qualifiedName(aside.path);
  const sequence = part.facts?.['sequence'];
  if (part.kind === 'trigger') return [[`DROP TRIGGER ${quoteName(own)} ON ${table}`, `Let ${own} come from the partitioned table.`]];
  if (part.kind === 'policy') return [[`DROP POLICY ${quoteName(own)} ON ${table}`, `Leave the policy ${own} to the partitioned table.`]];
  if (part.kind === 'statistics')
    return [[`ALTER STATISTICS ${qualifiedName(part.path)} RENAME TO ${quoteName(other)}`, `Free the name ${own}.`]];
  if (part.kind === 'index' || part.kind === 'exclusion')
    return [[`ALTER INDEX ${qualifiedName([schema, own])} RENAME TO ${quoteName(other)}`, `Free the name ${own}.`]];
  if (part.kind === 'column' && typeof sequence === 'string')
    return [
      [`ALTER SEQUENCE ${qualifiedName([schema, sequence])} RENAME TO ${quoteName(aside.name(sequence))}`, `Free the name ${sequence}.`],
    ];
  if (part.kind === 'primary-key' || part.kind === 'unique') return keyGivesWay(part as Key, other, table, context);
  return [];
}

/** A wider key takes the place of the one of before; one that the partitioned table has too is renamed, one that it has not goes. */
function keyGivesWay(key: Key, other: string, table: string, context: PlanContext): readonly (readonly [string, string])[] {
  const [schema = '', , name = ''] = key.path;
  const now = context.after.get(key.id) as Key | undefined;
  if (now !== undefined && !isPrepared(now, context))
    return [[`ALTER INDEX ${qualifiedName([schema, name])} RENAME TO ${quoteName(other)}`, `Free the name ${name}.`]];
  return [[`ALTER TABLE ${table} DROP CONSTRAINT ${quoteName(name)}`, `Drop ${name}, without which the table can be a partition.`]];
}

function adoptKeys(table: Table, aside: Aside, context: PlanContext): readonly (readonly [string, string])[] {
  return keysOf(table.id, context.after)
    .filter((key) => isPrepared(key, context))
    .map((key) => {
      const name = quoteName(aside.name(key.path[2] ?? ''));
      const sql = `ALTER TABLE ${qualifiedName(aside.path)} ADD CONSTRAINT ${name} ${wordsOf(key).clause} USING INDEX ${quoteName(preparedName(key))}${deferralClause(key.attributes.deferral)}`;
      return [sql, `Make the wider index the ${wordsOf(key).noun}.`] as const;
    });
}

export function setOldAside(table: Table, after: Table, context: PlanContext): readonly Statement[] {
  refuseObstacles(table, after, context);
  const grid = gridOf(table.id, context.after);
  if (grid === undefined) return [];
  const aside = asideOf(table, context);
  const [old, name] = [qualifiedName(table.path), quoteName(aside.path[1])];
  const steps: readonly (readonly [string, string])[] = [
    ...partsOf(context.before, table.id).flatMap((part) => giveWay(part, aside, context)),
    ...adoptKeys(table, aside, context),
  ];
  const first = statement({
    sql: `ALTER TABLE ${old} RENAME TO ${name}`,
    purpose: `Set ${pathText(table.path)} aside, to be the first partition of a table of its name; all of this is one moment.`,
    subject: table.id,
    locks: lock('AccessExclusiveLock', table.id),
    hazards: [...lostKeys(table, context), hazard('irreversible', table.id, 'the way back is to copy all rows into a plain table')],
  });
  const inOrder = [first, ...steps.map(([sql, purpose]) => statement({ sql, purpose, subject: table.id }))];
  // What rests on the table goes before the first, its successor comes after the last.
  const exchange = inOrder.map((step, place): Statement =>
    place === 0 || place === inOrder.length - 1 ? { ...step, destroys: [table.id] } : step,
  );
  return [...prepareKeys(table, context), ...drawAndCheck(table, grid, aside), ...exchange];
}

/** Old code may count on a key that is wider now, or gone. */
function lostKeys(table: Table, context: PlanContext): readonly Hazard[] {
  return keysOf(table.id, context.before)
    .filter((key) => !sameJson((context.after.get(key.id) as Key | undefined)?.attributes.columns, key.attributes.columns))
    .map((key) => {
      const columns = key.attributes.columns.join(', ');
      return hazard(
        'backward-compatibility',
        key.id,
        `(${columns}) alone is unique no more: two rows may share it, and ON CONFLICT (${columns}) fails`,
      );
    });
}
