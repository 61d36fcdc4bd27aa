/** A row whose partition key is NULL has no place in ranges. */
import { isTable } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';
import { partitionColumns } from '../tables.ts';

export const nullablePartitionKey: LintRule = {
  code: 'nullable-partition-key',
  severity: 'warning',
  about: 'schema',
  title: 'A column of a partition key may be NULL.',
  explanation: [
    'NULL lies in no range, so a row with it is refused (23514) unless there is a default partition; lists need NULL written out',
    '(manual: CREATE TABLE, PARTITION OF). A nullable key also cannot be in a primary key, and a check on the bound that lets ATTACH',
    'skip its scan must then say IS NOT NULL as well (measured: with NOT NULL it need not).',
  ].join(' '),
  example: "created_at: timestamptz({ doc: 'When it was generated; the partition key.', default: sql`now()` })",
  check: ({ managed, state }) =>
    managed
      .filter(isTable)
      .flatMap((table) => partitionColumns(table, state))
      .filter(({ attributes }) => attributes.nullable)
      .map((column) => ({
        subject: column.id,
        message: `${pathText(column.path)} is in the partition key and may be NULL`,
        hint: 'take nullable: true away',
      })),
};
