/** Schemas as texts, planned by the gate in an embedded engine of their own. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPlanningEngine } from '../../compiler/engine/open.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import { runGate, type GateResult } from '../../compiler/workload/gate.ts';
import { evictionExtension } from '../../compiler/workload/inject.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadText } from '../load/project.ts';

export async function gateOf(declared: DeclaredSchema): Promise<GateResult> {
  const engine = await openPlanningEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache'), extensions: [evictionExtension] });
  try {
    return await runGate(engine, { declared, volumes: volumesOf(declared) });
  } finally {
    await engine.close();
  }
}

export async function gateOfText(text: string): Promise<GateResult> {
  const declared = await loadText(text);
  if (declared.diagnostics.length > 0) throw new Error(declared.diagnostics.map(({ message }) => message).join('\n'));
  return gateOf(declared);
}
