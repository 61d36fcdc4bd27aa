/** The word for publications of logical replication, and for what of a table is published. */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { Suppress } from './column.ts';
import type { TableColumnName } from './references.ts';
import type { Sql } from './sql.ts';
import type { AnyTable } from './table.ts';
import type { SchemaDeclaration } from './words.ts';

/** A part of a table in a publication. */
export interface PublishedTable extends Declaration<'published table'> {
  readonly table: () => AnyTable;
  readonly columns?: readonly string[];
  readonly where?: Sql;
}

/**
 * What of a table is published, PostgreSQL 15 and later: `published(() => orders, { columns: ['id', 'state'], where: sql`state <> 'draft'` })`.
 * Where updates and deletes are published, both must keep to the columns of the primary key.
 */
export function published<Target extends AnyTable>(
  table: () => Target,
  selection: { readonly columns?: readonly TableColumnName<Target>[]; readonly where?: Sql },
): PublishedTable {
  return declaration('published table', { table, ...selection }, published);
}

interface CommonPublication {
  readonly doc?: string;
  /** Which changes are published; all four where absent. */
  readonly operations?: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  /** Whether changes of partitions are published under the name of their top table. */
  readonly viaPartitionRoot?: boolean;
  /** PostgreSQL 18 and later. */
  readonly generatedColumns?: 'stored';
  /** The role that owns it in the database, where it is not the role that runs migrations. */
  readonly ownerRole?: string;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
}
export interface ListPublication extends CommonPublication {
  readonly tables?: readonly (AnyTable | (() => AnyTable) | PublishedTable)[];
  /** All tables of these schemas, also those made later. PostgreSQL 15 and later. */
  readonly schemas?: readonly (string | SchemaDeclaration)[];
  readonly allTables?: never;
}
export interface WholePublication extends CommonPublication {
  /** All tables, also those made later. */
  readonly allTables: true;
  readonly tables?: never;
  readonly schemas?: never;
}
export type PublicationDefinition = ListPublication | WholePublication;

export interface PublicationDeclaration extends Declaration<'publication'> {
  readonly name: string;
  readonly definition: PublicationDefinition;
}
/** A publication: `publication('digests_feed', { tables: [digests], operations: ['insert'], doc: '…' })`. */
export function publication(name: string, definition: PublicationDefinition): PublicationDeclaration {
  return declaration('publication', { name, definition }, publication);
}
