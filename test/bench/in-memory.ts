/**
 * Diff and plan of objects that are in memory already, without an engine: what the compiler itself
 * costs. The objects are those that the schema of a generated project declares.
 */
import { diff } from '../../compiler/diff/diff.ts';
import { load } from '../../compiler/load/load.ts';
import type { SchemaObject, State } from '../../compiler/model/object.ts';
import { stateOf } from '../../compiler/model/object.ts';
import { makePlan } from '../../compiler/plan/plan.ts';

export interface InMemory {
  readonly createAll: readonly number[];
  readonly changeOne: readonly number[];
}

function timed(action: () => { readonly length: number }): number {
  const began = performance.now();
  if (action().length === 0) throw new Error('there was nothing to plan, so nothing was measured');
  return performance.now() - began;
}

function planned(before: State, after: State): readonly unknown[] {
  return makePlan({ before, after, changes: diff(before, after), major: 18, annotation: () => ({}) }).statements;
}

/** The state with a column more in one table. */
function withColumn(state: State): State {
  const column = [...state.values()].find((object) => object.id.endsWith('.body')) as SchemaObject;
  const path = [...column.path.slice(0, -1), 'added'];
  const added = { ...column, id: column.id.replace(/body$/, 'added'), path };
  return stateOf([...state.values(), added]);
}

/** Times in milliseconds, one for each run; the first runs, in which the machine code is made, are among them. */
export async function measureInMemory(root: string, runs: number): Promise<InMemory> {
  const declared = await load({ root, folder: 'schema', loader: 'esbuild' });
  const after = stateOf(declared.objects);
  const more = withColumn(after);
  const empty: State = new Map();
  const times = Array.from({ length: runs }, () => ({ all: timed(() => planned(empty, after)), one: timed(() => planned(after, more)) }));
  return { createAll: times.map(({ all }) => all), changeOne: times.map(({ one }) => one) };
}
