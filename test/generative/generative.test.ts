/**
 * Random databases and random edits of them: the plan from one to the other, applied to the first,
 * must give the second. What judges is PostgreSQL: both are read back from databases that were made by
 * SQL which shares no code with the compiler. `npm test` runs a few, `npm run test:full` a hundred, and
 * `SCHEMAC_TEST_CASES=5000` more; `SCHEMAC_TEST_SEED`
 * begins elsewhere, and one case of a seed is run by `SCHEMAC_TEST_CASES=1`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { readState } from '../../compiler/prove/run.ts';
import { makeEngines } from '../../compiler/sources/engines.ts';
import { planDifference } from '../../compiler/sources/plan-difference.ts';
import type { Source } from '../../compiler/sources/source.ts';
import { runTransactions } from '../support/transactions.ts';
import { editWorld } from './edit.ts';
import { makerFrom, makeWorld } from './make.ts';
import { randomFrom } from './random.ts';
import { name, roles, statementsOf } from './write.ts';
import type { World } from './world.ts';

const cases = Number(process.env['SCHEMAC_TEST_CASES'] ?? (process.env['SCHEMAC_TEST_TIER'] === 'full' ? 100 : 10));
const firstSeed = Number(process.env['SCHEMAC_TEST_SEED'] ?? 1);
const casesAtOnce = 25;
const batches = Array.from({ length: Math.ceil(cases / casesAtOnce) }, (_, batch) => firstSeed + batch * casesAtOnce);

let engine: Engine;
let cacheFolder: string;

beforeAll(async () => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'schemac-generative-'));
  engine = await openEngine({ cacheFolder });
  await engine.execute(roles.map((role) => `CREATE ROLE ${name(role)};`).join(' '));
});

afterAll(async () => {
  await engine.close();
  rmSync(cacheFolder, { recursive: true, force: true });
});

async function emptied(): Promise<void> {
  const rows = await engine.query(
    `SELECT format('DROP SCHEMA %I CASCADE', nspname) AS sql FROM pg_namespace WHERE nspname LIKE 'generated%'`,
  );
  for (const row of rows) await engine.execute(row['sql'] ?? '');
}

async function made(world: World): Promise<Source> {
  await emptied();
  for (const statement of statementsOf(world)) await engine.execute(statement);
  return sourceNow('made');
}

async function sourceNow(called: string): Promise<Source> {
  return { source: 'sql', name: called, state: await readState(engine, 'no transaction'), spelled: engine.identity, externals: new Set() };
}

/** The words of a refusal, or undefined where the plan was made and led to the second state. */
async function judge(seed: number): Promise<string | undefined> {
  const maker = makerFrom(randomFrom(seed));
  const before = makeWorld(maker);
  const after = editWorld(maker, before, 1 + maker.random.below(6));
  const engines = makeEngines({ cacheFolder });
  try {
    const to = await made(after);
    const from = await made(before);
    const scope = { include: [], exclude: [] };
    const difference = await planDifference(from, to, scope, engines).catch((error: unknown) => {
      if (error instanceof DiagnosticError) return error;
      throw error;
    });
    if (difference instanceof DiagnosticError) return difference.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n');
    await runTransactions(engine, difference.transactions);
    const again = await planDifference(await sourceNow('migrated'), to, scope, engines);
    expect(again.changes, 'a second plan is empty').toEqual([]);
    return undefined;
  } finally {
    await engines.close();
  }
}

it.each(batches)(
  'from seed %i',
  async (first) => {
    const refusals: string[] = [];
    for (let seed = first; seed < Math.min(first + casesAtOnce, firstSeed + cases); seed += 1) {
      const refusal = await judge(seed).catch((error: unknown) => {
        throw new Error(`SCHEMAC_TEST_SEED=${String(seed)} SCHEMAC_TEST_CASES=1 npx vitest run test/generative\n${String(error)}`);
      });
      if (refusal !== undefined) refusals.push(`${String(seed)}: ${refusal}`);
    }
    // What is refused must be the exception, or the test would judge nothing.
    expect(refusals.length, refusals.join('\n')).toBeLessThan(casesAtOnce / 2);
  },
  600_000,
);
