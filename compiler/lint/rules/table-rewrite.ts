/** A table that is there is written anew while nobody can use it. */
import { pathText } from '../../model/address.ts';
import type { LintContext, LintRule } from '../rule.ts';
import { tableAt } from '../tables.ts';

/** What the same plan makes is empty. */
function rewrittenTables({ statements, state, annotation }: LintContext) {
  const made = new Set(statements.flatMap((statement) => statement.makes));
  return statements.flatMap((statement) =>
    statement.hazards
      .filter(({ hazard, subject }) => hazard === 'rewrite' && !made.has(subject) && annotation(subject).external !== true)
      .flatMap(({ subject }) => {
        const table = tableAt(subject, state);
        return table === undefined ? [] : [{ statement, table }];
      }),
  );
}

export const tableRewrite: LintRule = {
  code: 'table-rewrite',
  severity: 'warning',
  about: 'migration',
  title: 'A statement rewrites a table.',
  explanation: [
    'Adding a stored generated column, and a change of type for which no column can stand in (docs/migrate.md has the list), write the whole',
    'table and all its indexes anew under ACCESS EXCLUSIVE: reads and writes wait for all of it (manual: ALTER TABLE, Notes; measured on 14 to 18).',
    'Do it in steps that block nothing: a new nullable column, a backfill, then the switch; or take away what stands in the way. Free are:',
    'varchar to text or a larger limit, numeric of the same scale to a larger precision.',
    'A table with expectedRows of at most 10,000 is rewritten in no time and is not reported.',
  ].join(' '),
  example: "amount_wide: bigint({ doc: '…', nullable: true })  // beside amount, until the application has moved over",
  check: (context) =>
    rewrittenTables(context).map(({ statement, table }) => ({
      subject: statement.subject,
      near: [table.id],
      message: `a statement of the migration writes all of ${pathText(table.path)} again while nobody can use it: ${statement.purpose}`,
      hint: 'go by a new column and a backfill, or say expectedRows on the table if it is small',
    })),
};
