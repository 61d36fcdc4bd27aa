/** Schemas as texts, planned by the gate in an embedded engine of their own. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
