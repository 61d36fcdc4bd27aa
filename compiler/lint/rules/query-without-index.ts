/** A query that reads a large table whole, and of which nobody said that it may. */
import { pathText, parseAddress } from '../../model/address.ts';
import { countText } from '../../model/figures.ts';
import type { LintRule } from '../rule.ts';

/** Reading a table of this size whole costs nothing. */
const fewRows = 10_000;

export const queryWithoutIndex: LintRule = {
  code: 'query-without-index',
  severity: 'warning',
  about: 'schema',
  title: 'No index serves a query: it reads a table whole.',
  explanation: [
    'Planned at the declared volumes, the query reads every row of a table of more than 10,000 rows, so that it takes longer with every',
    'row that is added. Where that is meant, as for a report, its budget says up to how many rows: noSeqScan: 1_000_000; beyond',
    'them compile fails. A budget with noSeqScan: true forbids it whatever the size.',
  ].join(' '),
  example: 'budget: { noSeqScan: true }',
  check: ({ plans, declared, annotation }) =>
    plans.flatMap(({ query, readWhole, budget }) => {
      const large = readWhole.filter((table) => (annotation(table).expectedRows ?? 0) > fewRows);
      const place = declared.queries.find(({ name }) => name === query)?.place;
      if (budget.noSeqScan !== undefined || large.length === 0) return [];
      const tables = large.map(
        (table) => `${pathText(parseAddress(table)?.path ?? [])} (${countText(annotation(table).expectedRows ?? 0)} rows)`,
      );
      return [
        {
          subject: `query ${query}`,
          message: `the query "${query}" reads ${tables.join(', ')} whole`,
          hint: 'add an index that serves it, or say in its budget up to how many rows it may: noSeqScan: 1_000_000',
          ...(place === undefined ? {} : { place }),
        },
      ];
    }),
};
