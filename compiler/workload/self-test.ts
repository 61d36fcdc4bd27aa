/**
 * Whether what is pretended is believed: the planner must expect the rows of the longest relation. Where
 * a version of the embedded PostgreSQL reads lengths in another way, the gate says so and judges nothing.
 */
import type { PlanningEngine } from '../engine/engine.ts';
import { qualifiedName } from '../sql/quote.ts';
import type { DatabaseModel } from './database-model.ts';

/** The pretence does not work on this engine. */
export class PretenceFailed extends Error {
  constructor(expected: number, found: number) {
    super(`${expected} rows were pretended, and the planner expects ${found}`);
    this.name = 'PretenceFailed';
  }
}

/** Throws `PretenceFailed` where the planner does not expect what was pretended. */
export async function proveMechanism(engine: PlanningEngine, { relations }: DatabaseModel): Promise<void> {
  const tables = relations.filter(({ relation }) => relation.form === 'table');
  const [longest] = tables.sort((left, right) => right.length.pages - left.length.pages);
  if (longest === undefined || longest.rows === 0) return;
  const [row] = await engine.query(
    `EXPLAIN (FORMAT JSON) SELECT FROM ONLY ${qualifiedName([longest.relation.schema, longest.relation.name])}`,
  );
  const [plan] = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
  const found = plan?.Plan['Plan Rows'] ?? 0;
  if (Math.abs(found - longest.rows) > longest.rows * 0.01 + 1) throw new PretenceFailed(longest.rows, found);
}
