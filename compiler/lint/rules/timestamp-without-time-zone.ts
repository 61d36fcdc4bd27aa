/** A timestamp without a zone is not a point in time. */
import { pathText } from '../../model/address.ts';
import { isColumn } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';

export const timestampWithoutTimeZone: LintRule = {
  code: 'timestamp-without-time-zone',
  severity: 'warning',
  about: 'schema',
  title: 'A column is a timestamp without time zone.',
  explanation: [
    'timestamp without time zone (manual §8.5.1) holds what a wall clock showed somewhere; which moment it was depends on',
    'who reads it, and an hour of each autumn is there twice. timestamptz takes the same 8 bytes and holds the moment.',
    'Changing an existing column costs nothing but a catalog change if the session runs with TimeZone UTC and the',
    'statement has no USING; with USING … AT TIME ZONE the table is rewritten all the same (measured on 14 to 18).',
    'A local wall-clock time that is meant, such as "send at 08:00", is time plus a column with the zone.',
  ].join(' '),
  example: "created_at: timestamptz({ doc: 'When it was generated.', default: sql`now()` })",
  check: ({ managed }) =>
    managed
      .filter(isColumn)
      .filter(({ attributes }) => /^timestamp(\(\d\))? without time zone(\[\])?$/.test(attributes.type))
      .map((column) => ({
        subject: column.id,
        message: `column ${pathText(column.path)} is a timestamp without time zone: which moment it means depends on who reads it`,
        hint: 'write timestamptz(…)',
      })),
};
