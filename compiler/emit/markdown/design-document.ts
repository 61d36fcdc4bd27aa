/**
 * docs/README.md: the design as a reviewing team reads it, from purpose to reviews. Every fact comes
 * from the declarations; sections of which nothing was declared vanish.
 */
import type { Decision, DesignDocument, TableNode } from '../../model/document.ts';
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
import { groupFileNames } from '../file-names.ts';
import { overviewDiagram, partDiagram, partsOf } from '../mermaid/diagrams.ts';
import { capacitySection } from './capacity.ts';
import { coverageLine } from './coverage.ts';
import { linkList, pagesOf, sectionTitles, type DocumentContext, type Pages } from './links.ts';

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What a reviewer must know before reading on: what blocks a release, what nobody meets, what is stale. */
function status({ document, catalogue }: Pages): string {
  const blocking = document.openQuestions.filter((question) => question.blocking).length;
  const unmet = document.requirements.filter((requirement) => requirement.metBy.length === 0).length;
  const stale = document.reviews.filter((review) => review.stale).length;
  const own = catalogue.tables.filter((table) => table.form !== 'external table').length;
  const external = catalogue.tables.length - own;
  return [
    `- ${count(own, 'table')}${external === 0 ? '' : `, and ${count(external, 'table')} of other teams`}.`,
    coverageLine(catalogue) === '' ? '' : `- ${coverageLine(catalogue)}`,
    unmet === 0 ? '' : `- **${count(unmet, 'requirement')} met by nothing yet.**`,
    blocking === 0 ? '' : `- **${count(blocking, 'open question')} must be answered before a release.**`,
    stale === 0 ? '' : `- **${count(stale, 'review')} stale:** what was reviewed has changed since.`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function requirements(pages: Pages): string {
  const rows = pages.document.requirements.map((requirement) => [
    markdownCodeCell(requirement.name),
    markdownCell(requirement.text),
    requirement.metBy.length === 0 ? '**nothing yet**' : linkList(requirement.metBy, pages),
  ]);
  return markdownTable(['Requirement', 'What is asked', 'Met by'], rows);
}

function diagram({ document, catalogue }: Pages): string {
  if (catalogue.tables.length === 0) return '';
  const overview = overviewDiagram(document);
  const parts = partsOf(document, catalogue);
  const files = groupFileNames(parts.map((part) => part.name));
  const links = parts.map((part) => markdownLink(markdownText(part.name), `../erd/${files.get(part.name) ?? ''}.mmd`));
  const reading =
    'Dashed lines are references that the database does not enforce. Indexes, checks and partition rules are on the pages of the tables.';
  return [
    markdownBlock('mermaid', overview.text),
    [overview.omitted, reading].filter((text) => text !== '').join(' '),
    links.length === 0 ? '' : `By group: ${links.join(', ')}.`,
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function tableRows(tables: readonly TableNode[], pages: Pages): string {
  const rows = tables.map((table) => [
    pages.link(table.id),
    markdownCell(table.doc ?? ''),
    table.form === 'table' ? '' : table.form === 'external table' ? 'external' : table.form,
    markdownCell(table.owner ?? ''),
    markdownCell(table.partition ?? ''),
  ]);
  return markdownTable(['Table', 'Purpose', 'Form', 'Owner', 'Partitions'], rows);
}

function tables(pages: Pages): string {
  const { document, catalogue } = pages;
  const known = new Set(document.groups.map((group) => group.name));
  const undeclared = [
    ...new Set(catalogue.tables.flatMap((table) => (table.group === undefined || known.has(table.group) ? [] : [table.group]))),
  ];
  const groups = [...document.groups, ...undeclared.map((name): { name: string; doc?: string } => ({ name }))];
  const isOverviewComplete = overviewDiagram(document).omitted === '';
  const parts = partsOf(document, catalogue);
  const sections = groups.map((group) => {
    const members = catalogue.tables.filter((table) => table.group === group.name);
    const body = tableRows(members, pages);
    // What the overview has no room for is drawn here, but for tables that other teams know better.
    const part =
      isOverviewComplete || members.every((table) => table.form === 'external table')
        ? undefined
        : parts.find((item) => item.name === group.name);
    const drawn = part === undefined ? undefined : partDiagram(part, document, catalogue);
    const picture = drawn === undefined ? [] : [markdownBlock('mermaid', drawn.text), drawn.omitted];
    return body === ''
      ? ''
      : markdownSection(
          3,
          markdownText(group.name),
          [markdownParagraphs(group.doc ?? ''), body, ...picture].filter((text) => text !== '').join('\n\n'),
        );
  });
  const rest = tableRows(
    catalogue.tables.filter((table) => table.group === undefined),
    pages,
  );
  const hasGroups = sections.some((section) => section !== '');
  return [...sections, hasGroups ? markdownSection(3, 'Tables of no group', rest) : rest].filter((section) => section !== '').join('\n\n');
}

function types({ catalogue }: Pages): string {
  const rows = catalogue.enumerations.map((node) => [
    markdownCodeCell(tableTitle({ ...node, node: 'table', form: 'table' })),
    node.form,
    node.values.map(markdownCodeCell).join(', '),
    markdownCell(node.doc ?? ''),
  ]);
  return markdownTable(['Type', 'Form', 'Values', 'Purpose'], rows);
}

/** Who may do what with what is no table, and with what is made later. */
function access({ catalogue }: Pages): string {
  const rows = catalogue.looseNotes
    .filter((note) => note.topic === 'access')
    .map((note) => [markdownCodeCell(note.name), markdownCell(note.title), markdownCodeCell(note.definition)]);
  return markdownTable(['Who and what', 'Form', 'May'], rows);
}

/** What runs in the database and belongs to no table, a line each; the change reports have the bodies. */
function routines({ catalogue }: Pages): string {
  const rows = catalogue.looseNotes
    .filter((note) => note.topic === 'routine')
    .map((note) => [markdownCodeCell(note.name), note.title, markdownCodeCell(note.summary ?? ''), markdownCell(note.doc ?? '')]);
  return markdownTable(['Name', 'Form', 'Is', 'Purpose'], rows);
}

function others({ catalogue }: Pages): string {
  return catalogue.looseNotes
    .filter((note) => note.topic === undefined)
    .map((note) => {
      const head = `**${markdownText(note.title)}** ${markdownCode(note.name)}${note.doc === undefined ? '' : `: ${markdownText(note.doc)}`}`;
      return [head, note.definition === '' ? '' : markdownBlock('sql', note.definition)].filter((text) => text !== '').join('\n\n');
    })
    .join('\n\n');
}

function decision(item: Decision, pages: Pages): string {
  const alternatives = item.alternatives.map((alternative) => `  - ${markdownText(alternative)}`);
  const lines = [
    `- **Question:** ${markdownText(item.question)}`,
    `- **Decision:** ${markdownText(item.decision)}`,
    `- **Why:** ${markdownText(item.because)}`,
    ...(alternatives.length === 0 ? [] : ['- **Alternatives:**', ...alternatives]),
    `- **Decided on:** ${markdownText(item.decidedOn)}`,
    ...(item.concerns.length === 0 ? [] : [`- **Concerns:** ${item.concerns.map(pages.textLink).join(', ')}`]),
  ];
  return markdownSection(3, markdownText(item.name), lines.join('\n'));
}

function questions(pages: Pages): string {
  const blockingFirst = [
    ...pages.document.openQuestions.filter((question) => question.blocking),
    ...pages.document.openQuestions.filter((question) => !question.blocking),
  ];
  const rows = blockingFirst.map((question) => [
    question.blocking ? '**yes**' : 'no',
    markdownCell(question.question),
    markdownCell(question.owner),
    linkList(question.concerns, pages),
  ]);
  return markdownTable(['Blocks release', 'Question', 'Asked of', 'Concerns'], rows);
}

function queries(pages: Pages): string {
  const rows = pages.document.queries.map((query) => [
    pages.link(`query ${query.name}`),
    markdownCell(query.purpose),
    linkList(pages.context.uses?.get(query.name) ?? [], pages),
  ]);
  return markdownTable(['Query', 'Purpose', 'Uses'], rows);
}

function reviews(pages: Pages): string {
  const rows = pages.document.reviews.map((review) => [
    markdownCell(review.reviewer),
    markdownCell(review.on),
    `${review.verdict}${review.stale ? ' (**stale**: changed since)' : ''}`,
    linkList(review.concerns, pages),
    markdownCell(review.note ?? ''),
  ]);
  return markdownTable(['Reviewer', 'On', 'Verdict', 'Looked at', 'Note'], rows);
}

/** The design document, `docs/README.md`. The same document gives the same bytes. */
export function designDocument(document: DesignDocument, context: DocumentContext = {}): string {
  const pages = pagesOf(document, context, 'docs');
  const retention = document.retention.map(({ table, text }) => [pages.link(table), markdownCell(text)]);
  return markdownPage([
    `# ${markdownText(document.title)}`,
    '*Made by schemac from the declarations; an edit here would be lost.*',
    markdownParagraphs(document.purpose),
    status(pages),
    markdownSection(2, sectionTitles.requirements, requirements(pages)),
    markdownSection(2, sectionTitles.diagram, diagram(pages)),
    markdownSection(2, sectionTitles.tables, tables(pages)),
    markdownSection(2, sectionTitles.routines, routines(pages)),
    markdownSection(2, sectionTitles.types, types(pages)),
    markdownSection(2, sectionTitles.access, access(pages)),
    markdownSection(2, sectionTitles.others, others(pages)),
    markdownSection(2, sectionTitles.decisions, document.decisions.map((item) => decision(item, pages)).join('\n\n')),
    markdownSection(2, sectionTitles.questions, questions(pages)),
    markdownSection(2, sectionTitles.retention, markdownTable(['Table', 'Kept'], retention)),
    markdownSection(2, sectionTitles.capacity, capacitySection(pages)),
    markdownSection(2, sectionTitles.queries, queries(pages)),
    markdownSection(2, sectionTitles.reviews, reviews(pages)),
  ]);
}
