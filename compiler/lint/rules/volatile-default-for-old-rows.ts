/** Every row that is already there is written again, each with a value of its own. */
import { pathText } from '../../model/address.ts';
import { columnsAddedToOldTables } from '../new-columns.ts';
import type { LintRule } from '../rule.ts';

export const volatileDefaultForOldRows: LintRule = {
  code: 'volatile-default-for-old-rows',
  severity: 'warning',
  about: 'migration',
  title: 'Existing rows are all written again to give them a volatile default.',
  explanation: [
    'ADD COLUMN with a volatile default (gen_random_uuid(), random(), clock_timestamp(), nextval) rewrites the table and rebuilds all its',
    'indexes under ACCESS EXCLUSIVE (manual §5.7.1; measured on 14 to 18). The migration therefore adds the column empty, sets the default,',
    'and fills old rows in small batches; every row is still written once, which takes time and leaves dead rows for vacuum.',
    'A backfill that is written out says which value old rows should have; nullable: true with no backfill is not enough, as the default fills them.',
  ].join(' '),
  example: "token: uuid({ doc: '…', default: sql`gen_random_uuid()`, backfill: sql`gen_random_uuid()` })",
  check: (context) =>
    columnsAddedToOldTables(context)
      .filter(({ column, given }) => given?.facts?.['volatility'] === 'v' && context.annotation(column.id).backfill === undefined)
      .map(({ column, given }) => ({
        subject: column.id,
        message: `every existing row is written again to give ${pathText(column.path)} a value of ${given?.attributes.expression ?? ''}`,
        hint: 'say which value old rows get: backfill: sql`…`; the same expression, if it is meant',
      })),
};
