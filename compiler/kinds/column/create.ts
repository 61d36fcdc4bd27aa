/** How a column comes into a new table as a clause, and into an old one without a rewrite where there is a way (rule book C1 to C8). */
import { pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { partsOf, sourceOf, type SchemaObject } from '../../model/object.ts';
import { noRow, statement, type Statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import type { PlanContext } from '../contract.ts';
import { hazard, isSmall, lock, relationName, tableOf } from '../statements.ts';
import { formerColumn } from '../former-column.ts';
import { wasInherited } from '../inheritance.ts';
import { addIdentity } from './add-identity.ts';
import { backfillColumn } from './backfill.ts';
import { alterTable, columnClause } from './clause.ts';
import { setCompression } from './compression.ts';
import { addNotNullForm, notNullMark, setNotNull } from './not-null.ts';
import type { Column } from './object.ts';
import { fillAndRefuse } from './old-code.ts';
import { setOptions, setStatistics } from './statistics.ts';
import { createBeside } from './rename-beside.ts';
import { setStorage } from './storage.ts';

export function createColumn(column: Column, context: PlanContext): readonly Statement[] {
  if (wasInherited(column, context)) return [];
  const former = formerColumn(column.id, context);
  if (former !== undefined && !context.isNew(tableOf(column))) return createBeside(column, former as Column, context);
  const position = Number(column.facts?.['position'] ?? 0);
  const notNull = column.attributes.nullable || column.attributes.notNull !== undefined ? '' : ' NOT NULL';
  const afterwards = columnSettings(column);
  if (context.isNew(tableOf(column))) {
    const clause = `${columnClause(column)}${notNull}`;
    const add = addColumn(column, clause);
    return [
      { ...add, accepts: { style: 'append', head: add.sql, tail: '' }, fold: { into: tableOf(column), clause, order: position } },
      ...(column.attributes.notNull === undefined ? [] : [addNotNullForm(column, column.attributes.notNull)]),
      ...afterwards,
    ];
  }
  const { notNull: form } = column.attributes;
  if (form === undefined) return [...addToOldTable(column, context), ...afterwards];
  const bare: Column = { ...column, attributes: { ...column.attributes, nullable: true } };
  return [...addToOldTable(bare, context), addNotNullForm(column, form), ...afterwards];
}

/** What ADD COLUMN has no words for. */
export function columnSettings(column: Column): readonly Statement[] {
  const { storage, compression, statistics, options = {} } = column.attributes;
  return [
    ...(storage === undefined ? [] : [setStorage(column, storage)]),
    ...(compression === undefined ? [] : [setCompression(column, compression)]),
    ...(statistics === undefined ? [] : [setStatistics(column, statistics)]),
    ...setOptions(column, {}, options),
  ];
}

export function addColumn(column: Column, clause: string): Statement {
  const head = `${alterTable(column)} ADD COLUMN ${clause}`;
  return statement({
    sql: head,
    purpose: `Add column ${column.path[2]} to ${pathText(column.path.slice(0, 2))}.`,
    subject: column.id,
    needs: column.dependsOn,
    makes: [column.id, ...(column.attributes.nullable ? [] : [notNullMark(column.path)])],
    locks: lock('AccessExclusiveLock', tableOf(column)),
    probe: `present ${column.id}`,
    reverse: `${alterTable(column)} DROP COLUMN ${quoteName(column.path[2] ?? '')}`,
  });
}

function textOfDefault(given: SchemaObject | undefined): string {
  return String(given === undefined ? '' : sourceOf(given as SchemaObject<string, { readonly expression: string }>, 'expression'));
}

/** Rows exist: a value that is computed once for all is free, any other comes by backfill (rule book C1 to C8). */
function addToOldTable(column: Column, context: PlanContext): readonly Statement[] {
  const { nullable, identity, generated } = column.attributes;
  const table = tableOf(column);
  const given = partsOf(context.after, column.id).find((part) => 'expression' in part.attributes);
  const volatile = given?.facts?.['volatility'] === 'v';
  const free = given !== undefined && !volatile;
  if (identity !== undefined && !isSmall(table, context)) return addIdentity(column, identity, context);
  if (identity !== undefined || generated?.form === 'stored') {
    const clause = `${columnClause(column)}${nullable ? '' : ' NOT NULL'}`;
    return [{ ...addColumn(column, clause), ...recomputed(column, context), ...rewriting(table, context, '') }];
  }
  const rewrites: Partial<Statement> = checksValues(column, context)
    ? rewriting(table, context, ', since its domain checks each value')
    : {};
  if (nullable || free || generated !== undefined) {
    const clause = `${columnClause(column)}${nullable ? '' : ' NOT NULL'}`;
    const add = addColumn(column, clause);
    const fill = context.annotation(column.id).backfill ?? (volatile ? textOfDefault(given) : undefined);
    return [
      {
        ...add,
        ...rewrites,
        accepts: { style: 'append', head: `${alterTable(column)} ADD COLUMN ${columnClause(column)}`, tail: nullable ? '' : ' NOT NULL' },
      },
      ...(fill === undefined || free ? [] : [backfillColumn(column, fill, [])]),
    ];
  }
  const [first, ...rest] = addNotNullByBackfill(column, context, given?.id, volatile ? textOfDefault(given) : undefined);
  return first === undefined ? [] : [{ ...first, ...rewrites, hazards: [...first.hazards, ...(rewrites.hazards ?? [])] }, ...rest];
}

function rewriting(table: Address, context: PlanContext, why: string): Partial<Statement> {
  const reason = `every row is written again while nobody can use the table${why}`;
  return { rewrites: [table], scans: [table], hazards: isSmall(table, context) ? [] : [hazard('rewrite', table, reason)] };
}

/**
 * Whether the column's type is a domain that refuses values: PostgreSQL to 18 writes every row again to
 * check it, whatever the default, and knows no gentler way from the base type to it (rule book C13).
 * An array of such a domain is none.
 */
export function checksValues({ dependsOn, attributes }: SchemaObject<string, { readonly type: string }>, context: PlanContext): boolean {
  if (attributes.type.endsWith('[]')) return false;
  return dependsOn.some((id) => {
    const domain = context.after.get(id);
    if (domain === undefined || !('checks' in domain.attributes)) return false;
    const { checks, nullable, type } = domain.attributes as { checks: readonly unknown[]; nullable: boolean; type: string };
    return checks.length > 0 || !nullable || checksValues({ ...domain, attributes: { type } }, context);
  });
}

/** Between two databases nobody can say what existing rows get; without rows there is no question. */
function addToEmptyTable(column: Column): Statement {
  const reason = 'fails where the table has a row: no value is known for it';
  const query = `SELECT * FROM ${relationName(column)} LIMIT 1`;
  const add = addColumn(column, `${columnClause(column)} NOT NULL`);
  const asks = [{ table: tableOf(column), expression: noRow }];
  return { ...add, asks, hazards: [hazard('data-dependent', column.id, reason, query)] };
}

/** A generated column that is made again since a function that it calls is another one now may get other values. */
function recomputed(column: Column, context: PlanContext): Pick<Statement, 'recomputes'> {
  const isOther = column.dependsOn.some((id) => context.isDropped(id) && context.before.get(id)?.partOf !== tableOf(column));
  return context.before.has(column.id) && isOther ? { recomputes: [column.id] } : {};
}

function addNotNullByBackfill(
  column: Column,
  context: PlanContext,
  given: string | undefined,
  expression: string | undefined,
): readonly Statement[] {
  const fill = context.annotation(column.id).backfill ?? expression;
  if (fill === undefined && context.rows === 'assumed') return [addToEmptyTable(column)];
  if (fill === undefined) {
    return fail(
      'not-null-without-value',
      `existing rows of ${pathText(column.path.slice(0, 2))} would have no value for the NOT NULL column ${column.path[2]}`,
      {
        subject: column.id,
        hint: `write backfill: sql\`…\` (a value for existing rows), or a default, or nullable: true`,
      },
    );
  }
  const nullable: Column = { ...column, attributes: { ...column.attributes, nullable: true } };
  return [
    addColumn(nullable, columnClause(nullable)),
    ...fillAndRefuse(column, context, [backfillColumn(column, fill, given === undefined ? [] : [given])], setNotNull(column, context)),
  ];
}
