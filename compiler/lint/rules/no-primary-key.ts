/** Rows that have no key cannot be named. */
import { isTable } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';
import { primaryKeyOf } from '../tables.ts';

export const noPrimaryKey: LintRule = {
  code: 'no-primary-key',
  severity: 'warning',
  about: 'schema',
  title: 'A table has no primary key.',
  explanation: [
    'Without a primary key two equal rows cannot be told apart, a single one cannot be corrected, and logical replication refuses',
    'UPDATE and DELETE on a published table unless REPLICA IDENTITY FULL is set, which compares whole rows (manual §29.1.1).',
    'An append-only log can go without, with a reason. Adding one to a large table later needs NOT NULL checks and a',
    'concurrent index first, and on a partitioned table a constraint in each partition.',
  ].join(' '),
  example: "primaryKey: ['id', 'created_at']",
  check: ({ managed, state }) =>
    managed
      .filter(isTable)
      .filter(({ id }) => primaryKeyOf(id, state) === undefined)
      .map((table) => ({
        subject: table.id,
        message: `table ${pathText(table.path)} has no primary key`,
        hint: "declare one: primaryKey: ['id']",
      })),
};
