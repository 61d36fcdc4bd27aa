/** An engine that does not take what is pretended judges no query: it is said so, and nothing is guessed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { planGate } from '../../compiler/commands/plan-gate.ts';
import { openKeptPlanDatabase } from '../../compiler/workload/plan-database.ts';
import { planQueries, planRequest } from '../../compiler/workload/plan-queries.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { workspaceAt } from '../../compiler/workspace/workspace.ts';
import { loadText } from '../load/project.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'schemac-self-test-'));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

it('is found before any query is judged, and said in place of plans', async () => {
  const declared = await loadText(`
    export const t = table('t', { columns: { id: bigint() }, primaryKey: ['id'], expectedRows: 700_000 });
    export const q = query('q', { purpose: 'Asked.', sql: sql\`SELECT id FROM \${t} WHERE id = :id\`, samples: { id: 7 }, budget: { maxCost: 0.001 } });`);
  const request = planRequest(declared, volumesOf(declared), { cacheFolder, extensions: [], from: 'kept' });
  expect(await planQueries(request, openKeptPlanDatabase({ cacheFolder }))).toMatchObject({ findings: [{ form: 'over budget' }] });
  const engine = await openKeptPlanDatabase({ cacheFolder });
  if (engine === undefined) throw new Error('the database of plans was not kept');
  const deaf = Promise.resolve({ ...engine, pretendPages: () => undefined });
  const answer = await planQueries(request, deaf);
  if (!('why' in answer)) throw new Error('queries were judged');
  expect(answer.why).toMatch(/^pretended lengths are not taken: 700000 rows were pretended, and the planner expects \d+$/);

  const planner = { plan: () => Promise.resolve(answer), release: () => Promise.resolve() };
  const { plans, diagnostics } = await planGate({ workspace: workspaceAt(cacheFolder), declared, trust: 'nothing', planner });
  expect(plans).toEqual([]);
  expect(diagnostics).toMatchObject([{ code: 'plans-not-checked', severity: 'warning' }]);
  expect(diagnostics[0]?.message).toContain('700000 rows were pretended');
});
