/**
 * What loses data or cannot be taken back needs a word: `--allow data-loss:ADDRESS`. Without it the
 * compile stops and prints the exact flag, and the line to write if a rename was meant.
 */
import { kindOf } from '../kinds/registry.ts';
import type { Change } from '../model/change.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { DiagnosticError, type Diagnostic, type Place } from '../model/diagnostic.ts';
import type { Statement } from '../model/statement.ts';

/** The allowances that the plan needs and has, as the migration's head records them; throws where one is missing. */
export function refuseUnlessAllowed(
  statements: readonly Statement[],
  changes: readonly Change[],
  given: readonly string[],
  declared: DeclaredSchema,
  placeOf: (statement: Statement) => Place | undefined = () => undefined,
): readonly string[] {
  const losses = statements.flatMap((statement) =>
    statement.hazards.flatMap((hazard) => (hazard.hazard === 'data-loss' ? [{ ...hazard, place: placeOf(statement) }] : [])),
  );
  const missing = losses.filter((loss) => !given.includes(`${loss.hazard}:${loss.subject}`));
  if (missing.length > 0) {
    throw new DiagnosticError(
      missing.map((loss): Diagnostic => {
        const rename = renameHint(loss.subject, changes, declared);
        const place = loss.place ?? rename.place;
        const flag = `--allow '${loss.hazard}:${loss.subject}'`;
        return {
          code: 'data-loss',
          severity: 'error',
          message: `the migration would lose data: ${loss.reason} (${loss.subject})`,
          subject: loss.subject,
          ...(place === undefined ? {} : { place }),
          hint:
            rename.hint === undefined
              ? `if you mean it: npm run compile -- ${flag}`
              : `${rename.hint}; if the data is really to go: npm run compile -- ${flag}`,
        };
      }),
    );
  }
  return [...new Set(losses.map((loss) => `${loss.hazard} ${loss.subject}`))].sort();
}

/** An object of the same kind, new under the same owner, may be the old one under a new name. */
function renameHint(
  subject: string,
  changes: readonly Change[],
  declared: DeclaredSchema,
): { readonly hint?: string; readonly place?: NonNullable<Diagnostic['place']> } {
  const removed = changes.find((change) => change.change === 'removed' && change.before.id === subject);
  if (removed?.change !== 'removed') return {};
  const old = removed.before;
  if (kindOf(old).rename === undefined) return {};
  const candidate = changes.find(
    (change) => change.change === 'added' && change.after.kind === old.kind && change.after.partOf === old.partOf,
  );
  if (candidate?.change !== 'added') return {};
  const place = declared.annotations.get(candidate.after.id)?.place;
  return {
    hint: `if ${candidate.after.path.at(-1)} is the new name of ${old.path.at(-1)}, write renamedFrom: '${old.path.at(-1)}' at ${candidate.after.id}`,
    ...(place === undefined ? {} : { place }),
  };
}
