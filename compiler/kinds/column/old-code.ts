/**
 * NOT NULL while old and new application code run side by side. One of them leaves the column out, and
 * where no default stands in its rows would be refused: so nulls are refused after the deploy, when
 * what old code wrote meanwhile is filled too (rule book C8), and let in before a column is dropped.
 */
import { pathText } from '../../model/address.ts';
import { attributeOf, partsOf, type SchemaObject } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import type { PlanContext } from '../contract.ts';
import { lock, tableOf } from '../statements.ts';
import { alterColumn } from './clause.ts';
import { notNullMark } from './not-null.ts';
import type { Column } from './object.ts';

const isDefault = ({ attributes }: SchemaObject): boolean => 'expression' in attributes;

/** Whether a row that leaves the column out gets a value all the same. */
function hasValue(column: Column, context: PlanContext): boolean {
  const { identity, generated } = column.attributes;
  return identity !== undefined || generated !== undefined || partsOf(context.after, column.id).some(isDefault);
}

/** `fill` gives existing rows their value, `refuse` makes the column NOT NULL. */
export function fillAndRefuse(
  column: Column,
  context: PlanContext,
  fill: readonly Statement[],
  refuse: readonly Statement[],
): readonly Statement[] {
  if (hasValue(column, context)) return [...fill, ...refuse];
  const again = fill.map((step): Statement => ({ ...step, phase: 'contract', bridges: 'the deploy', hazards: [] }));
  return [...fill, ...again, ...refuse.map((step): Statement => ({ ...step, phase: 'contract' }))];
}

/**
 * New code does not know the column any more and leaves it out, while it is there until the contract
 * migration: a column that wants a value would refuse every row of the new code.
 */
export function letBeLeftOut(column: Column, context: PlanContext): readonly Statement[] {
  const { nullable, identity, generated } = column.attributes;
  const hasValue = identity !== undefined || generated !== undefined || partsOf(context.before, column.id).some(isDefault);
  if (nullable || hasValue || context.isDropped(tableOf(column)) || identifiesRows(column, context)) return [];
  return [
    {
      ...dropNotNull(column),
      purpose: `Let ${pathText(column.path)} be left out, until it is dropped after the deploy.`,
      bridges: 'the deploy',
    },
  ];
}

/** A column of the index that replication finds rows by stays NOT NULL (manual: ALTER TABLE, REPLICA IDENTITY). */
function identifiesRows(column: Column, context: PlanContext): boolean {
  return partsOf(context.before, tableOf(column)).some(
    ({ attributes, dependsOn }) => attributeOf({ attributes }, 'replicaIdentity') === true && dependsOn.includes(column.id),
  );
}

export function dropNotNull(column: Column): Statement {
  return statement({
    sql: alterColumn(column, 'DROP NOT NULL'),
    purpose: `Let ${pathText(column.path)} be null.`,
    subject: column.id,
    destroys: [notNullMark(column.path)],
    locks: lock('AccessExclusiveLock', tableOf(column)),
    reverse: alterColumn(column, 'SET NOT NULL'),
  });
}
