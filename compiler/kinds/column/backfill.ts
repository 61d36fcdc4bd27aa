/**
 * Gives existing rows the value of a new column, a range of pages at a time with a commit after
 * each, so that no row stays locked for long and vacuum can follow. TID ranges (14 and later) make
 * each batch read its own pages only; rows written meanwhile are caught by the last round.
 */
import { pathText } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { dollarQuote, qualifiedName, quoteName, quoteText } from '../../sql/quote.ts';
import { hazard } from '../statements.ts';
import type { Column } from './object.ts';

const pagesInBatch = 500;

export function backfillColumn(column: Column, expression: string, needs: readonly string[]): Statement {
  const table = qualifiedName(column.path.slice(0, 2));
  const name = quoteName(column.path[2] ?? '');
  const update = `UPDATE ${table} SET ${name} = ${expression} WHERE ${name} IS NULL`;
  const body = `
DECLARE
  page bigint := 0;
  pages bigint;
BEGIN
  SELECT coalesce(max(pg_relation_size(relid)), 0) / current_setting('block_size')::bigint + 1 INTO pages
    FROM pg_partition_tree(${quoteText(table)}::regclass) WHERE isleaf;
  IF pages = 1 THEN
    SELECT pg_relation_size(${quoteText(table)}::regclass) / current_setting('block_size')::bigint + 1 INTO pages;
  END IF;
  WHILE page <= pages LOOP
    ${update}
      AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + ${pagesInBatch})::tid;
    page := page + ${pagesInBatch};
    COMMIT;
  END LOOP;
  ${update};
END
`;
  return statement({
    sql: `DO ${dollarQuote(body)}`,
    purpose: `Fill ${pathText(column.path)} of existing rows, ${pagesInBatch} pages at a time.`,
    subject: column.id,
    step: 'backfill',
    needs: [column.id, ...needs],
    hazards: [hazard('long-scan', column.partOf ?? column.id, 'every row without the value is updated, in small transactions')],
  });
}
