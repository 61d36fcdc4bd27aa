/**
 * A table declaration becomes objects: the table, its columns and defaults, its keys, constraints and
 * indexes, its partitions. Each part is made by the fragment of its kind; here they are put together.
 */
import { address } from '../model/address.ts';
import type { Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { declareTable } from '../kinds/table/declare.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { AnyTable } from '../dsl/table.ts';
import { composeColumns } from './compose-columns.ts';
import { columnNeeds, composeChecks, composeExclusions, composeKeys } from './compose-constraints.ts';
import { composeForeignKeys } from './compose-foreign-keys.ts';
import { composeIndexes } from './compose-indexes.ts';
import { composeRows } from './compose-rows.ts';
import { composeStatistics } from './compose-statistics.ts';
import type { GrantCollector } from './compose-grants.ts';
import { composePartitions } from './compose-partitions.ts';
import { partitionKeyText } from './partition-text.ts';
import { composePolicies } from './compose-policies.ts';
import { composeTriggers } from './compose-triggers.ts';
import { present } from './context.ts';
import type { Context, Notes } from './context.ts';
import type { TypeResolver } from './column-types.ts';
import type { NamedRoutine } from './routines.ts';
import { volumeNotes } from './compose-volume.ts';
import { relationPath } from './relation-path.ts';
import { checkSchema, schemaNeeds, storage } from './common-parts.ts';
import type { SchemaNames } from './schema-names.ts';
import type { TableKeys } from './table-keys.ts';

/** What the whole schema knows while its tables are composed. */
export interface SchemaContext extends Context {
  readonly names: SchemaNames;
  readonly keys: TableKeys;
  readonly typeOf: TypeResolver;
  /** Lookup tables, which grow while composing. */
  readonly referenceTables: ReferenceTable[];
  /** Functions and procedures with the types of their arguments, worked out before anything is composed. */
  readonly routines: Map<Declaration, NamedRoutine>;
  /** Names of requirements, decisions, queries and groups that were met, which grow while composing. */
  readonly designNames: Set<string>;
  /** What is said of privileges and owners, until all that they are on is known. */
  readonly grants: GrantCollector;
}

/** What the parts of a table need to know of it. */
export interface TableContext extends SchemaContext {
  readonly table: AnyTable;
  readonly path: readonly [schema: string, name: string];
  readonly id: Address;
  /** The table's columns by name. */
  readonly columnIds: ReadonlyMap<string, Address>;
}

/** Composes one table. */
export function composeTable(table: AnyTable, context: SchemaContext): void {
  const path = relationPath(table);
  const external = table.definition.external === true;
  const inner: TableContext = {
    ...context,
    table,
    path,
    id: address('table', ...path),
    columnIds: new Map(table.columnList.map((column) => [column.name, address('column', ...path, column.name)])),
    add: external ? (object, at, keys, notes) => context.add(object, at, keys, { ...notes, external }) : context.add,
  };
  if (!external) checkSchema(path[0], table.origin, ['schema'], inner);
  inner.names.claim({
    namespaces: [`relation ${path[0]}`, `type ${path[0]}`],
    name: path[1],
    what: `table "${path[1]}"`,
    subject: inner.id,
    at: table.origin,
    keys: [],
  });
  addTable(inner);
  composeColumns(inner);
  composeKeys(inner);
  composeChecks(inner);
  composeForeignKeys(inner);
  composeExclusions(inner);
  const relation = { ...inner, on: inner.id, origin: table.origin, relation: `table "${path[1]}"` };
  composeIndexes(relation, table.definition.indexes);
  composeStatistics(relation, table.definition.statistics);
  composeTriggers({ ...inner, form: 'table', origin: table.origin }, table.definition.triggers);
  composePartitions(inner);
  const rows = composeRows(inner);
  if (rows !== undefined) inner.referenceTables.push(rows);
  composeAccess(inner, external);
}

/** Policies, privileges and the owner; those of another team's table are its own business. */
function composeAccess(inner: TableContext, external: boolean): void {
  const { definition, origin, name } = inner.table;
  const word = (['policies', 'grants', 'ownerRole'] as const).find((each) => definition[each] !== undefined);
  if (external && word !== undefined) {
    const message = `table "${name}" is another team's and has ${word}`;
    inner.report({ code: 'external-access', message, hint: 'leave it out: migrations never touch the table', at: origin, keys: [word] });
    return;
  }
  composePolicies(inner);
  inner.grants.take({
    on: inner.id,
    what: `table "${name}"`,
    origin,
    definition,
    columnNeeds: (names, what, keys) => columnNeeds(names, what, keys, inner),
  });
}

function addTable(inner: TableContext): void {
  const { definition } = inner.table;
  inner.add(
    declareTable({
      path: inner.path,
      persistence: definition.persistence ?? 'permanent',
      ...present({ partitionBy: partitionKeyText(definition.partitionBy, inner) }),
      storageParameters: storage(definition.storageParameters),
      rowSecurity: definition.rowSecurity ?? 'off',
      ...present({
        tablespace: definition.tablespace,
        accessMethod: definition.accessMethod === 'heap' ? undefined : definition.accessMethod,
        replicaIdentity: definition.replicaIdentity,
      }),
      needs: definition.external === true ? [] : schemaNeeds(inner.path[0]),
    }),
    inner.table.origin,
    [],
    tableNotes(inner),
  );
}

function tableNotes({ table, path }: TableContext): Notes {
  const { doc, group, owner, renamedFrom, expectedRows, suppress } = table.definition;
  return present({
    doc,
    group: typeof group === 'object' ? group.name : group,
    owner,
    renamedFrom: renamedFrom === undefined ? undefined : address('table', path[0], renamedFrom),
    ...volumeNotes(expectedRows),
    suppress,
  });
}
