/**
 * When a table becomes a partitioned one with its rows, and when that is refused: PostgreSQL has no
 * ALTER for it, so the table of before becomes a partition of a new one of its name (rule book P13).
 * No statement is made here.
 */
import { pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { partsOf, rootOf, sameJson } from '../../model/object.ts';
import type { PlanContext } from '../contract.ts';
import { gridOf } from '../first-partition.ts';
import { allParts } from '../successor.ts';
import type { Table } from './object.ts';

export function isPartitionedOtherwise(before: Table, after: Table): boolean {
  return before.attributes.partitionBy !== after.attributes.partitionBy;
}

export function refusePartitionKey(before: Table, after: Table): never {
  const from = before.attributes.partitionBy ?? 'not partitioned';
  const to = after.attributes.partitionBy ?? 'not partitioned';
  return fail('partition-key-changed', `PostgreSQL cannot change the partition key of ${pathText(after.path)} (from ${from} to ${to})`, {
    subject: after.id,
    hint: 'from one rule to another go by two migrations: take partitionBy out and compile, so that its rows are moved into a plain table; then declare the new one and compile again. Declared partitions must take all its rows',
  });
}

/** Kinds whose objects the old table must have just as the new one declares them, or ATTACH refuses it or reads all of it. */
const mustAgree: ReadonlySet<string> = new Set(['column', 'default', 'check', 'index', 'exclusion', 'foreign-key']);

function differing(table: Table, { before, after }: PlanContext): readonly Address[] {
  const [was, now] = [allParts(table.id, before), allParts(table.id, after)];
  const other = new Map(was.map((part) => [part.id, part]));
  const there = new Set(now.map(({ id }) => id));
  const changed = now.filter((part) => mustAgree.has(part.kind) && !sameJson(other.get(part.id)?.attributes, part.attributes));
  const gone = was.filter((part) => mustAgree.has(part.kind) && !there.has(part.id));
  return [...changed, ...gone].map(({ id }) => id).sort();
}

function refuseOtherChanges(table: Table, context: PlanContext): void {
  const [first, ...more] = differing(table, context);
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` and ${String(more.length)} more`;
  fail('partitioning-with-other-changes', `${table.id} becomes partitioned, and ${first}${others} would change in the same migration`, {
    subject: table.id,
    hint: 'take partitionBy out again (keys may stay as they were), compile that change as a migration of its own, then put it back and compile',
  });
}

function refuseSelfReference(table: Table, { after }: PlanContext): void {
  const own = partsOf(after, table.id).find((part) => 'references' in part.attributes && part.attributes.references === table.id);
  if (own === undefined) return;
  fail('partitioning-stands-in-the-way', `${table.id} becomes partitioned, and ${own.id} refers to the table itself`, {
    subject: own.id,
    hint: 'PostgreSQL would check every row while nobody can use the table: drop the foreign key in a migration before, and declare it again afterwards',
  });
}

/** What can be made again over the partitioned table in a moment. */
const comesAgain: ReadonlySet<string> = new Set([
  ...['view', 'rule', 'trigger', 'policy', 'function', 'procedure', 'aggregate'],
  ...['foreign-key', 'publication-table', 'comment', 'grant', 'owner'],
]);

/** A materialized view would be filled again, an index built again, while nobody can use the table. */
function refuseDependents(table: Table, { before, after, isNew }: PlanContext): void {
  for (const object of before.values()) {
    if (!isNew(object.id) || !after.has(object.id)) continue;
    const isOwn = rootOf(object, before) === table.id;
    if (isOwn ? object.kind !== 'reference-row' : comesAgain.has(object.kind)) continue;
    const what = isOwn ? 'its rows are declared' : `${object.id} rests on it`;
    fail('partitioning-stands-in-the-way', `${table.id} becomes partitioned, and ${what}`, {
      subject: object.id,
      hint: isOwn
        ? 'take the rows out of the declaration first, so that the database has them'
        : 'it would be made again while nobody can use the table: drop it in a migration before, and declare it again afterwards',
    });
  }
}

/** Refuses what cannot be done while the application goes on, where the table is taken in as it is. */
export function refuseObstacles(before: Table, after: Table, context: PlanContext): void {
  refuseOtherChanges(after, context);
  refuseSelfReference(after, context);
  refuseDependents(before, context);
}

/** The same where its rows are moved: into partitions that are declared, or into a table that has none. */
export function refuseObstaclesToMoving(before: Table, after: Table, context: PlanContext): void {
  if (gridOf(after.id, context.after) !== undefined || (after.attributes.partitionBy !== undefined && !hasPartitions(after, context)))
    refusePartitionKey(before, after);
  refuseSelfReference(after, context);
  refuseDependents(before, context);
}

function hasPartitions(table: Table, { after }: PlanContext): boolean {
  return partsOf(after, table.id).some(({ attributes }) => 'bound' in attributes);
}
