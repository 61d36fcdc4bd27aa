/** Keys of 2 or 4 bytes run out, and widening them later rewrites the table. */
import type { Column } from '../../kinds/column/object.ts';
import { isColumn } from '../../kinds/guards.ts';
import { pathText } from '../../model/address.ts';
import type { LintContext, LintRule } from '../rule.ts';
import { primaryKeyOf } from '../tables.ts';

const limits: { readonly [type: string]: string } = { smallint: '32,767', integer: '2,147,483,647' };
/** A table that says it stays below this has room enough. */
const fewRows = 1_000_000;

function isKey(column: Column, { state }: LintContext): boolean {
  const key = primaryKeyOf(column.partOf ?? '', state)?.attributes.columns ?? [];
  return column.attributes.identity !== undefined || (key.length === 1 && key[0] === column.path.at(-1));
}

export const integerKey: LintRule = {
  code: 'integer-key',
  severity: 'warning',
  about: 'schema',
  title: 'A primary key or identity column is smaller than bigint.',
  explanation: [
    'An integer ends at 2,147,483,647 and a smallint at 32,767 (manual §8.1); numbers of rolled-back inserts are used up as well.',
    'When it ends, inserts fail, and int to bigint rewrites the table and its indexes under ACCESS EXCLUSIVE (measured on 14 to 18),',
    'together with every referencing column. bigint costs 4 bytes a row, often none because of alignment.',
    'A table that says it stays small (expectedRows below a million) is not asked, unless the type cannot hold even that.',
  ].join(' '),
  example: "id: bigint({ identity: 'always', doc: 'Number of the send.' })",
  check: (context) =>
    context.managed.filter(isColumn).flatMap((column) => {
      const limit = limits[column.attributes.type];
      const rows = context.annotation(column.partOf ?? '').expectedRows ?? Number.POSITIVE_INFINITY;
      const fits = column.attributes.type === 'smallint' ? rows < 10_000 : rows < fewRows;
      if (limit === undefined || fits || !isKey(column, context)) return [];
      return [
        {
          subject: column.id,
          message: `the key ${pathText(column.path)} is ${column.attributes.type} and ends at ${limit}`,
          hint: 'write bigint(…), or say expectedRows on the table if it stays small',
        },
      ];
    }),
};
