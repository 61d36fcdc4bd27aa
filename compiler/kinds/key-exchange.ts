/**
 * A primary key or unique constraint on a column that is made anew: its index is built on the stand-in,
 * and becomes the key in the transaction in which the column gets its name (rule book U3).
 */
import type { KeyAttributes } from './attribute-types.ts';
import type { Exchange, PlanContext, StandIns } from './contract.ts';
import { buildKeyIndex, dropKey, indexMark, type KeyWords } from './key-sql.ts';
import { statement, type Statement } from '../model/statement.ts';
import type { SchemaObject } from '../model/object.ts';
import { quoteName } from '../sql/quote.ts';
import { nameUntilThen, needsOfStandIn, onStandIns } from './stand-ins.ts';
import { deferralClause, isPartitioned, lock, relationName, tableOf } from './statements.ts';

type Key = SchemaObject<string, KeyAttributes>;

/** PostgreSQL makes no index the key of a partitioned table (0A000), nor one of WITHOUT OVERLAPS (42809). */
export function exchangeKey(before: Key, after: Key, words: KeyWords, standIns: StandIns, context: PlanContext): Exchange | undefined {
  const { clustered, replicaIdentity, period, columns, include, deferral } = after.attributes;
  const table = tableOf(after);
  if (clustered === true || replicaIdentity === true || period === true || isPartitioned(table, context)) return undefined;
  const name = after.path[2] ?? '';
  const standIn: Key = {
    ...after,
    attributes: { ...after.attributes, columns: onStandIns(columns, table, standIns), include: onStandIns(include, table, standIns) },
    dependsOn: needsOfStandIn(after.dependsOn, standIns),
  };
  const index = nameUntilThen(name);
  const { reverse: _, ...build } = buildKeyIndex(standIn, index, words, []);
  const adopt = `ADD CONSTRAINT ${quoteName(name)} ${words.clause.replace(words.nulls, '')} USING INDEX ${quoteName(index)}${deferralClause(deferral)}`;
  return {
    beside: [{ ...build, makes: [] }],
    leave: dropKey(before, words, context).map(({ reverse: _reverse, ...step }): Statement => ({ ...step, phase: 'expand' })),
    take: [
      statement({
        sql: `ALTER TABLE ${relationName(after)} ${adopt}`,
        purpose: `Make the new index the ${words.noun} ${name}; PostgreSQL gives it the name of the constraint.`,
        subject: after.id,
        needs: after.dependsOn,
        makes: [after.id, indexMark(after, name)],
        locks: lock('AccessExclusiveLock', table),
      }),
    ],
  };
}
