/** json keeps text; jsonb keeps values that can be compared and indexed. */
import { pathText } from '../../model/address.ts';
import { isColumn } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';

export const jsonType: LintRule = {
  code: 'json-type',
  severity: 'warning',
  about: 'schema',
  title: 'A column is json rather than jsonb.',
  explanation: [
    'json keeps the text and parses it again at every use; it has no equality, so SELECT DISTINCT and UNION on it fail, and no',
    'B-tree index can be on it (manual §8.14). jsonb keeps the values. Changing later rewrites the table under ACCESS EXCLUSIVE',
    '(measured on 14 to 18). Keep json, with a reason, only where the exact text, key order or repeated keys matter.',
  ].join(' '),
  example: "items: jsonb<readonly Item[]>({ doc: 'What the digest shows, in order.' })",
  check: ({ managed }) =>
    managed
      .filter(isColumn)
      .filter(({ attributes }) => /^json(\[\])?$/.test(attributes.type))
      .map((column) => ({
        subject: column.id,
        message: `column ${pathText(column.path)} is json, which has no equality and no index`,
        hint: 'write jsonb(…)',
      })),
};
