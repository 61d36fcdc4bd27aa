/**
 * Drops a detached partition whose grace is over; where its rule says so, all of its rows are in a file
 * before. The server itself refuses to drop what the plan does not name.
 */
import { fail } from '../model/diagnostic.ts';
import { quoteText } from '../sql/quote.ts';
import { exportRows } from './export.ts';
import type { PlannedStep } from './options.ts';
import type { Rule } from './rules.ts';
import type { Maintenance } from './session.ts';
import { inTransaction } from './step.ts';

/** Exports and drops in one transaction, under a lock that keeps the table as it was exported. */
export async function dropStep(maintenance: Maintenance, step: PlannedStep, rule: Rule): Promise<void> {
  const { exportFolder } = maintenance.options;
  if (rule.exports && exportFolder === undefined) {
    fail('export-folder', `${step.relation} is to be written to a file before it is dropped, and there is no folder for it`, {
      hint: 'give one: npx schemac partitions apply --export-to FOLDER',
    });
  }
  const at = `${quoteText(maintenance.at)}::timestamptz`;
  await inTransaction(maintenance, `dropping ${step.relation}`, async (ask) => {
    if (rule.exports && exportFolder !== undefined) {
      await ask(`LOCK TABLE ${step.relation} IN SHARE MODE`);
      const { file, rows, sha256 } = await exportRows(ask, step.relation, exportFolder);
      const detail = quoteText(JSON.stringify({ file, rows, sha256 }));
      await ask(
        `INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry, detail)
         SELECT parent, ${quoteText(step.relation)}, 'exported', lower, upper, bound, ${at}, id, ${detail}::jsonb FROM schemac.partition_log WHERE id = ${step.entry ?? '0'}`,
      );
    }
    return ask(`SELECT schemac.partition_drop(${step.entry ?? '0'}, ${at})`);
  });
}
