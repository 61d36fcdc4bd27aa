/** char(n) pads with blanks and saves nothing. */
import { pathText } from '../../model/address.ts';
import { isColumn, isDomain } from '../../kinds/guards.ts';
import type { LintRule } from '../rule.ts';

export const charType: LintRule = {
  code: 'char-type',
  severity: 'warning',
  about: 'schema',
  title: 'A column or domain is char(n).',
  explanation: [
    'character(n) is padded with blanks to its length, the blanks count in storage and not in comparisons, and LIKE and regular',
    'expressions see them (manual §8.3). It is no faster than text. Leaving it later rewrites the whole table under an',
    'ACCESS EXCLUSIVE lock: char(n) to text, varchar or another char is a rewrite on 14 to 18 (measured), with all indexes.',
    'Write text; where the length matters, a check that says so.',
  ].join(' '),
  example:
    "country: text({ doc: 'ISO 3166-1 code.' })  …  checks: { users_country_check: { expression: sql`length(country) = 2`, doc: 'ISO codes have two letters.' } }",
  check: ({ managed }) =>
    managed
      .filter((object) => (isColumn(object) || isDomain(object)) && /^character\(\d+\)(\[\])?$/.test(object.attributes.type))
      .map((object) => ({
        subject: object.id,
        message: `${pathText(object.path)} is char(n), which is padded with blanks`,
        hint: 'write text(…), with a check where the length matters',
      })),
};
