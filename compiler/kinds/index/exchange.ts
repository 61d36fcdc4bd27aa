/**
 * An index on a column that is made anew: built on the stand-in under another name, concurrently, and
 * given its name in the transaction in which the column gets its own.
 */
import { address, parseAddress, pathText } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { Exchange, PlanContext, StandIns } from '../contract.ts';
import { mayName, nameUntilThen, needsOfStandIn, onStandIns } from '../stand-ins.ts';
import { lock, tableOf } from '../statements.ts';
import { columnOf } from './clause.ts';
import type { Index, IndexKey } from './object.ts';
import { createIndex } from './statements.ts';

/** The key on the stand-in; undefined where an expression may name a column that is made anew. */
function keyOnStandIn(key: IndexKey, written: IndexKey, index: Index, standIns: StandIns): IndexKey | undefined {
  const column = columnOf(key);
  if (column === undefined) return namesOne(key.text, standIns) ? undefined : written;
  const [name = column] = onStandIns([column], index.attributes.on, standIns);
  return name === column ? written : { ...key, text: quoteName(name) };
}

/** An expression is PostgreSQL's to read: a word too many means the other way. */
function namesOne(text: string, standIns: StandIns): boolean {
  return [...standIns.keys()].some((id) => mayName(text, parseAddress(id)?.path[2] ?? ''));
}

function onStandInsOf(index: Index, standIns: StandIns): Index | undefined {
  const { keys, include, where } = index.attributes;
  const written = sourceOf(index, 'keys');
  const onThem = keys.map((key, at) => keyOnStandIn(key, written.length === keys.length ? (written[at] ?? key) : key, index, standIns));
  if (onThem.includes(undefined) || (where !== undefined && namesOne(where, standIns))) return undefined;
  const { clustered: _clustered, replicaIdentity: _identity, where: _where, ...attributes } = index.attributes;
  const predicate = sourceOf(index, 'where');
  const path = [index.path[0] ?? '', nameUntilThen(index.path[1] ?? '')];
  return {
    kind: index.kind,
    id: address(index.kind, ...path),
    path,
    ...(index.partOf === undefined ? {} : { partOf: index.partOf }),
    dependsOn: needsOfStandIn(index.dependsOn, standIns),
    attributes: {
      ...attributes,
      keys: onThem.filter((key) => key !== undefined),
      include: onStandIns(include, index.attributes.on, standIns),
      ...(predicate === undefined ? {} : { where: predicate }),
    },
  };
}

/** An index that replication or CLUSTER goes by, and one that is invalid, keep the plain way. */
export function exchangeIndex(before: Index, after: Index, standIns: StandIns, context: PlanContext): Exchange | undefined {
  const { clustered, replicaIdentity, valid } = after.attributes;
  const standIn = onStandInsOf(after, standIns);
  if (standIn === undefined || clustered === true || replicaIdentity === true || valid === false) return undefined;
  const name = after.path[1] ?? '';
  const step = { subject: after.id, locks: lock('AccessExclusiveLock', tableOf(after)) };
  return {
    beside: createIndex(standIn, context).map(({ reverse: _, ...rest }): Statement => ({ ...rest, makes: [] })),
    leave: [
      statement({
        ...step,
        sql: `DROP INDEX ${qualifiedName(before.path)}`,
        purpose: `Drop the old index ${pathText(before.path)}.`,
        destroys: [before.id],
      }),
    ],
    take: [
      statement({
        ...step,
        sql: `ALTER INDEX ${qualifiedName(standIn.path)} RENAME TO ${quoteName(name)}`,
        purpose: `Give the new index its name, ${name}.`,
        needs: after.dependsOn,
        makes: [after.id],
        locks: [],
      }),
    ],
  };
}
