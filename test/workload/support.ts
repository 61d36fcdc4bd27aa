/** Schemas as texts, planned by the gate in an embedded engine of their own. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { PostgresError, type Engine, type EngineRow } from '../../compiler/engine/engine.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import type { GateResult } from '../../compiler/workload/gate.ts';
import { planQueries, planRequest } from '../../compiler/workload/plan-queries.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadText } from '../load/project.ts';

/** Plans everything in a database that is made from nothing. */
export async function gateOf(declared: DeclaredSchema): Promise<GateResult> {
  const engine = { cacheFolder: join(tmpdir(), 'schemac-test-cache'), extensions: [], from: 'nothing' } as const;
  const answer = await planQueries(planRequest(declared, volumesOf(declared), engine), Promise.resolve(undefined));
  if ('why' in answer) throw new Error(answer.why);
  return answer;
}

export async function gateOfText(text: string): Promise<GateResult> {
  const declared = await loadText(text);
  if (declared.diagnostics.length > 0) throw new Error(declared.diagnostics.map(({ message }) => message).join('\n'));
  return gateOf(declared);
}

/** A client of a server as an engine; values come as text, refusals as they do from any engine. */
export function engineOf(client: pg.Client, major = 18): Engine {
  const run = async (sql: string): Promise<readonly EngineRow[]> => {
    try {
      const answer: unknown = await client.query({ text: sql, types: { getTypeParser: () => (text: string) => text } });
      return ([answer].flat().at(-1) as { readonly rows: readonly EngineRow[] }).rows;
    } catch (error) {
      const { message, code = '', detail, hint } = error as { message: string; code?: string; detail?: string; hint?: string };
      throw new PostgresError(message, { code, detail, hint });
    }
  };
  return {
    identity: { name: `PostgreSQL ${major}`, major },
    has: () => true,
    query: run,
    execute: async (sql) => void (await run(sql)),
    keep: async () => undefined,
    close: async () => undefined,
  };
}

/** The nodes and indexes of a plan alone. */
export function planLinesWithoutFigures({ plan }: { readonly plan: readonly string[] }): readonly string[] {
  return plan.map((line) => line.replace(/ {2}cost .*/, ''));
}
