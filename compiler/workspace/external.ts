/**
 * Tables of other teams: which objects of a state are theirs, and the SQL that makes stubs of those
 * that a migration stands on. They are never created, altered or dropped by a migration.
 */
import { diff } from '../diff/diff.ts';
import type { Address } from '../model/address.ts';
import { rootOf, stateOf, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';

/** The state without what belongs to the given tables. */
export function withoutExternals(state: State, externals: ReadonlySet<Address>): State {
  if (externals.size === 0) return state;
  return stateOf([...state.values()].filter((object) => !externals.has(rootOf(object, state))));
}

/** What is left out by `withoutExternals`: the external tables with all that goes with them. */
export function onlyExternals(state: State, externals: ReadonlySet<Address>): State {
  if (externals.size === 0) return new Map();
  return stateOf([...state.values()].filter((object) => externals.has(rootOf(object, state))));
}

/** The external tables that statements name, directly or through one of their columns or keys. */
export function externalsOf(statements: readonly Statement[], desired: State, externals: ReadonlySet<Address>): readonly Address[] {
  const roots = statements
    .flatMap((statement) => statement.needs)
    .flatMap((id) => {
      const object = desired.get(id);
      return object === undefined ? [] : [rootOf(object, desired)];
    });
  return [...new Set(roots)].filter((id) => externals.has(id)).sort();
}

/** CREATE TABLE statements for stubs of external tables, with what they need of types. */
export function stubStatements(desired: State, tables: readonly Address[], major: number): readonly string[] {
  if (tables.length === 0) return [];
  const wanted = new Set(tables);
  const after = stateOf([...desired.values()].filter((object) => wanted.has(rootOf(object, desired))));
  const before: State = new Map();
  return makePlan({ before, after, changes: diff(before, after), major, annotation: () => ({}) }).statements.map(({ sql }) => `${sql};`);
}
