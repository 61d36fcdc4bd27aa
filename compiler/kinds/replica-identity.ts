/**
 * How logical replication tells one row from another, and by which index a table is clustered: the
 * table says FULL or NOTHING (pg_class.relreplident), an index or a key says that it is the one
 * (pg_index.indisreplident, indisclustered). No kind is named here.
 */
import { address, parseAddress, pathText, type Address } from '../model/address.ts';
import { partsOf, type SchemaObject, type State } from '../model/object.ts';
import { statement, type Statement } from '../model/statement.ts';
import { qualifiedName, quoteName } from '../sql/quote.ts';
import { flagOf } from './catalog.ts';
import type { AttributeRule, CatalogRow, PlanContext } from './contract.ts';
import { hazard, lock, tableOf } from './statements.ts';

export interface TableReplicaIdentity {
  /** Absent where it is the primary key, or an index that says so itself. */
  readonly replicaIdentity?: 'full' | 'nothing';
}

export interface IndexRoles {
  /** Whether CLUSTER without an index's name orders the table by this one. */
  readonly clustered?: true;
  /** Whether the table's rows are told apart by it in logical replication. */
  readonly replicaIdentity?: true;
}

/** Of pg_class as `c`. An index that was the identity and is gone leaves nothing (manual: ALTER TABLE). */
export const tableReplicaIdentity = `CASE WHEN c.relreplident = 'f' THEN 'full' WHEN c.relreplident = 'n' THEN 'nothing'
  WHEN c.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index it WHERE it.indrelid = c.oid AND it.indisreplident) THEN 'nothing' END AS replica_identity`;

/** Of pg_index as `i`. */
export const indexRoles = 'i.indisclustered AS clustered, i.indisreplident AS replica_identity';

export function readIndexRoles(row: CatalogRow): IndexRoles {
  return {
    ...(flagOf(row, 'clustered') ? { clustered: true as const } : {}),
    ...(flagOf(row, 'replica_identity') ? { replicaIdentity: true as const } : {}),
  };
}

/** What the table said of itself before an index can say that it is the one; no object has this id. */
function identityMark(table: Address): Address {
  return address('replica-identity', table);
}

function alterTable(subject: SchemaObject, table: Address, action: string, purpose: string): Statement {
  return statement({
    sql: `ALTER TABLE ${qualifiedName(parseAddress(table)?.path ?? [])} ${action}`,
    purpose,
    subject: subject.id,
    needs: [subject.id],
    locks: lock('AccessExclusiveLock', table),
  });
}

function setIdentity(table: SchemaObject, identity: TableReplicaIdentity['replicaIdentity']): Statement {
  return {
    ...statement({
      sql: `ALTER TABLE ${qualifiedName(table.path)} REPLICA IDENTITY ${(identity ?? 'default').toUpperCase()}`,
      purpose: `Let replication tell the rows of ${pathText(table.path)} apart by ${identity === 'full' ? 'all their columns' : identity === 'nothing' ? 'nothing' : 'the primary key'}.`,
      subject: table.id,
      needs: [table.id],
      makes: [identityMark(table.id)],
      locks: lock('AccessExclusiveLock', table.id),
    }),
    hazards: [hazard('replication', table.id, 'what subscribers are sent of an update or a delete changes')],
  };
}

/** After the create of a table or a partition. */
export function createdReplicaIdentity(table: SchemaObject<string, TableReplicaIdentity>): readonly Statement[] {
  const { replicaIdentity } = table.attributes;
  return replicaIdentity === undefined ? [] : [{ ...setIdentity(table, replicaIdentity), hazards: [] }];
}

export const tableReplicaIdentityRule: AttributeRule<SchemaObject<string, TableReplicaIdentity>> = {
  statements: (_before, after: SchemaObject<string, TableReplicaIdentity>) => [setIdentity(after, after.attributes.replicaIdentity)],
};

type Holder = SchemaObject<string, IndexRoles>;

function nameOf(index: Holder): string {
  return quoteName(index.path.at(-1) ?? '');
}

function becomeIdentity(index: Holder): Statement {
  const table = tableOf(index);
  const step = alterTable(
    index,
    table,
    `REPLICA IDENTITY USING INDEX ${nameOf(index)}`,
    `Let replication tell rows apart by ${index.path.at(-1) ?? ''}.`,
  );
  return { ...step, needs: [index.id, identityMark(table)], makes: [] };
}

function becomeClustered(index: Holder): Statement {
  return alterTable(
    index,
    tableOf(index),
    `CLUSTER ON ${nameOf(index)}`,
    `Note that CLUSTER orders the table by ${index.path.at(-1) ?? ''}.`,
  );
}

/** After the create of an index or of a key's index. */
export function createdIndexRoles(index: Holder): readonly Statement[] {
  return [
    ...(index.attributes.replicaIdentity === true ? [becomeIdentity(index)] : []),
    ...(index.attributes.clustered === true ? [becomeClustered(index)] : []),
  ];
}

/** Whether something else of the table takes the role over, so that this one need not give it up. */
function isTakenOver(index: Holder, role: keyof IndexRoles, after: State): boolean {
  const table = tableOf(index);
  const others = partsOf(after, table).filter((part) => part.id !== index.id);
  const has = (object: SchemaObject | undefined): boolean =>
    object !== undefined && (object.attributes as { readonly [name: string]: unknown })[role] !== undefined;
  return others.some(has) || (role === 'replicaIdentity' && has(after.get(table)));
}

/** Before an index or a key goes: a table whose identity it was would be left with none. */
export function droppedIndexRoles(index: Holder, context: PlanContext): readonly Statement[] {
  const table = tableOf(index);
  const comesBack = (context.after.get(index.id) as Holder | undefined)?.attributes.replicaIdentity === true;
  if (index.attributes.replicaIdentity !== true || comesBack || !context.after.has(table)) return [];
  return giveUp(index, 'replicaIdentity', context, 'REPLICA IDENTITY DEFAULT', 'Let replication tell rows apart by the primary key.');
}

function giveUp(index: Holder, role: keyof IndexRoles, context: PlanContext, action: string, purpose: string): readonly Statement[] {
  return isTakenOver(index, role, context.after) ? [] : [alterTable(index, tableOf(index), action, purpose)];
}

export const indexRoleRules: {
  readonly clustered: AttributeRule<Holder>;
  readonly replicaIdentity: AttributeRule<Holder>;
} = {
  clustered: {
    stake: 'speed',
    statements: (_before, after: Holder, context) =>
      after.attributes.clustered === true
        ? [becomeClustered(after)]
        : giveUp(after, 'clustered', context, 'SET WITHOUT CLUSTER', 'Note that CLUSTER has no order for the table any more.'),
  },
  replicaIdentity: {
    statements: (_before, after: Holder, context) =>
      after.attributes.replicaIdentity === true
        ? [becomeIdentity(after)]
        : giveUp(after, 'replicaIdentity', context, 'REPLICA IDENTITY DEFAULT', 'Let replication tell rows apart by the primary key.'),
  },
};
