/**
 * How a declared partition is made, dropped and altered. Under an old table it is made beside it and
 * attached, and detached before it is dropped, so that reads and writes go on (rule book P1 to P12).
 */
import { address, parseAddress, pathText, type Address } from '../../model/address.ts';
import { fail } from '../../model/diagnostic.ts';
import { partsOf, rootOf, type State } from '../../model/object.ts';
import { statement, type Hazard, type Statement } from '../../model/statement.ts';
import { qualifiedName } from '../../sql/quote.ts';
import type { AttributeRules, PlanContext } from '../contract.ts';
import { relationSettingRules, tablespaceClause, usingClause } from '../relation-settings.ts';
import { createdReplicaIdentity, tableReplicaIdentityRule } from '../replica-identity.ts';
import { hazard, lock, storageParameterChanges, withStorageParameters } from '../statements.ts';
import type { Partition, PartitionAttributes } from './object.ts';

function parentName(partition: Partition): string {
  return qualifiedName(parseAddress(partition.attributes.parent)?.path ?? []);
}

function tail(attributes: PartitionAttributes): string {
  const { partitionBy, storageParameters } = attributes;
  const key = partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`;
  return `${key}${usingClause(attributes)}${withStorageParameters(storageParameters)}${tablespaceClause(attributes)}`;
}

function referencedTables(partition: Partition, state: State): readonly Address[] {
  const parts = partsOf(state, rootOf(partition, state));
  return [...new Set(parts.flatMap((part) => ('references' in part.attributes ? [String(part.attributes.references)] : [])))];
}

/** The partition for rows that no other takes: each new sibling scans it under its strongest lock (rule book, finding 4). */
function defaultSibling(partition: Partition, state: State): Address | undefined {
  const siblings = partsOf(state, partition.attributes.parent);
  return siblings.find((part) => part.id !== partition.id && (part.attributes as { bound?: unknown }).bound === 'DEFAULT')?.id;
}

/** What the LIKE copies must be there before it; under a new parent PostgreSQL hands on what comes later. */
function copiedParts(partition: Partition, context: PlanContext): readonly Address[] {
  return partsOf(context.after, rootOf(partition, context.after))
    .filter((part) => !('references' in part.attributes) && !('text' in part.attributes) && !('bound' in part.attributes))
    .map((part) => part.id);
}

/** Where bounds move, every partition that moves is detached before any is attached; no object has this id. */
function detachedMark(partition: Partition): Address {
  return address('detached', ...(parseAddress(partition.attributes.parent)?.path ?? []));
}

function attachHazards(partition: Partition, context: PlanContext): readonly Hazard[] {
  const rest = defaultSibling(partition, context.before);
  const referenced = referencedTables(partition, context.before);
  return [
    ...referenced.map((other) => hazard('locks-other-table', other, 'writes to the referenced table wait while the partition is attached')),
    ...(rest === undefined
      ? []
      : [
          hazard('blocks-reads', rest, 'the default partition is read through while nobody can use it'),
          hazard('data-dependent', partition.id, 'fails where the default partition has rows that belong into the new one'),
        ]),
  ];
}

function attach(partition: Partition, context: PlanContext): Statement {
  const rest = defaultSibling(partition, context.before);
  return statement({
    sql: `ALTER TABLE ${parentName(partition)} ATTACH PARTITION ${qualifiedName(partition.path)} ${partition.attributes.bound}`,
    purpose: `Attach ${pathText(partition.path)} to its table; reads and writes of the other partitions go on.`,
    subject: partition.id,
    needs: [...partition.dependsOn, detachedMark(partition)],
    makes: [partition.id],
    locks: [
      ...lock('ShareUpdateExclusiveLock', partition.attributes.parent),
      ...lock('AccessExclusiveLock', partition.id, rest),
      ...lock('ShareRowExclusiveLock', ...referencedTables(partition, context.before)),
    ],
    scans: rest === undefined ? [] : [rest],
    hazards: attachHazards(partition, context),
    reverse: `ALTER TABLE ${parentName(partition)} DETACH PARTITION ${qualifiedName(partition.path)}`,
  });
}

/** A detached partition holds rows: whether they come back, or go, is not for a plan to say. */
function refuseTable(partition: Partition, context: PlanContext): void {
  const table = address('table', ...partition.path);
  if (!context.before.has(table)) return;
  fail('partition-is-a-table', `${partition.id} is a table of its own there, as a detached partition is`, {
    subject: partition.id,
    hint: `attach it: ALTER TABLE ${parentName(partition)} ATTACH PARTITION ${qualifiedName(partition.path)} ${partition.attributes.bound}; or give one of them another name`,
  });
}

/** A table that is a partition elsewhere holds its rows: detached it keeps them, dropped and made again it would not. */
function refusePartition(partition: Partition, context: PlanContext): void {
  if (!context.after.has(address('table', ...partition.path))) return;
  fail('partition-is-a-table', `${partition.id} is to be a table of its own, and dropping it would lose its rows`, {
    subject: partition.id,
    hint: `detach it: ALTER TABLE ${parentName(partition)} DETACH PARTITION ${qualifiedName(partition.path)}; in a project by a migration of your own (npx schemac compile --custom); then compare again`,
  });
}

export function createPartition(partition: Partition, context: PlanContext): readonly Statement[] {
  const name = qualifiedName(partition.path);
  const { parent, bound } = partition.attributes;
  refuseTable(partition, context);
  const purpose = `Create partition ${pathText(partition.path)} of ${pathText(parseAddress(parent)?.path ?? [])}.`;
  if (context.isNew(parent)) {
    return [
      statement({
        sql: `CREATE TABLE ${name} PARTITION OF ${parentName(partition)} ${bound}${tail(partition.attributes)}`,
        purpose,
        subject: partition.id,
        needs: [...partition.dependsOn, ...copiedParts(partition, context)],
        makes: [partition.id],
        locks: lock('AccessExclusiveLock', parent),
        probe: `present table ${pathText(partition.path)}`,
        reverse: `DROP TABLE ${name}`,
      }),
      ...createdReplicaIdentity(partition),
    ];
  }
  return [
    statement({
      sql: `CREATE TABLE ${name} (LIKE ${parentName(partition)} INCLUDING ALL EXCLUDING IDENTITY)${tail(partition.attributes)}`,
      purpose: `Create the table of partition ${pathText(partition.path)}.`,
      subject: partition.id,
      needs: [...partition.dependsOn, ...copiedParts(partition, context)],
      locks: lock('AccessShareLock', parent),
      probe: `present table ${pathText(partition.path)}`,
      reverse: `DROP TABLE ${name}`,
    }),
    attach(partition, context),
    ...createdReplicaIdentity(partition),
  ];
}

/** DETACH … CONCURRENTLY cannot run beside a default partition (55000), nor in a transaction (rule book P8). */
function detach(partition: Partition, how: '' | ' CONCURRENTLY', context: PlanContext): Statement {
  const { parent } = partition.attributes;
  const rest = defaultSibling(partition, context.before);
  const referenced = referencedTables(partition, context.before);
  return statement({
    sql: `ALTER TABLE ${parentName(partition)} DETACH PARTITION ${qualifiedName(partition.path)}${how}`,
    purpose: `Detach ${pathText(partition.path)} from its table.`,
    subject: partition.id,
    step: how === '' ? 'transactional' : 'concurrent',
    locks: [
      ...lock(how === '' ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock', parent),
      ...lock('AccessExclusiveLock', partition.id, ...(how === '' ? [rest] : [])),
      ...lock('ShareRowExclusiveLock', ...referenced),
    ],
    hazards: [
      ...(how === '' ? [hazard('blocks-reads', parent, 'nobody can use the table while the partition is detached')] : []),
      ...referenced.map((other) =>
        hazard('locks-other-table', other, 'writes to the referenced table wait while the partition is detached'),
      ),
    ],
    reverse: `ALTER TABLE ${parentName(partition)} ATTACH PARTITION ${qualifiedName(partition.path)} ${partition.attributes.bound}`,
  });
}

/** Whether another partition of the table gets other bounds in this plan, so that this one must give way first. */
function makesRoom(partition: Partition, context: PlanContext): boolean {
  return partsOf(context.after, partition.attributes.parent).some((sibling) => {
    const bound = (state: State): unknown => (state.get(sibling.id)?.attributes as { bound?: unknown } | undefined)?.bound;
    return bound(context.after) !== undefined && bound(context.after) !== bound(context.before);
  });
}

export function dropPartition(partition: Partition, context: PlanContext): readonly Statement[] {
  refusePartition(partition, context);
  const rest = defaultSibling(partition, context.before);
  const plain = rest !== undefined || partition.attributes.bound === 'DEFAULT';
  const referenced = referencedTables(partition, context.before);
  const phase = makesRoom(partition, context) ? 'expand' : 'contract';
  const marks = makesRoom(partition, context) ? [detachedMark(partition)] : [];
  const dropTable = statement({
    sql: `DROP TABLE ${qualifiedName(partition.path)}`,
    purpose: `Drop partition ${pathText(partition.path)} with its rows.`,
    subject: partition.id,
    destroys: [partition.id],
    locks: lock('AccessExclusiveLock', partition.id, ...referenced),
    hazards: [
      hazard('data-loss', partition.id, 'the rows of the partition are gone'),
      hazard('application-order', partition.id, 'rows that belonged into it are refused from now on'),
      ...referenced.map((other) => hazard('locks-other-table', other, 'reads and writes of the referenced table wait for a moment')),
    ],
    probe: `absent table ${pathText(partition.path)}`,
    phase,
  });
  // It goes with the whole table, attached as it is.
  if (context.isDropped(rootOf(partition, context.before))) return [dropTable];
  const atomic = plain ? { atomic: `drop ${partition.id}` } : {};
  return [
    { ...detach(partition, plain ? '' : ' CONCURRENTLY', context), makes: marks, phase, ...atomic },
    { ...dropTable, ...atomic },
  ];
}

/** There is no ALTER for a bound: the partition leaves and comes back in one transaction (rule book P12). */
function alterBound(before: Partition, after: Partition, context: PlanContext): readonly Statement[] {
  if (before.attributes.parent !== after.attributes.parent) return [];
  const { parent } = after.attributes;
  const atomic = `bounds of ${parent}`;
  const attached = attach(after, context);
  return [
    { ...detach(before, '', context), makes: [detachedMark(after)], atomic },
    {
      ...attached,
      purpose: `Attach ${pathText(after.path)} again, ${after.attributes.bound}; its rows are read through.`,
      // Without the partition as what it makes: whatever needs it had it before.
      makes: [],
      locks: [...lock('AccessExclusiveLock', parent), ...attached.locks.filter(({ relation }) => relation !== parent)],
      scans: [after.id, ...attached.scans],
      hazards: [
        ...attached.hazards,
        hazard('blocks-reads', parent, 'nobody can use the table while the rows of the partition are read through'),
        hazard('long-scan', after.id, 'every row is compared with the new bound'),
        hazard('data-dependent', after.id, 'fails where a row does not belong into the new bound'),
      ],
      atomic,
    },
  ];
}

function refuseParent(before: Partition, after: Partition): never {
  return fail(
    'partition-parent-changed',
    `partition ${pathText(after.path)} cannot move from ${before.attributes.parent} to ${after.attributes.parent}`,
    {
      subject: after.id,
      hint: 'declare a partition of another name under the new parent, move the rows, and drop the old one',
    },
  );
}

function refusePartitionKey(before: Partition, after: Partition): never {
  const words = (key: string | undefined): string => key ?? 'not partitioned';
  return fail(
    'partition-key-changed',
    `PostgreSQL cannot change the partition key of ${pathText(after.path)} (from ${words(before.attributes.partitionBy)} to ${words(after.attributes.partitionBy)})`,
    { subject: after.id, hint: 'declare another partition with the key that you want, move the rows, and drop the old one' },
  );
}

export const partitionRules: AttributeRules<Partition> = {
  parent: { statements: refuseParent },
  bound: { statements: alterBound },
  partitionBy: { statements: refusePartitionKey },
  ...relationSettingRules('TABLE'),
  replicaIdentity: tableReplicaIdentityRule,
  storageParameters: {
    statements: (before, after) =>
      storageParameterChanges(before.attributes.storageParameters, after.attributes.storageParameters).map((action) =>
        statement({
          sql: `ALTER TABLE ${qualifiedName(after.path)} ${action}`,
          purpose: `Change storage parameters of partition ${pathText(after.path)}.`,
          subject: after.id,
          needs: [after.id],
          locks: lock('ShareUpdateExclusiveLock', after.id),
        }),
      ),
  },
};
