/**
 * From two sources to the plan that leads from the first to the second: scope, one spelling, names
 * that follow, diff, plan. Nothing is applied, nothing proven and nothing printed here.
 */
import { diff } from '../diff/diff.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import type { Statement, Transaction } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';
import { comparable } from './comparable.ts';
import type { Engines } from './engines.ts';
import { likelyRenames } from './likely-renames.ts';
import { followNames } from './renames.ts';
import { scoped, type Scope } from './scope.ts';
import type { Source } from './source.ts';

export interface Difference {
  /** The state that the changes start from: names have followed, equal texts are spelled alike. */
  readonly before: State;
  readonly after: State;
  readonly changes: readonly Change[];
  readonly renames: readonly Statement[];
  readonly transactions: readonly Transaction[];
  /** The major that the statements are for. */
  readonly target: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws a `DiagnosticError` with everything that there is no way for, before a plan exists. */
export async function planDifference(from: Source, to: Source, scope: Scope, engines: Engines): Promise<Difference> {
  const target = targetOf(from, to);
  const chosen = scoped(from, to, scope);
  const spelled = await comparable(chosen.before, chosen.after, engines);
  const followed = followNames(spelled.before, spelled.after);
  const [before, after] = [followed.state, spelled.after];
  const changes = diff(before, after);
  const annotation = (id: Address): Annotation => to.declared?.annotations.get(id) ?? {};
  const plan = makePlan({ before, after, changes, major: target, annotation });
  const renames = followed.statements;
  return {
    before,
    after,
    changes,
    renames,
    transactions: [...(renames.length === 0 ? [] : [{ block: true, statements: renames }]), ...plan.transactions],
    target,
    diagnostics: [...chosen.diagnostics, ...spelled.diagnostics, ...likelyRenames(changes)],
  };
}

/** That of the database which would be changed, else the project's, else the engine's. */
function targetOf(from: Source, to: Source): number {
  if (from.source === 'database') return from.spelled.major;
  return to.declared?.project.postgres ?? from.declared?.project.postgres ?? from.spelled.major;
}
