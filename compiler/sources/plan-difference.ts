/**
 * From two sources to the plan that leads from the first to the second: scope, one spelling, names
 * that follow, diff, plan. Nothing is applied, nothing proven and nothing printed here.
 */
import { diff } from '../diff/diff.ts';
import { kindOf } from '../kinds/registry.ts';
import type { Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { Annotation } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { stateOf, type State } from '../model/object.ts';
import type { Statement, Transaction } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';
import { withRowsOf } from '../prove/row-references.ts';
import { comparable } from './comparable.ts';
import type { Engines } from './engines.ts';
import { likelyRenames } from './likely-renames.ts';
import { runDeclaredRenames } from './declared-renames.ts';
import { withOpaqueObjects } from './opaque-objects.ts';
import { followNames } from './renames.ts';
import { scoped, type Scope } from './scope.ts';
import type { Source } from './source.ts';

export interface Comparison {
  /** The state that the changes start from: names have followed, equal texts are spelled alike. */
  readonly before: State;
  readonly after: State;
  readonly changes: readonly Change[];
  readonly renames: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Difference extends Comparison {
  readonly transactions: readonly Transaction[];
  /** The major that the statements are for. */
  readonly target: number;
}

/** What differs, whether there is a way from one to the other or not. */
export async function compareSources(given: Source, wanted: Source, scope: Scope, engines: Engines): Promise<Comparison> {
  const seen = await withOpaqueObjects(given, wanted, scope, engines);
  const [from, to] = [besideMajor(seen.from, seen.to), besideMajor(seen.to, seen.from)];
  const annotation = annotationsOf(to);
  // A table that the second knows to be no lookup table keeps its rows.
  const chosen = scoped({ ...from, state: withRowsOf(from.state, to.referenceTables ?? []) }, to, scope);
  const renamed = await runDeclaredRenames(chosen.before, chosen.after, annotation, engines);
  const spelled = await comparable(renamed.state, chosen.after, engines);
  const followed = followNames(spelled.before, spelled.after, spelled.changes);
  const changes = followed.statements.length === 0 ? spelled.changes : diff(followed.state, spelled.after);
  return {
    before: followed.state,
    after: spelled.after,
    changes,
    renames: [...renamed.statements, ...followed.statements],
    diagnostics: [...seen.diagnostics, ...chosen.diagnostics, ...spelled.diagnostics, ...likelyRenames(changes)],
  };
}

/** Without what only says the default of one of two majors. */
function besideMajor(source: Source, other: Source): Source {
  const majors = [source.spelled.major, other.spelled.major] as const;
  if (majors[0] === majors[1]) return source;
  const objects = [...source.state.values()].flatMap((object) => {
    const rule = kindOf(object).besideMajor;
    return rule === undefined ? object : (rule(object, other.state.get(object.id), majors) ?? []);
  });
  return { ...source, state: stateOf(objects) };
}

function annotationsOf({ declared }: Source): (id: Address) => Annotation {
  return (id) => declared?.annotations.get(id) ?? {};
}

/** Throws a `DiagnosticError` with everything that there is no way for, before a plan exists. */
export async function planDifference(from: Source, to: Source, scope: Scope, engines: Engines): Promise<Difference> {
  return planComparison(await compareSources(from, to, scope, engines), from, to);
}

/** The same for sources that are compared already. */
export function planComparison(comparison: Comparison, from: Source, to: Source): Difference {
  const target = targetOf(from, to);
  const { before, after, changes, renames } = comparison;
  const rows = to.declared === undefined ? { rows: 'assumed' as const } : {};
  const plan = makePlan({ before, after, changes, major: target, annotation: annotationsOf(to), ...rows });
  return {
    ...comparison,
    transactions: [...(renames.length === 0 ? [] : [{ block: true, statements: renames }]), ...plan.transactions],
    target,
  };
}

/** That of the database which would be changed, else the project's, else the engine's. */
function targetOf(from: Source, to: Source): number {
  if (from.source === 'database') return from.spelled.major;
  return to.declared?.project.postgres ?? from.declared?.project.postgres ?? from.spelled.major;
}
