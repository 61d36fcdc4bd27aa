/**
 * The design as DBML: what DBML has words for is said natively, the rest as quoted-string settings
 * and notes, which every reader of DBML keeps. Printed by us, since @dbml/core's exporter drops index
 * notes and makes every foreign key deferrable. Nothing is looked up in a database.
 */
import type { ColumnNode, DesignDocument, EdgeNode, EnumerationNode, KeyNode, NoteNode, TableNode } from '../model/document.ts';
import { catalogueOf, tableTitle, type Catalogue } from './catalogue.ts';
import { enumerationOf, keyItems, referenceAction, referencesOf, tableGroupsOf } from './dbml-model.ts';
import { dbmlExpression, dbmlName, dbmlText, dbmlType } from './escape/dbml.ts';

type Setting = string | undefined;

function settings(list: readonly Setting[]): string {
  const said = list.filter((setting) => setting !== undefined);
  return said.length === 0 ? '' : ` [${said.join(', ')}]`;
}

function textSetting(name: string, text: string | undefined): Setting {
  return text === undefined || text === '' ? undefined : `${name}: ${dbmlText(text)}`;
}

function qualified(node: { readonly schema: string; readonly name: string }): string {
  return `${dbmlName(node.schema)}.${dbmlName(node.name)}`;
}

function softReference(column: ColumnNode, catalogue: Catalogue): string | undefined {
  const targets = catalogue
    .edgesFrom(column.table)
    .filter((edge) => edge.form === 'soft reference' && edge.fromColumns.includes(column.name))
    .map((edge) => {
      const target = catalogue.table(edge.to);
      return `${target === undefined ? edge.to : tableTitle(target)} (${edge.toColumns.join(', ')})`;
    });
  return targets.length === 0 ? undefined : targets.join('; ');
}

/** `default: \`now()\``; identity and generation have no word in DBML and become settings. */
function valueSetting(value: string | undefined): Setting {
  if (value === undefined) return undefined;
  if (/^(?:identity|generated)\b/.test(value)) return textSetting('generated', value);
  const expression = dbmlExpression(value);
  return expression === undefined ? textSetting('default_value', value) : `default: ${expression}`;
}

function column(node: ColumnNode, catalogue: Catalogue): string {
  const enumeration = enumerationOf(node, catalogue);
  const type = enumeration === undefined ? dbmlType(node.type) : qualified(enumeration);
  const said = settings([
    node.nullable ? undefined : 'not null',
    valueSetting(node.value),
    textSetting('pii', node.pii),
    textSetting('soft_reference', softReference(node, catalogue)),
    textSetting('note', node.doc),
  ]);
  return `  ${dbmlName(node.name)} ${type}${said}`;
}

/** What DBML's indexes block has no word for, in words. */
function keyNote(key: KeyNode): string | undefined {
  const unsaid = key.include.length > 0 || key.where !== undefined || key.form === 'exclusion';
  const said = [key.doc ?? '', unsaid ? `Definition: ${key.definition}` : ''].filter((part) => part !== '');
  return said.length === 0 ? undefined : said.join('\n');
}

function key(node: KeyNode): string | undefined {
  const items = keyItems(node)?.map((item) => (item.form === 'column' ? dbmlName(item.text) : `\`${item.text}\``));
  if (items === undefined) return undefined;
  const said = settings([
    node.form === 'primary key' ? 'pk' : undefined,
    node.form === 'unique' || node.form === 'unique index' ? 'unique' : undefined,
    /^[a-z]+$/.test(node.method) ? `type: ${node.method}` : undefined,
    textSetting('name', node.name),
    textSetting('note', keyNote(node)),
  ]);
  return `    (${items.join(', ')})${said}`;
}

function isCheck(note: NoteNode): boolean {
  return note.title === 'check' && dbmlExpression(note.definition) !== undefined;
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `  ${name} {`, ...lines, '  }'];
}

/** The table's note: its doc, and whatever stands with it that DBML cannot say. */
function tableNote(table: TableNode, catalogue: Catalogue): readonly string[] {
  const unsaid = [
    ...catalogue
      .keys(table.id)
      .filter((node) => key(node) === undefined)
      .map((node) => `${node.form} ${node.name}: ${node.definition}`),
    ...catalogue
      .notes(table.id)
      .filter((note) => !isCheck(note))
      .map((note) => `${note.title} ${note.name}: ${note.definition}`),
    ...catalogue
      .edgesFrom(table.id)
      .filter((edge) => edge.form === 'foreign key' && !referencesOf(catalogue).has(edge.id))
      .map((edge) => `foreign key ${edge.name} (${edge.fromColumns.join(', ')}) to ${edge.to} (${edge.toColumns.join(', ')})`),
    ...(table.definition === undefined ? [] : [`${table.form}: ${table.definition}`]),
  ];
  const text = [...(table.doc === undefined ? [] : [table.doc]), ...unsaid].join('\n');
  return text === '' ? [] : ['', `  Note: ${dbmlText(text)}`];
}

function tableBlock(node: TableNode, catalogue: Catalogue): string {
  const columns = catalogue.columns(node.id).map((item) => column(item, catalogue));
  // DBML refuses a table without columns, which PostgreSQL allows.
  if (columns.length === 0) return `Note ${dbmlName(node.id)} {\n  ${dbmlText(node.doc ?? 'A table without columns.')}\n}`;
  const said = settings([
    node.form === 'table' || node.form === 'external table' ? undefined : textSetting('form', node.form),
    node.form === 'external table' ? textSetting('external', node.owner ?? 'another team') : textSetting('owner', node.owner),
    textSetting('partition', node.partition),
  ]);
  const keys = catalogue
    .keys(node.id)
    .map(key)
    .filter((line) => line !== undefined);
  const checks = catalogue
    .notes(node.id)
    .filter(isCheck)
    .map((note) => `    ${dbmlExpression(note.definition) ?? ''}${settings([textSetting('name', note.name)])}`);
  return [
    `Table ${qualified(node)}${said} {`,
    ...columns,
    ...block('indexes', keys),
    ...block('checks', checks),
    ...tableNote(node, catalogue),
    '}',
  ].join('\n');
}

function enumerationBlock(node: EnumerationNode): string {
  if (node.form !== 'enum' || node.values.length === 0) {
    const text = [...(node.doc === undefined ? [] : [node.doc]), ...node.values].join('\n');
    return `Note ${dbmlName(node.id)} {\n  ${dbmlText(text === '' ? 'No values.' : text)}\n}`;
  }
  const doc = node.doc === undefined ? [] : [`// ${node.doc.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')}`];
  return [...doc, `Enum ${qualified(node)} {`, ...node.values.map((value) => `  ${dbmlName(value)}`), '}'].join('\n');
}

function columnList(names: readonly string[]): string {
  return names.length === 1 ? dbmlName(names[0] ?? '') : `(${names.map(dbmlName).join(', ')})`;
}

function action(name: 'delete' | 'update', text: string | undefined): Setting {
  const said = referenceAction(text);
  return said === undefined ? undefined : `${name}: ${said}`;
}

function reference(edge: EdgeNode, from: TableNode, to: TableNode): string {
  const relation = edge.cardinality === 'one' ? '-' : '>';
  const said = settings([action('delete', edge.onDelete), action('update', edge.onUpdate)]);
  const ends = `${qualified(from)}.${columnList(edge.fromColumns)} ${relation} ${qualified(to)}.${columnList(edge.toColumns)}`;
  return `Ref ${dbmlName(edge.name)}: ${ends}${said}`;
}

function project(document: DesignDocument): string {
  return [
    `Project ${dbmlName(document.title)} {`,
    `  database_type: 'PostgreSQL'`,
    ...(document.purpose === '' ? [] : [`  Note: ${dbmlText(document.purpose)}`]),
    '}',
  ].join('\n');
}

/**
 * The design document as DBML text. Tables, columns, keys and groups stand in declared order; the
 * text parses with @dbml/core 10 whatever the names hold (`verifyDbml` proves it).
 */
export function dbml(document: DesignDocument): string {
  const catalogue = catalogueOf(document.nodes);
  const groups = tableGroupsOf(document, catalogue).map((group) => {
    const members = group.tables.map((table) => `  ${qualified(table)}`);
    return [`TableGroup ${dbmlName(group.name)}${settings([textSetting('note', group.doc)])} {`, ...members, '}'].join('\n');
  });
  const notes = catalogue.looseNotes.map((note) => {
    const text = [...(note.doc === undefined ? [] : [note.doc]), note.definition].join('\n');
    return `Note ${dbmlName(note.id)} {\n  ${dbmlText(text === '' ? note.title : text)}\n}`;
  });
  const references = [...referencesOf(catalogue).values()].map(({ edge, from, to }) => reference(edge, from, to));
  const blocks = [
    project(document),
    ...catalogue.enumerations.map(enumerationBlock),
    ...catalogue.tables.map((table) => tableBlock(table, catalogue)),
    ...(references.length === 0 ? [] : [references.join('\n')]),
    ...groups,
    ...notes,
  ];
  return `${blocks.join('\n\n')}\n`;
}
