/** What was measured of a query, in a table beside its budget, with the machine that it was measured on. */
import { bytesText, countText, millisecondsOf, millisecondsText } from '../../model/figures.ts';
import type { QueryPlan } from '../../model/workload.ts';
import { markdownCell, markdownTable } from '../escape/markdown.ts';
import type { Pages } from './links.ts';

/** Empty where nobody has measured the query. */
export function measuredParts({ query, tables, budget }: QueryPlan, { context, link }: Pages): readonly string[] {
  const most = budget.under === undefined ? undefined : millisecondsOf(budget.under);
  const rows = (context.measurements ?? []).flatMap(({ queries, rows: counts, date, server, hardware, clients }) => {
    const found = queries.find((each) => each.query === query);
    if (found === undefined) return [];
    const data = tables.flatMap((id) => (counts[id] === undefined ? [] : [`${countText(counts[id])} in ${link(id)}`])).join(', ');
    const p99 = millisecondsText(found.p99);
    const verdict = most === undefined ? p99 : `**${p99}**, ${found.p99 <= most ? 'within' : 'over'} ${budget.under ?? ''}`;
    return [
      [
        data,
        millisecondsText(found.p50),
        millisecondsText(found.p95),
        verdict,
        `${countText(found.perSecond)} by ${clients} clients`,
        `${countText(found.buffers)} (${bytesText(found.buffers * 8192)})`,
        markdownCell(`${server}, ${hardware}, ${date}`),
      ],
    ];
  });
  const headings = ['Measured with rows', 'Half of the calls', '95 of 100', '99 of 100', 'Calls a second', 'Pages', 'On'];
  return rows.length === 0 ? [] : [markdownTable(headings, rows)];
}
