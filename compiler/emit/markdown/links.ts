/**
 * Where a thing is written about, as links between the pages of docs/: tables have pages, queries and
 * decisions have headings, columns and keys belong to their table's page. No page is written here.
 */
import { parseAddress, pathText, type Address } from '../../model/address.ts';
import type { DesignDocument, DocumentNode } from '../../model/document.ts';
import type { Measurements, QueryPlan, ReferenceCheck, TableCapacity } from '../../model/workload.ts';
import { catalogueOf, tableTitle, type Catalogue } from '../catalogue.ts';
import { headingAnchor, markdownCode, markdownCodeCell, markdownLink } from '../escape/markdown.ts';
import { tableFileName } from '../file-names.ts';

/** What pages need beside the document itself; every part of it is optional. */
export interface DocumentContext {
  /** What each query uses (tables, indexes), by the query's name, where somebody found out. */
  readonly uses?: ReadonlyMap<string, readonly Address[]>;
  /** How each query is planned at the declared volumes, by its name. */
  readonly plans?: ReadonlyMap<string, QueryPlan>;
  /** What foreign keys ask when a referenced row goes. */
  readonly references?: readonly ReferenceCheck[];
  /** What was measured on servers with data. */
  readonly measurements?: readonly Measurements[];
  /** Room that tables take with all rows that are kept. */
  readonly capacity?: readonly TableCapacity[];
}

export interface Pages {
  readonly document: DesignDocument;
  readonly catalogue: Catalogue;
  readonly context: DocumentContext;
  /** A link to whatever an address or `query NAME` names, as a code span for a table's cell. */
  readonly link: (target: string) => string;
  /** The same for running text. */
  readonly textLink: (target: string) => string;
  readonly decisionLink: (name: string) => string;
}

/** Anchors of headings in their order: GitHub numbers those that repeat. */
function anchorsOf(names: readonly string[], taken: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map(taken.map((heading) => [headingAnchor(heading), 1]));
  return new Map(
    names.map((name) => {
      const base = headingAnchor(name);
      const count = counts.get(base) ?? 0;
      counts.set(base, count + 1);
      return [name, count === 0 ? base : `${base}-${count}`];
    }),
  );
}

/** The headings of the design document that stand before any decision. */
export const sectionTitles = {
  requirements: 'Requirements',
  diagram: 'Diagram',
  tables: 'Tables',
  types: 'Types',
  access: 'Access',
  routines: 'Functions and procedures',
  others: 'Other objects',
  decisions: 'Decisions',
  questions: 'Open questions',
  retention: 'Retention',
  capacity: 'Capacity',
  queries: 'Expected queries',
  reviews: 'Reviews',
} as const;

/** Where in the design document stands what is on no table's page. */
function sectionOf(node: DocumentNode): string {
  if (node.node === 'enumeration') return sectionTitles.types;
  if (node.node !== 'note' || node.topic === undefined) return sectionTitles.others;
  return node.topic === 'access' ? sectionTitles.access : sectionTitles.routines;
}

function labelOf(node: DocumentNode, catalogue: Catalogue): string {
  if (node.node === 'table') return tableTitle(node);
  const home = catalogue.home(node.id);
  if (node.node === 'row') return pathText(parseAddress(node.id)?.path ?? []);
  return node.node === 'column' && home !== undefined ? `${tableTitle(home)}.${node.name}` : node.name;
}

const queryPrefix = 'query ';

/** Prepares links for pages in docs/ (`docs`) or docs/tables/ (`tables`). */
export function pagesOf(document: DesignDocument, context: DocumentContext, folder: 'docs' | 'tables'): Pages {
  const catalogue = catalogueOf(document.nodes);
  const up = folder === 'docs' ? '' : '../';
  const toTable = folder === 'docs' ? 'tables/' : '';
  const byPath = new Map(catalogue.tables.map((table) => [`${table.schema}\0${table.name}`, table]));
  const queries = anchorsOf(
    document.queries.map((query) => query.name),
    [queriesTitle],
  );
  const decisions = anchorsOf(
    document.decisions.map((decision) => decision.name),
    [document.title, ...Object.values(sectionTitles), ...document.groups.map((group) => group.name)],
  );
  const find = (target: string, code: (text: string) => string): string => {
    if (target.startsWith(queryPrefix)) {
      const name = target.slice(queryPrefix.length);
      const anchor = queries.get(name);
      return anchor === undefined ? code(name) : markdownLink(code(name), `${up}queries.md#${encodeURIComponent(anchor)}`);
    }
    const node = catalogue.node(target);
    if (node === undefined) {
      // What no node stands for may still say in its path which table it is about: a partition rule, a comment.
      const about = byPath.get(parseAddress(target)?.path.slice(0, 2).join('\0') ?? '');
      return about === undefined ? code(target) : markdownLink(code(target), `${toTable}${tableFileName(about)}`);
    }
    const label = code(labelOf(node, catalogue));
    const home = catalogue.home(target);
    if (home !== undefined) return markdownLink(label, `${toTable}${tableFileName(home)}`);
    return markdownLink(label, `${up}README.md#${headingAnchor(sectionOf(node))}`);
  };
  return {
    document,
    catalogue,
    context,
    link: (target) => find(target, markdownCodeCell),
    textLink: (target) => find(target, markdownCode),
    decisionLink: (name) => {
      const anchor = decisions.get(name);
      return anchor === undefined
        ? markdownCodeCell(name)
        : markdownLink(markdownCodeCell(name), `${up}README.md#${encodeURIComponent(anchor)}`);
    },
  };
}

/** The heading of the page of queries. */
export const queriesTitle = 'Queries';

/** Links in a cell, one after another. */
export function linkList(targets: readonly string[], pages: Pages): string {
  return targets.map(pages.link).join(', ');
}
