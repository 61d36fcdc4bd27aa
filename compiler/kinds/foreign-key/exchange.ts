/**
 * A foreign key from or to a column that is made anew: a second one on the stand-ins, added and
 * validated beside the old one, which it follows in one transaction.
 */
import { address, type Address } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import type { Exchange, PlanContext, StandIns } from '../contract.ts';
import { nameUntilThen, onStandIns, standInOf } from '../stand-ins.ts';
import { lock, relationName, tableOf } from '../statements.ts';
import type { ForeignKey } from './object.ts';
import { createForeignKey, dropForeignKey } from './statements.ts';

export function exchangeForeignKey(before: ForeignKey, after: ForeignKey, standIns: StandIns, context: PlanContext): Exchange | undefined {
  const { columns, references, referencedColumns, onDeleteColumns, period } = after.attributes;
  const table = tableOf(after);
  if (period === true) return undefined;
  const [name, meanwhile] = [after.path[2] ?? '', nameUntilThen(after.path[2] ?? '')];
  const path = [...after.path.slice(0, 2), meanwhile];
  const standIn: ForeignKey = {
    ...after,
    id: address(after.kind, ...path),
    path,
    attributes: {
      ...after.attributes,
      columns: onStandIns(columns, table, standIns),
      referencedColumns: onStandIns(referencedColumns, references, standIns),
      onDeleteColumns: onStandIns(onDeleteColumns, table, standIns),
    },
  };
  // What it rests on is the stand-in of a key, which is no object: the exchange puts it first.
  const needs = after.dependsOn.map((id: Address) => standInOf(id, standIns)).filter((id) => !after.dependsOn.includes(id));
  const rename = `ALTER TABLE ${relationName(after)} RENAME CONSTRAINT ${quoteName(meanwhile)} TO ${quoteName(name)}`;
  return {
    beside: createForeignKey(standIn, context).map(({ reverse: _, ...step }): Statement => ({ ...step, needs, makes: [] })),
    leave: dropForeignKey(before, context).map(({ reverse: _, ...step }): Statement => ({ ...step, phase: 'expand' })),
    take: [
      statement({
        sql: rename,
        purpose: `Give the new foreign key its name, ${name}.`,
        subject: after.id,
        needs: after.dependsOn,
        makes: [after.id],
        locks: lock('AccessExclusiveLock', table),
      }),
    ],
  };
}
