/**
 * docs/tables/<table>.md: everything about one table on one page, with links both ways along its
 * references. Partitions are one row, never a list: they come and go without a migration.
 */
import type { EdgeNode, KeyNode, TableNode } from '../../model/document.ts';
import { tableTitle } from '../catalogue.ts';
import {
  markdownBlock,
  markdownCell,
  markdownCode,
  markdownCodeCell,
  markdownLink,
  markdownPage,
  markdownParagraphs,
  markdownSection,
  markdownTable,
  markdownText,
} from '../escape/markdown.ts';
import { withNeighbours } from '../mermaid/diagrams.ts';
import { drawDiagram } from '../mermaid/er-diagram.ts';
import { indexSize } from './capacity.ts';
import type { Pages } from './links.ts';

function facts(table: TableNode): string {
  return [
    table.form === 'table'
      ? ''
      : `- Form: ${table.form}${table.form === 'external table' ? '; its owner changes it, our migrations never do' : ''}`,
    table.owner === undefined ? '' : `- Owner: ${markdownText(table.owner)}`,
    table.group === undefined ? '' : `- Group: ${markdownText(table.group)}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function columns(table: TableNode, pages: Pages): string {
  const rows = pages.catalogue
    .columns(table.id)
    .map((column) => [
      markdownCodeCell(column.name),
      column.enumeration === undefined || pages.catalogue.node(column.enumeration) === undefined
        ? markdownCodeCell(column.type)
        : markdownLink(markdownCodeCell(column.type), '../README.md#types'),
      column.nullable ? 'null' : 'not null',
      column.value === undefined ? '' : markdownCodeCell(column.value),
      markdownCell(column.doc ?? ''),
      markdownCell(column.pii ?? ''),
    ]);
  return markdownTable(['Column', 'Type', 'Null', 'Default', 'Purpose', 'Personal data'], rows);
}

function keyOn(key: KeyNode): string {
  const include = key.include.length === 0 ? '' : ` include (${key.include.join(', ')})`;
  const where = key.where === undefined ? '' : ` where ${key.where}`;
  return markdownCodeCell(`${key.on.map((item) => item.text).join(', ')}${include}${where}`);
}

/** The requirements that name the key, and the queries that are known to use it. */
function serves(key: KeyNode, pages: Pages): string {
  const wanted = pages.document.requirements.filter((requirement) => requirement.metBy.includes(key.id));
  const used = pages.document.queries.filter((query) => pages.context.uses?.get(query.name)?.includes(key.id) ?? false);
  const asked = (pages.context.references ?? []).filter(({ plan }) => plan.indexes.includes(key.id));
  return [
    ...wanted.map((requirement) => markdownLink(markdownCodeCell(requirement.name), '../README.md#requirements')),
    ...used.map((query) => pages.link(`query ${query.name}`)),
    ...asked.map(({ foreignKey }) => `foreign key ${pages.link(foreignKey)}`),
  ].join(', ');
}

function keys(table: TableNode, pages: Pages): string {
  const rows = pages.catalogue
    .keys(table.id)
    .map((key) => [
      markdownCodeCell(key.name),
      key.method === 'btree' || key.method === '' ? key.form : `${key.form} (${markdownText(key.method)})`,
      keyOn(key),
      markdownCell(key.doc ?? ''),
      serves(key, pages),
      indexSize(key.id, pages),
    ]);
  const isSized = rows.some((row) => row.at(-1) !== '');
  const headings = ['Name', 'Form', 'On', 'Purpose', 'Serves'];
  return isSized
    ? markdownTable([...headings, 'Size'], rows)
    : markdownTable(
        headings,
        rows.map((row) => row.slice(0, -1)),
      );
}

function notes(table: TableNode, pages: Pages): string {
  const all = pages.catalogue.notes(table.id).filter((note) => note.topic === undefined);
  const isMixed = new Set(all.map((note) => note.title)).size > 1;
  const rows = all.map((note) => [
    markdownCodeCell(note.name),
    isMixed ? markdownCell(note.title) : '',
    markdownCodeCell(note.definition),
    markdownCell(note.doc ?? ''),
  ]);
  const title = isMixed || all[0]?.title !== 'check' ? 'Rules' : 'Checks';
  return markdownSection(2, title, markdownTable(['Name', 'Form', 'Definition', 'Purpose'], rows));
}

/** The declared rows of a lookup table. */
function rows(table: TableNode, pages: Pages): string {
  const all = pages.catalogue.rows(table.id);
  const names = Object.keys(all[0]?.values ?? {});
  const cell = (value: string | null | undefined): string => (value === null || value === undefined ? '' : markdownCell(value));
  return markdownTable(
    names.map(markdownCodeCell),
    all.map(({ values }) => names.map((name) => cell(values[name]))),
  );
}

/** Policies, privileges and the owner: who may do what. */
function access(table: TableNode, pages: Pages): string {
  const security = table.rowSecurity === undefined ? '' : `Row-level security is ${table.rowSecurity}.`;
  const rows = pages.catalogue
    .notes(table.id)
    .filter((note) => note.topic === 'access')
    .map((note) => [
      markdownCodeCell(note.name),
      markdownCell(note.title),
      markdownCodeCell(note.definition),
      markdownCell(note.doc ?? ''),
    ]);
  const parts = [markdownText(security), markdownTable(['Name', 'Form', 'May', 'Purpose'], rows)];
  return markdownSection(2, 'Access', parts.filter((part) => part !== '').join('\n\n'));
}

function partitions(table: TableNode, pages: Pages): string {
  const kept = pages.document.retention
    .filter((entry) => entry.table === table.id && entry.text !== table.partition)
    .map((entry) => markdownCell(entry.text));
  return table.partition === undefined ? '' : markdownTable(['Rule', 'Kept'], [[markdownCell(table.partition), kept.join('; ')]]);
}

function edgeCells(edge: EdgeNode, other: string, own: readonly string[], theirs: readonly string[]): readonly string[] {
  const actions = [
    edge.onDelete === undefined ? '' : `on delete ${edge.onDelete.toLowerCase()}`,
    edge.onUpdate === undefined ? '' : `on update ${edge.onUpdate.toLowerCase()}`,
  ];
  return [
    markdownCodeCell(own.join(', ')),
    `${other} ${markdownCodeCell(theirs.join(', '))}`,
    `${edge.cardinality === 'one' ? 'one' : 'many'} to ${edge.optional ? 'none or one' : 'one'}`,
    edge.form === 'soft reference'
      ? 'not enforced'
      : [markdownCodeCell(edge.name), ...actions.filter((text) => text !== '').map(markdownText)].join(', '),
    markdownCell(edge.doc ?? ''),
  ];
}

function references(table: TableNode, pages: Pages): string {
  const out = pages.catalogue.edgesFrom(table.id).map((edge) => edgeCells(edge, pages.link(edge.to), edge.fromColumns, edge.toColumns));
  const back = pages.catalogue.edgesTo(table.id).map((edge) => edgeCells(edge, pages.link(edge.from), edge.toColumns, edge.fromColumns));
  return [
    markdownSection(3, 'To other tables', markdownTable(['Columns', 'Refers to', 'Rows', 'Enforced by', 'Purpose'], out)),
    markdownSection(3, 'From other tables', markdownTable(['Columns', 'Referred to by', 'Rows', 'Enforced by', 'Purpose'], back)),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function diagram(table: TableNode, pages: Pages): string {
  const tables = withNeighbours(new Set([table.id]), pages.catalogue);
  if (tables.length === 1 && !pages.catalogue.edgesFrom(table.id).some((edge) => edge.to === table.id)) return '';
  const title = `${tableTitle(table)} and its neighbours`;
  const { text, omitted } = drawDiagram({
    document: pages.document,
    tables,
    focus: [table.id],
    title,
    description: `The references of ${tableTitle(table)}.`,
  });
  return [markdownBlock('mermaid', text), omitted].filter((part) => part !== '').join('\n\n');
}

/** The addresses that a page of a table speaks of: the table and all that stands in it. */
function subjectsOf(table: TableNode, pages: Pages): ReadonlySet<string> {
  return new Set(pages.catalogue.members(table.id).map((node) => node.id));
}

function considerations(table: TableNode, pages: Pages): string {
  const subjects = subjectsOf(table, pages);
  const isAbout = (item: { readonly concerns: readonly string[] }): boolean => item.concerns.some((concern) => subjects.has(concern));
  const asked = pages.document.openQuestions.filter(isAbout);
  const used = pages.document.queries.filter((query) => pages.context.uses?.get(query.name)?.some((id) => subjects.has(id)) ?? false);
  const list = (title: string, lines: readonly string[]): string => markdownSection(2, title, lines.join('\n'));
  return [
    list(
      'Queries',
      used.map((query) => `- ${pages.textLink(`query ${query.name}`)}: ${markdownText(query.purpose)}`),
    ),
    list(
      'Decisions',
      pages.document.decisions
        .filter(isAbout)
        .map((decision) => `- ${pages.decisionLink(decision.name)}: ${markdownText(decision.decision)}`),
    ),
    list(
      'Open questions',
      [...asked.filter((question) => question.blocking), ...asked.filter((question) => !question.blocking)].map(
        (question) =>
          `- ${markdownText(question.question)} (${question.blocking ? '**blocks a release**, ' : ''}asked of ${markdownText(question.owner)})`,
      ),
    ),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

/** One table's page. */
export function tablePage(table: TableNode, pages: Pages): string {
  return markdownPage([
    `# ${markdownCode(tableTitle(table))}`,
    markdownLink('All tables', '../README.md'),
    markdownParagraphs(table.doc ?? ''),
    facts(table),
    markdownSection(2, 'Columns', columns(table, pages)),
    markdownSection(2, 'Keys and indexes', keys(table, pages)),
    notes(table, pages),
    markdownSection(2, 'Rows', rows(table, pages)),
    access(table, pages),
    markdownSection(2, 'Partitions', partitions(table, pages)),
    markdownSection(2, 'References', references(table, pages)),
    markdownSection(2, 'Diagram', diagram(table, pages)),
    considerations(table, pages),
    table.definition === undefined ? '' : markdownSection(2, 'Definition', markdownBlock('sql', table.definition)),
  ]);
}
