/** A length limit is cheaper to change in a check than in the type. */
import { pathText } from '../../model/address.ts';
import { isColumn } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';

export const varcharLimit: LintRule = {
  code: 'varchar-limit',
  severity: 'notice',
  about: 'schema',
  title: 'A column is varchar(n).',
  explanation: [
    'text and varchar(n) are stored alike (manual §8.3); only changing the limit differs. Narrowing it, or adding one to text,',
    'rewrites the table. Widening is free on a plain table, but scans it under ACCESS EXCLUSIVE when a check names the column,',
    'and on a partitioned table rebuilds the inherited index of every partition under that lock (measured on 15 and 18: 50,000 rows',
    'scanned, a new file each). A check can be added NOT VALID, validated without blocking, and replaced at any time.',
  ].join(' '),
  example:
    "subject: text({ doc: 'Subject line as sent.' })  …  checks: { digests_subject_check: { expression: sql`length(subject) <= 200`, doc: 'Longer ones are cut by mail clients.' } }",
  check: ({ managed }) =>
    managed
      .filter(isColumn)
      .filter(({ attributes }) => /^character varying\(\d+\)(\[\])?$/.test(attributes.type))
      .map((column) => ({
        subject: column.id,
        message: `column ${pathText(column.path)} has its length limit in the type, where it is costly to change`,
        hint: 'write text(…) and a check on length(…)',
      })),
};
