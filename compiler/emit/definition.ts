/**
 * A table, a type or a note as lines of plain text, one thing a line: what a change report compares.
 * Not SQL and never run; the migration beside the report is.
 */
import type { ColumnNode, DocumentNode, EdgeNode, KeyNode, RowNode, TableNode } from '../model/document.ts';
import { tableTitle, type Catalogue } from './catalogue.ts';

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}

function withDoc(text: string, doc: string | undefined): string {
  return oneLine(doc === undefined || doc === '' ? text : `${text}  -- ${doc}`);
}

function columnLine(column: ColumnNode): string {
  const value = column.value === undefined ? '' : `, ${/^(?:identity|generated)\b/.test(column.value) ? '' : 'default '}${column.value}`;
  return withDoc(`  ${column.name} ${column.type}${column.nullable ? '' : ' not null'}${value}`, column.doc);
}

function keyLine(key: KeyNode): string {
  const include = key.include.length === 0 ? '' : ` include (${key.include.join(', ')})`;
  const where = key.where === undefined ? '' : ` where ${key.where}`;
  const method = key.method === 'btree' || key.method === '' ? '' : ` using ${key.method}`;
  return withDoc(`  ${key.form} ${key.name}${method} (${key.on.map((item) => item.text).join(', ')})${include}${where}`, key.doc);
}

function edgeLine(edge: EdgeNode, catalogue: Catalogue): string {
  const target = catalogue.table(edge.to);
  const actions = `${edge.onDelete === undefined ? '' : ` on delete ${edge.onDelete.toLowerCase()}`}${edge.onUpdate === undefined ? '' : ` on update ${edge.onUpdate.toLowerCase()}`}`;
  const name = target === undefined ? edge.to : tableTitle(target);
  return withDoc(
    `  ${edge.form} ${edge.name} (${edge.fromColumns.join(', ')}) to ${name} (${edge.toColumns.join(', ')})${actions}`,
    edge.doc,
  );
}

function rowLine({ values }: RowNode): string {
  const shown = Object.entries(values).map(([name, value]) => `${name} = ${value === null ? 'null' : JSON.stringify(value)}`);
  return oneLine(`  row ${shown.join(', ')}`);
}

function tableLines(table: TableNode, catalogue: Catalogue): readonly string[] {
  return [
    withDoc(`${table.form} ${tableTitle(table)}`, table.doc),
    ...(table.partition === undefined ? [] : [oneLine(`  partitions: ${table.partition}`)]),
    ...catalogue.columns(table.id).map(columnLine),
    ...catalogue.keys(table.id).map(keyLine),
    ...catalogue.edgesFrom(table.id).map((edge) => edgeLine(edge, catalogue)),
    ...catalogue.notes(table.id).map((note) => withDoc(`  ${note.title} ${note.name}: ${note.definition}`, note.doc)),
    ...catalogue.rows(table.id).map(rowLine),
    ...(table.definition ?? '').split(/\r?\n/).filter((line) => line !== ''),
  ];
}

/** The definition of a table with all that stands in it, of a type or of a note; nothing for parts of tables. */
export function definitionLines(node: DocumentNode | undefined, catalogue: Catalogue): readonly string[] {
  switch (node?.node) {
    case 'table':
      return tableLines(node, catalogue);
    case 'enumeration':
      return [
        withDoc(`${node.form} ${tableTitle({ ...node, node: 'table', form: 'table' })}`, node.doc),
        ...node.values.map((value) => oneLine(`  ${value}`)),
      ];
    case 'note':
      return [withDoc(`${node.title} ${node.name}`, node.doc), ...node.definition.split(/\r?\n/)];
    default:
      return [];
  }
}
