/** docs/queries.md: the declared queries with what they are for and the SQL that is run. */
import type { DesignDocument } from '../../model/document.ts';
import { markdownBlock, markdownPage, markdownParagraphs, markdownSection, markdownText } from '../escape/markdown.ts';
import { pagesOf, queriesTitle, type DocumentContext } from './links.ts';

/** The page of queries; empty where none is declared. */
export function queriesPage(document: DesignDocument, context: DocumentContext = {}): string {
  if (document.queries.length === 0) return '';
  const pages = pagesOf(document, context, 'docs');
  const sections = document.queries.map((query) => {
    const uses = context.uses?.get(query.name) ?? [];
    const parts = [
      markdownParagraphs(query.purpose),
      uses.length === 0 ? '' : `Uses ${uses.map(pages.textLink).join(', ')}.`,
      markdownBlock('sql', query.sql.trim()),
    ];
    return markdownSection(2, markdownText(query.name), parts.filter((part) => part !== '').join('\n\n'));
  });
  return markdownPage([`# ${queriesTitle}`, 'The queries that the schema is designed for.', ...sections]);
}
