/** A default of nextval is what serial was; identity is the standard and keeps its sequence to itself. */
import { isDefault } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintRule } from '../rule.ts';

export const serialDefault: LintRule = {
  code: 'serial-default',
  severity: 'warning',
  about: 'schema',
  title: 'A column takes its number from a sequence by default.',
  explanation: [
    'A serial column is a column with DEFAULT nextval and a sequence beside it (manual §8.1.4). The sequence needs its own GRANT,',
    'is copied by LIKE into a shared counter, keeps its type when the column becomes bigint, and a given value goes unnoticed until it',
    'collides. An identity column (manual §5.3) is standard SQL, owns its sequence, and refuses given values with "always".',
    'Changing serial to identity is quick: the steps only touch the catalogs (measured).',
  ].join(' '),
  example: "id: bigint({ identity: 'always', doc: 'Number of the send.' })",
  check: ({ managed }) =>
    managed
      .filter(isDefault)
      .filter(({ attributes }) => /^nextval\(/.test(attributes.expression))
      .map((given) => ({
        subject: given.id,
        message: `column ${pathText(given.path)} takes its number from a sequence by default`,
        hint: "write identity: 'always' (or 'by default') instead of the default and the sequence",
      })),
};
