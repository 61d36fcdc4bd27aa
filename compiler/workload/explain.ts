/** Asks an engine for the plans of a prepared query: the one for its samples, and the one for any values. */
import type { PlanningEngine } from '../engine/engine.ts';
import type { Names, PlanNode } from './plan-tree.ts';
import type { PreparedQuery } from './prepare.ts';

export interface Plans {
  readonly custom: PlanNode;
  readonly generic: PlanNode;
}

export async function explainQuery(engine: PlanningEngine, query: PreparedQuery, names: Names): Promise<Plans> {
  const custom = await explainCustom(engine, query, names);
  return { custom, generic: query.parameters.length === 0 ? custom : await explain(engine, query, names, 'force_generic_plan') };
}

export function explainCustom(engine: PlanningEngine, query: PreparedQuery, names: Names): Promise<PlanNode> {
  return explain(engine, query, names, 'force_custom_plan');
}

async function explain(engine: PlanningEngine, { execute }: PreparedQuery, { isAmbiguous }: Names, mode: string): Promise<PlanNode> {
  await engine.execute(`SET plan_cache_mode = ${mode}`);
  const [row] = await engine.query(`EXPLAIN (FORMAT JSON${isAmbiguous ? ', VERBOSE' : ''}) ${execute}`);
  const [answer] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as readonly { readonly Plan: PlanNode }[];
  if (answer === undefined) throw new Error(`EXPLAIN gave no plan for ${execute}`);
  return answer.Plan;
}

/**
 * Whether a server that has run the statement five times would go on with the generic plan: where it is
 * estimated to cost less than planning again (choose_custom_plan, plancache.c).
 */
export function isGenericChosen(generic: number, custom: number, relations: number): boolean {
  return generic < custom + 1000 * 0.0025 * (relations + 1);
}
