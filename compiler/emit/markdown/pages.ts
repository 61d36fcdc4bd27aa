/**
 * All pages of docs/ by path: the design document, a page a table, the queries. A page that would be
 * empty is not there.
 */
import type { DesignDocument } from '../../model/document.ts';
import { tableFileName } from '../file-names.ts';
import { designDocument } from './design-document.ts';
import { pagesOf, type DocumentContext } from './links.ts';
import { queriesPage } from './queries-page.ts';
import { tablePage } from './table-page.ts';

/** A page a table, by path relative to the output folder: `docs/tables/digests.md`. */
export function tablePages(document: DesignDocument, context: DocumentContext = {}): ReadonlyMap<string, string> {
  const pages = pagesOf(document, context, 'tables');
  return new Map(pages.catalogue.tables.map((table) => [`docs/tables/${tableFileName(table)}`, tablePage(table, pages)]));
}

/** Every page by path relative to the output folder. */
export function documentPages(document: DesignDocument, context: DocumentContext = {}): ReadonlyMap<string, string> {
  const queries = queriesPage(document, context);
  return new Map([
    ['docs/README.md', designDocument(document, context)],
    ...tablePages(document, context),
    ...(queries === '' ? [] : [['docs/queries.md', queries] as const]),
  ]);
}
