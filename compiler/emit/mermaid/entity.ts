/**
 * One table as an entity of an erDiagram: which columns it shows, with which key marks and comments.
 * What Mermaid has no word for (NOT NULL, the partition rule, a true name) stands in comments.
 */
import type { Address } from '../../model/address.ts';
import type { ChangeMark, ColumnNode, TableNode } from '../../model/document.ts';
import { tableTitle, type Catalogue } from '../catalogue.ts';
import { mermaidName, mermaidText, mermaidType } from '../escape/mermaid.ts';
import { textWidth, type Box } from './layout.ts';

/** How much of a table is shown: all columns, those of keys and references (`bare keys`: without comments), or the name alone. */
export type Detail = 'columns' | 'keys' | 'bare keys' | 'names';

export type Marks = ReadonlyMap<Address, ChangeMark>;

export interface Entity extends Box {
  readonly table: TableNode;
  readonly alias: string;
  readonly lines: readonly string[];
  /** Columns that the table has and the entity does not show. */
  readonly hidden: number;
}

const markTexts: { readonly [mark in ChangeMark]: string } = { added: '+ ', changed: '~ ', removed: '- ', unchanged: '' };

/** `+ `, `~ `, `- ` or nothing: what says a change without colour. */
export function markText(id: Address, marks: Marks | undefined): string {
  return markTexts[marks?.get(id) ?? 'unchanged'];
}

/** Names by which a diagram refers to tables: letters, digits and underscores; the same for the same tables. */
export function aliasesOf(tables: readonly TableNode[]): ReadonlyMap<Address, string> {
  const taken = new Set<string>();
  return new Map(
    tables.map((table) => {
      const base = `t_${tableTitle(table).replace(/[^A-Za-z0-9_]/g, '_')}`;
      let alias = base;
      for (let number = 2; taken.has(alias); number += 1) alias = `${base}_${number}`;
      taken.add(alias);
      return [table.id, alias];
    }),
  );
}

function keyMarks(column: ColumnNode, catalogue: Catalogue): readonly string[] {
  const keys = catalogue.keys(column.table).filter((key) => key.on.some((item) => item.column === column.name));
  const references = catalogue.edgesFrom(column.table).filter((edge) => edge.fromColumns.includes(column.name));
  return [
    ...(keys.some((key) => key.form === 'primary key') ? ['PK'] : []),
    ...(references.some((edge) => edge.form === 'foreign key') ? ['FK'] : []),
    ...(keys.some((key) => (key.form === 'unique' || key.form === 'unique index') && key.where === undefined) ? ['UK'] : []),
  ];
}

function isReferencing(column: ColumnNode, catalogue: Catalogue): boolean {
  return catalogue.edgesFrom(column.table).some((edge) => edge.fromColumns.includes(column.name));
}

function isMarked(id: Address, marks: Marks | undefined): boolean {
  return (marks?.get(id) ?? 'unchanged') !== 'unchanged';
}

function shownColumns(table: TableNode, detail: Detail, catalogue: Catalogue, marks: Marks | undefined): readonly ColumnNode[] {
  if (detail === 'names') return [];
  const columns = catalogue.columns(table.id);
  const isChanged = marks?.get(table.id) === 'changed';
  if (detail === 'columns' && !isChanged) return columns;
  return columns.filter(
    (column) => keyMarks(column, catalogue).length > 0 || isReferencing(column, catalogue) || (isChanged && isMarked(column.id, marks)),
  );
}

/** `RANGE (created_at)` of a rule in words: the part up to the first comma outside parentheses. */
function partitionKey(rule: string): string {
  let depth = 0;
  for (let position = 0; position < rule.length; position += 1) {
    const character = rule[position];
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth <= 0) return rule.slice(0, position);
  }
  return rule;
}

interface PartitionComment {
  readonly column?: ColumnNode;
  readonly text: string;
}

/** The column that carries the partition rule, one that the rule names or else the first shown, and what it says there. */
function partitionComment(table: TableNode, columns: readonly ColumnNode[]): PartitionComment {
  if (table.partition === undefined) return { text: '' };
  const rule = partitionKey(table.partition);
  const words = new Set(rule.split(/[(),\s"]+/));
  const column = columns.find((candidate) => words.has(candidate.name)) ?? columns[0];
  if (column === undefined) return { text: '' };
  const strategy = rule.slice(0, rule.indexOf(' ('));
  // The column's own name need not be said again; a narrow comment keeps the whole picture readable.
  return { column, text: rule === `${strategy} (${column.name})` ? `partition key (${strategy})` : `partition key: ${rule}` };
}

interface Row {
  readonly cells: readonly [type: string, name: string, keys: string, comment: string];
  readonly line: string;
}

function rowsOf(
  table: TableNode,
  columns: readonly ColumnNode[],
  detail: Detail,
  catalogue: Catalogue,
  marks: Marks | undefined,
): readonly Row[] {
  const isBare = detail === 'bare keys';
  const partition: PartitionComment = isBare ? { text: '' } : partitionComment(table, columns);
  const names = new Set<string>();
  return columns.map((column) => {
    const keys = keyMarks(column, catalogue);
    let name = mermaidName(column.name);
    for (let number = 2; names.has(name); number += 1) name = `${mermaidName(column.name)}_${number}`;
    names.add(name);
    const mark = marks?.get(table.id) === 'changed' ? marks.get(column.id) : undefined;
    const sign = markTexts[mark ?? 'unchanged'];
    const comment = [
      name === column.name ? '' : column.name,
      isBare || column.nullable || keys.includes('PK') ? '' : 'not null',
      partition.column === column ? partition.text : '',
    ]
      .filter((part) => part !== '')
      .join(', ');
    const marked = mark === undefined || mark === 'unchanged' ? comment : [mark, comment].filter((part) => part !== '').join(', ');
    const type = mermaidType(column.type);
    const said = [type, name, keys.join(', '), marked === '' ? '' : `"${sign}${mermaidText(marked)}"`].filter((part) => part !== '');
    return { cells: [type, name, keys.join(', '), sign + marked], line: `    ${said.join(' ')}` };
  });
}

function formText(table: TableNode): string {
  return table.form === 'table' ? '' : table.form === 'external table' ? ' (external)' : ` (${table.form})`;
}

const rowHeight = 43;

/** Draws a table. `alias` must be one that `aliasesOf` gave. */
export function entityOf(table: TableNode, alias: string, detail: Detail, catalogue: Catalogue, marks: Marks | undefined): Entity {
  const columns = shownColumns(table, detail, catalogue, marks);
  const rows = rowsOf(table, columns, detail, catalogue, marks);
  const label = `${tableTitle(table)}${formText(table)}`;
  const sign = markText(table.id, marks);
  const mark = marks?.get(table.id) ?? 'unchanged';
  const head = `  ${alias}["${sign}${mermaidText(label)}"]${mark === 'unchanged' ? '' : `:::${mark}`}`;
  const cells = [0, 1, 2, 3].map((cell) =>
    Math.max(0, ...rows.map((row) => (row.cells[cell] === '' ? 0 : textWidth(row.cells[cell] ?? '')))),
  );
  return {
    table,
    alias,
    lines: rows.length === 0 ? [head] : [`${head} {`, ...rows.map((row) => row.line), '  }'],
    hidden: catalogue.columns(table.id).length - columns.length,
    width: Math.max(
      100,
      textWidth(sign + label),
      cells.reduce((total, width) => total + width, 0),
    ),
    height: rows.length === 0 ? 84 : rowHeight * (rows.length + 1),
  };
}
