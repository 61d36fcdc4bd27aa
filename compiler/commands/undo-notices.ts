/**
 * What an undo does not bring back: values that were lost when a migration was applied, and rows that
 * its steps wrote. Said from the files alone.
 */
import { address, parseAddress } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { MigrationFile, MigrationStep } from '../sql/migration-file.ts';
import { leadingWords } from '../sql/scan.ts';

const writers: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'copy']);

/** Notices for the migrations that are taken back, oldest first. */
export function whatStays(undone: readonly MigrationFile[], after: State, references: readonly ReferenceTable[]): readonly Diagnostic[] {
  return undone.flatMap((file) => [...lost(file, after), ...written(file, references)]);
}

function lost({ name, allows }: MigrationFile, after: State): readonly Diagnostic[] {
  return allows.flatMap((allowance) => {
    const subject = /^data-loss (.*)$/s.exec(allowance)?.[1];
    if (subject === undefined || !after.has(subject)) return [];
    return [
      {
        code: 'undo-not-restored',
        severity: 'notice' as const,
        subject,
        message: `${subject} comes back without what was in it: that was lost when ${name} was applied`,
        hint: 'only a backup has it',
      },
    ];
  });
}

function written({ name, transactions }: MigrationFile, references: readonly ReferenceTable[]): readonly Diagnostic[] {
  return transactions
    .flatMap(({ steps }) => steps)
    .filter((step) => writesRows(step, references))
    .map((step) => ({
      code: 'undo-not-restored',
      severity: 'notice' as const,
      message: `rows that step ${String(step.number)} of ${name} wrote stay as they are, but for what is dropped: ${step.purpose}`,
    }));
}

/** Rows of lookup tables are objects, and are taken back; what is in our own schema is no row of anybody's. */
function writesRows({ sql, step }: MigrationStep, references: readonly ReferenceTable[]): boolean {
  const [first = ''] = leadingWords(sql, 1);
  const target = /^(?:insert\s+into|update|delete\s+from)\s+(?:only\s+)?(\S+)/i.exec(sql.trim())?.[1] ?? '';
  if (target.startsWith('schemac.')) return false;
  const { path = [] } = parseAddress(`table ${target}`) ?? {};
  if (references.some(({ table }) => table === address('table', ...path))) return false;
  return step === 'backfill' || writers.has(first);
}
