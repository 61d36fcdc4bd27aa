/** What the bench found, in lines: a table of times, and beneath it where and on what it was measured. */
import type { DeclaredSchema } from '../model/declared.ts';
import { countText, millisecondsText } from '../model/figures.ts';
import type { Measurements, QueryMeasurement } from '../model/workload.ts';

const headings = ['query', 'p50', 'p95', 'p99', 'a second', 'pages', 'pgbench', 'plan', 'budget'];

export function benchLines(measured: Measurements, declared: DeclaredSchema): readonly string[] {
  const rows = [headings, ...measured.queries.map((query) => cellsOf(query, declared))];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 || column > 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const { rows: seconds, indexes, vacuum } = measured.filled;
  const total = Object.values(measured.rows).reduce((sum, each) => sum + each, 0);
  return [
    ...table,
    '',
    `${measured.server}, ${measured.hardware}; ${measured.clients} clients`,
    `${countText(total)} rows made in ${seconds.toFixed(1)} s, keys and indexes in ${indexes.toFixed(1)} s, vacuumed in ${vacuum.toFixed(1)} s`,
  ];
}

function cellsOf(query: QueryMeasurement, declared: DeclaredSchema): readonly string[] {
  const under = declared.queries.find(({ name }) => name === query.query)?.use.budget.under;
  return [
    query.query,
    millisecondsText(query.p50),
    millisecondsText(query.p95),
    millisecondsText(query.p99),
    countText(query.perSecond),
    countText(query.buffers),
    query.pgbench === undefined ? '' : millisecondsText(query.pgbench),
    query.isAsPredicted ? 'as predicted' : 'another',
    under === undefined ? '' : `under ${under}`,
  ];
}
