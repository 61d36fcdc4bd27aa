/** Publications and the tables that they list become objects. */
import { address } from '../model/address.ts';
import { declarePublication } from '../kinds/publication/declare.ts';
import { declarePublicationTable } from '../kinds/publication-table/declare.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { PublicationDeclaration, PublishedTable } from '../dsl/publications.ts';
import type { AnyTable } from '../dsl/table.ts';
import { checkSchema, schemaNeeds } from './common-parts.ts';
import { reportUnknownColumn, targetTable } from './column-types.ts';
import { takeAccess } from './compose-grants.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import { relationPath, schemaName } from './relation-path.ts';
import { renderSql } from './render-sql.ts';
import { checkSince } from './since.ts';

export function composePublication(declared: PublicationDeclaration, context: SchemaContext): void {
  const { name, definition, origin } = declared;
  const what = `publication "${name}"`;
  context.names.claim({ namespaces: ['publication'], name, what, at: origin, keys: [] });
  const schemas = [...new Set((definition.schemas ?? []).map(schemaName))];
  for (const schema of schemas) checkSchema(schema, origin, ['schemas'], context);
  checkWhole(declared, what, context);
  if (schemas.length > 0) checkSince('publication-schemas', what, { at: origin, keys: ['schemas'] }, context);
  if (definition.generatedColumns !== undefined)
    checkSince('publication-generated', what, { at: origin, keys: ['generatedColumns'] }, context);
  const object = declarePublication({
    name,
    of: definition.allTables === true ? 'all tables' : 'listed',
    schemas,
    operations: definition.operations ?? ['insert', 'update', 'delete', 'truncate'],
    viaPartitionRoot: definition.viaPartitionRoot ?? false,
    ...present({ generatedColumns: definition.generatedColumns }),
    needs: schemas.flatMap(schemaNeeds),
  });
  const { doc, renamedFrom, suppress } = definition;
  const former = renamedFrom === undefined ? undefined : address('publication', renamedFrom);
  context.add(object, origin, [], present({ doc, renamedFrom: former, suppress }));
  takeAccess('publication', object.id, declared, context);
  const seen = new Set<AnyTable>();
  for (const entry of definition.tables ?? []) composeEntry(entry, declared, seen, context);
}

function checkWhole({ definition, origin }: PublicationDeclaration, what: string, context: SchemaContext): void {
  const { allTables, tables, schemas, operations } = definition as {
    readonly [Name in 'allTables' | 'tables' | 'schemas' | 'operations']?: unknown;
  };
  const problem =
    allTables === true && (tables !== undefined || schemas !== undefined)
      ? { message: `${what} is of all tables and lists some`, hint: 'keep allTables, or the list', keys: ['allTables'] }
      : Array.isArray(operations) && operations.length === 0
        ? { message: `${what} publishes nothing`, hint: "name what it publishes: operations: ['insert']", keys: ['operations'] }
        : undefined;
  if (problem !== undefined) context.report({ code: 'invalid-publication', at: origin, ...problem });
}

function composeEntry(
  entry: AnyTable | (() => AnyTable) | PublishedTable,
  declared: PublicationDeclaration,
  seen: Set<AnyTable>,
  context: SchemaContext,
): void {
  const { name } = declared;
  const part = wordOf(entry) === 'published table' ? (entry as PublishedTable) : undefined;
  const place = part === undefined ? { at: declared.origin, keys: ['tables'] } : { at: part.origin, keys: [] };
  const target = typeof entry === 'function' ? entry : (): unknown => part?.table() ?? entry;
  const table = targetTable(target, context, { ...place, what: `publication "${name}"` });
  if (table === undefined) return;
  const what = `publication "${name}", table "${table.name}",`;
  if (seen.has(table)) {
    context.report({
      code: 'invalid-publication',
      message: `publication "${name}" lists table "${table.name}" twice`,
      hint: 'list it once',
      ...place,
    });
    return;
  }
  seen.add(table);
  const path = relationPath(table);
  const id = (column: string) => address('column', ...path, column);
  for (const column of part?.columns ?? [])
    if (table.columns[column] === undefined) reportUnknownColumn(column, table, what, place, context);
  const where = part?.where === undefined ? undefined : renderSql(part.where, { ...place, what: `the where of ${what}` }, context);
  if (part?.columns !== undefined) checkSince('publication-columns', what, place, context);
  if (where !== undefined) checkSince('publication-where', what, place, context);
  const object = declarePublicationTable({
    publication: address('publication', name),
    table: address('table', ...path),
    path: [name, ...path],
    ...present({ columns: part?.columns, where: where?.text }),
    // A filter may name any column of the table, so it needs all of them.
    needs: [...(where?.needs ?? []), ...(where === undefined ? (part?.columns ?? []) : table.columnList.map((each) => each.name)).map(id)],
  });
  context.add(object, place.at, place.keys, {});
}
