/**
 * A change of type that would write every row again while nobody can use the table, made beside it
 * (rule book T-X): a column of the new type, a trigger that fills it for every row that is written, a
 * backfill for the others, and one short transaction in which it takes the name. Old values that the
 * new type may not hold stay until the deploy is over.
 */
import { address, pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { constraintName } from '../../sql/names.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { assignColumn, assignFromRow, type RowTriggerSql } from '../../sql/row-trigger.ts';
import type { Exchange, PlanContext, StandIns } from '../contract.ts';
import { hazard, lock, tableOf } from '../statements.ts';
import { alterColumn, alterTable, identityClause } from './clause.ts';
import { freeName } from './exchange-rule.ts';
import { fillBeside, fillingTrigger } from './fill-beside.ts';
import type { Column } from './object.ts';
import { castBetween, keepsValues } from './type-change.ts';

/** What turns the old value into the new one: an expression over the row, or nothing where assignment does it. */
function conversion(before: Column, after: Column, context: PlanContext): string | undefined {
  const cast = castBetween(before.attributes.type, after.attributes.type)?.(quoteName(after.path[2] ?? ''));
  return context.annotation(after.id).using ?? cast;
}

/** Nobody reads the old values any more, or they are all in the new column. */
function isLossless(before: Column, after: Column, context: PlanContext): boolean {
  return context.annotation(after.id).using === undefined && keepsValues(before.attributes.type, after.attributes.type);
}

/** Conversions of these depend on settings of the session, so all must be made with the same ones. */
function settingsOf(before: Column, after: Column, expression: string | undefined): readonly string[] {
  const isTime = /time|date|interval/.test(`${before.attributes.type} ${after.attributes.type}`);
  return [...(expression === undefined ? [] : ['search_path']), ...(isTime ? ['TimeZone', 'DateStyle', 'IntervalStyle'] : [])];
}

interface Names {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** What the new column is called until it takes the name, and the old one from then on. */
  readonly standIn: string;
  readonly old: string;
}

function synchroniser(before: Column, after: Column, standIn: Column, context: PlanContext): RowTriggerSql {
  const expression = conversion(before, after, context);
  const [table, name, from] = [standIn.path[1] ?? '', standIn.path[2] ?? '', before.path[2] ?? ''];
  const body = expression === undefined ? assignColumn(name, from) : assignFromRow(table, name, expression);
  return fillingTrigger(standIn, body, settingsOf(before, after, expression));
}

export function exchangeColumn(before: Column, after: Column, standIns: StandIns, context: PlanContext): Exchange | undefined {
  const name = standIns.get(after.id);
  if (name === undefined) return undefined;
  const [schema = '', table = '', column = ''] = after.path;
  const names: Names = { schema, table, column, standIn: name, old: freeName(after, 'old', context) };
  const { identity: _identity, ...attributes } = after.attributes;
  const path = [schema, table, name];
  const standIn: Column = { ...after, id: address('column', ...path), path, attributes };
  const trigger = synchroniser(before, after, standIn, context);
  const isTotal = isLossless(before, after, context);
  const { type } = after.attributes;
  const fails = hazard(
    'data-dependent',
    after.id,
    `fails where a value has no equal in ${type}, as do writes of one from the step before on`,
  );
  return {
    beside: fillBeside(
      {
        column: standIn,
        from: before,
        trigger,
        expression: conversion(before, after, context) ?? quoteName(column),
        purpose: 'a column of the new type that is filled beside the old one',
        hazards: isTotal ? [] : [fails],
      },
      context,
    ),
    leave: [],
    take: swap(before, after, trigger, names, context),
    ...(isTotal ? {} : { afterwards: [dropOld(before, after, names)] }),
  };
}

function swap(before: Column, after: Column, sync: RowTriggerSql, names: Names, context: PlanContext): readonly Statement[] {
  const { column, standIn } = names;
  const [words, table] = [pathText(after.path), tableOf(after)];
  const step = (sql: string, purpose: string, more: Partial<Statement> = {}): Statement =>
    statement({ sql, purpose, subject: after.id, locks: lock('AccessExclusiveLock', table), ...more });
  const rename = (from: string, to: string): string => `${alterTable(after)} RENAME COLUMN ${quoteName(from)} TO ${quoteName(to)}`;
  const isLast = hazard(
    'backward-compatibility',
    after.id,
    'it is the last column of the table from now on: an INSERT without a list of columns means other ones',
  );
  return [
    step(sync.drop.trigger, `Stop filling ${standIn}.`, { destroys: [after.id] }),
    step(sync.drop.routine, 'The function has no trigger any more.', { locks: [] }),
    ...handOnIdentity(before, after, names),
    ...(isLossless(before, after, context)
      ? [step(`${alterTable(after)} DROP COLUMN ${quoteName(column)}`, `Drop the old ${words}; the new one has all its values.`)]
      : [
          ...(before.attributes.nullable
            ? []
            : [step(alterColumn(before, 'DROP NOT NULL'), `Let the old ${words} be null; nobody writes it any more.`)]),
          step(rename(column, names.old), `Keep the old ${words} as ${names.old} until the deploy is over.`),
        ]),
    step(rename(standIn, column), `Give the new column its name, ${column}.`, {
      makes: [after.id],
      hazards: [isLast],
      reverse: alterColumn(before, `TYPE ${before.attributes.type}`),
    }),
    ...renameNotNull(after, names, context),
  ];
}

/** Since 18 NOT NULL is a constraint with a name. */
function renameNotNull(after: Column, { table, column, standIn }: Names, { major }: PlanContext): readonly Statement[] {
  if (after.attributes.nullable || major < 18) return [];
  const name = (of: string): string => quoteName(constraintName(table, [of], 'not_null'));
  return [
    statement({
      sql: `${alterTable(after)} RENAME CONSTRAINT ${name(standIn)} TO ${name(column)}`,
      purpose: 'Let the name of its NOT NULL follow.',
      subject: after.id,
      locks: lock('AccessExclusiveLock', tableOf(after)),
    }),
  ];
}

/** The new column's sequence goes on where the old one's is, under its name. */
function handOnIdentity(before: Column, after: Column, { schema, table, column, standIn }: Names): readonly Statement[] {
  const { identity, type } = after.attributes;
  if (identity === undefined || before.attributes.identity === undefined) return [];
  const [head = '', options = ''] = identityClause(identity, type).split(/ \((?=[^(]*$)/);
  const clause = `${head} (SEQUENCE NAME %s${options === '' ? '' : ` ${options.slice(0, -1)}`})`;
  const add = `${alterTable(after)} ALTER COLUMN ${quoteName(standIn)} ADD ${clause}`;
  const sql = `DO ${dollarQuote(`
DECLARE
  sequence text := pg_get_serial_sequence(${quoteText(qualifiedName([schema, table]))}, ${quoteText(column)});
  reached bigint;
  used boolean;
BEGIN
  EXECUTE 'SELECT last_value, is_called FROM ' || sequence INTO reached, used;
  ${alterColumn(before, 'DROP IDENTITY')};
  EXECUTE format(${quoteText(add)}, sequence);
  PERFORM setval(sequence, reached, used);
END
`)}`;
  return [
    statement({
      sql,
      purpose: `Hand the identity of ${pathText(after.path)} on, with the number that it has reached.`,
      subject: after.id,
      locks: lock('AccessExclusiveLock', tableOf(after)),
    }),
  ];
}

function dropOld(before: Column, after: Column, names: Names): Statement {
  const { old } = names;
  return statement({
    sql: `${alterTable(after)} DROP COLUMN ${quoteName(old)}`,
    purpose: `Drop ${old} of ${pathText(after.path.slice(0, 2))}, the old ${names.column}.`,
    subject: after.id,
    // A type that goes too goes after it.
    needs: [after.id, ...before.dependsOn.filter((id) => id !== before.partOf)],
    locks: lock('AccessExclusiveLock', tableOf(after)),
    hazards: [hazard('data-loss', after.id, `what the old values were before they became ${after.attributes.type} is gone`)],
    probe: `absent column ${pathText([...after.path.slice(0, 2), old])}`,
    phase: 'contract',
  });
}
