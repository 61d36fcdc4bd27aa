/**
 * Reads our DBML back with @dbml/core and compares it with the nodes that it was printed from. The
 * parser costs 0.8 s and 360 MB to load, so it is imported only when this is called.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DesignDocument, EdgeNode, KeyNode, TableNode } from '../model/document.ts';
import { compareText } from '../model/object.ts';
import { catalogueOf, type Catalogue } from './catalogue.ts';
import { enumerationOf, keyItems, referenceAction, referencesOf, tableGroupsOf } from './dbml-model.ts';

/** A note without regard to spacing: the parser strips blank lines and common indentation from it. */
function noteText(note: string | null | undefined): string {
  return (note ?? '').replace(/\s+/g, ' ').trim();
}

/** Facts as lines: two sides agree when they give the same lines. */
type Facts = readonly string[];

function fact(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

function keyFact(table: TableNode, key: KeyNode): Facts {
  const items = keyItems(key)?.map((item) => [item.form, item.text]);
  const unique = key.form === 'unique' || key.form === 'unique index';
  return items === undefined ? [] : [fact('key', table.schema, table.name, key.name, key.form === 'primary key', unique, items)];
}

function referenceFact(edge: EdgeNode, from: TableNode, to: TableNode): string {
  const ends = [
    [from.schema, from.name, edge.fromColumns, edge.cardinality === 'one' ? '1' : '*'],
    [to.schema, to.name, edge.toColumns, '1'],
  ];
  return fact(
    'reference',
    edge.name,
    ends.map((end) => JSON.stringify(end)).sort(compareText),
    referenceAction(edge.onDelete) ?? '',
    referenceAction(edge.onUpdate) ?? '',
  );
}

function expectedFacts(document: DesignDocument, catalogue: Catalogue): Facts {
  const tables = catalogue.tables.filter((table) => catalogue.columns(table.id).length > 0);
  return [
    ...tables.map((table) => fact('table', table.schema, table.name)),
    ...tables.flatMap((table) =>
      catalogue.columns(table.id).map((column) => {
        const enumeration = enumerationOf(column, catalogue);
        const type = enumeration === undefined ? [null, column.type] : [enumeration.schema, enumeration.name];
        return fact('column', table.schema, table.name, column.name, ...type, column.nullable, noteText(column.doc));
      }),
    ),
    ...tables.flatMap((table) => catalogue.keys(table.id).flatMap((key) => keyFact(table, key))),
    ...catalogue.enumerations
      .filter((node) => node.form === 'enum' && node.values.length > 0)
      .map((node) => fact('enum', node.schema, node.name, node.values)),
    ...[...referencesOf(catalogue).values()].map(({ edge, from, to }) => referenceFact(edge, from, to)),
    ...tableGroupsOf(document, catalogue).map((group) =>
      fact(
        'group',
        group.name,
        group.tables.map((table) => [table.schema, table.name]),
      ),
    ),
  ];
}

type Database = ReturnType<InstanceType<(typeof import('@dbml/core'))['Parser']>['parse']>;

function readFacts(database: Database): Facts {
  return database.schemas.flatMap((schema) => [
    ...schema.tables.map((table) => fact('table', schema.name, table.name)),
    ...schema.tables.flatMap((table) =>
      table.fields.map((field) => {
        const type = field.type as { readonly schemaName: string | null; readonly type_name: string };
        // `not_null` is null where nothing is said, which DBML and PostgreSQL both take for nullable.
        return fact('column', schema.name, table.name, field.name, type.schemaName, type.type_name, !field.not_null, noteText(field.note));
      }),
    ),
    ...schema.tables.flatMap((table) =>
      table.indexes.map((index) => {
        const items = index.columns.map((column) => [column.type as unknown, column.value as unknown]);
        return fact('key', schema.name, table.name, index.name, Boolean(index.pk), Boolean(index.unique), items);
      }),
    ),
    ...schema.enums.map((node) =>
      fact(
        'enum',
        schema.name,
        node.name,
        node.values.map((value) => value.name),
      ),
    ),
    ...schema.refs.map((ref) => {
      const ends = ref.endpoints.map((end) =>
        JSON.stringify([end.schemaName ?? 'public', end.tableName, end.fieldNames, end.relation as unknown]),
      );
      return fact('reference', ref.name, ends.sort(compareText), ref.onDelete ?? '', ref.onUpdate ?? '');
    }),
    ...schema.tableGroups.map((group) =>
      fact(
        'group',
        group.name,
        group.tables.map((table) => [table.schema.name, table.name]),
      ),
    ),
  ]);
}

/** A fact as a person reads it: `column public.digests.body text`. */
function factText(line: string): string {
  const parts = JSON.parse(line) as readonly unknown[];
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
}

function difference(code: string, message: string): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    hint: 'This is a defect of schemac, not of the schema: please report it with the declaration.',
  };
}

function parseErrors(error: unknown): readonly Diagnostic[] {
  const found = (
    error as {
      readonly diags?: readonly { readonly message: string; readonly location?: { readonly start?: { readonly line?: number } } }[];
    }
  ).diags;
  if (found === undefined) return [difference('dbml-unreadable', `@dbml/core cannot read the DBML: ${String(error)}`)];
  return found.map(({ message, location }) =>
    difference('dbml-unreadable', `@dbml/core cannot read the DBML, line ${String(location?.start?.line ?? '?')}: ${message}`),
  );
}

/**
 * Parses DBML text with @dbml/core and compares tables, columns with type, nullability and note,
 * keys, enums, references and groups with the document. No diagnostics means that they agree.
 * Needs the optional package @dbml/core; without it a notice says so.
 */
export async function verifyDbml(text: string, document: DesignDocument): Promise<readonly Diagnostic[]> {
  const core = await import('@dbml/core').catch(() => undefined);
  if (core === undefined) {
    const message = 'schema.dbml was not read back: the package @dbml/core is not installed';
    return [{ code: 'dbml-not-verified', severity: 'notice', message, hint: 'npm install -D @dbml/core@10.2.0' }];
  }
  let database: Database;
  try {
    database = new core.Parser().parse(text, 'dbmlv2');
  } catch (error) {
    return parseErrors(error);
  }
  const expected = new Set(expectedFacts(document, catalogueOf(document.nodes)));
  const read = new Set(readFacts(database));
  return [
    ...[...expected].filter((line) => !read.has(line)).map((line) => difference('dbml-lost', `the DBML lost: ${factText(line)}`)),
    ...[...read]
      .filter((line) => !expected.has(line))
      .map((line) => difference('dbml-invented', `the DBML says what nobody declared: ${factText(line)}`)),
  ];
}
