/** One value for all rows that are already there. */
import { pathText } from '../../model/address.ts';
import { columnsAddedToOldTables } from '../new-columns.ts';
import type { LintRule } from '../rule.ts';

export const stableDefaultForOldRows: LintRule = {
  code: 'stable-default-for-old-rows',
  severity: 'warning',
  about: 'migration',
  title: 'Existing rows all get the time of the migration.',
  explanation: [
    'A new column with a stable default such as now() or current_user is added without a rewrite: PostgreSQL computes the default once and',
    'keeps it as the value of all existing rows (manual §5.7.1, pg_attribute.attmissingval; measured on 14 to 18). So every old row says that it was',
    'created when the migration ran. If that is not what it should say, make the column nullable, or give old rows a value by backfill.',
  ].join(' '),
  example: "created_at: timestamptz({ doc: '…', default: sql`now()`, nullable: true })",
  check: (context) =>
    columnsAddedToOldTables(context)
      .filter(({ given }) => given?.facts?.['volatility'] === 's')
      .map(({ column, given }) => ({
        subject: column.id,
        message: `existing rows all get one value of ${given?.attributes.expression ?? ''} in ${pathText(column.path)}: that of the moment of the migration`,
        hint: 'make it nullable and leave old rows without a value, or suppress this if the moment of the migration is right',
      })),
};
