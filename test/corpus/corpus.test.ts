/**
 * Every case of the corpus in both directions, on every major of the run. A case is a folder
 * `<kind>--<case>` with before.ts, after.ts and, where rows matter, seed.sql (and seed-back.sql for
 * the way back).
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { loadFile, migrateOnServer, readSeed, type Direction } from '../support/corpus.ts';
import { differentLines, withoutNamesOfParts } from '../support/different-lines.ts';
import { knownGaps, refusals } from './exceptions.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** `npm test` goes there, `npm run test:full` comes back too. */
const ways: readonly ('there' | 'back')[] = process.env['SCHEMAC_TEST_TIER'] === 'full' ? ['there', 'back'] : ['there'];

async function directionOf(name: string, way: 'there' | 'back'): Promise<Direction> {
  const before = await loadFile(join(folder, name, way === 'there' ? 'before.ts' : 'after.ts'));
  const after = await loadFile(join(folder, name, way === 'there' ? 'after.ts' : 'before.ts'));
  return { before, after, ...readSeed(join(folder, name, way === 'there' ? 'seed.sql' : 'seed-back.sql')) };
}

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  describe.each(cases)('%s', (name) => {
    it.concurrent.each(ways)('%s', async (way) => {
      const direction = await directionOf(name, way);
      if (direction.before.project.postgres > major || direction.after.project.postgres > major) return;
      const refusal = refusals[`${name} ${way}`];
      const gap = knownGaps[`${name} ${way}`];
      if (refusal !== undefined) expect(await failure(server, direction)).toBe(refusal);
      else if (gap?.majors.includes(major) === true)
        await expect(run(server, direction), `passes now: take it out of the known gaps (${gap.reason})`).rejects.toThrow();
      else await run(server, direction);
    });
  });
});

/** What every direction of every case must do. */
async function run(server: TestServer, direction: Direction): Promise<void> {
  const outcome = await migrateOnServer(server, direction);
  // What the SQL of an opaque object locks, its declaration does not say.
  const told = outcome.proof.diagnostics.filter(
    ({ code, subject }) => code !== 'unexpected-lock' || subject?.startsWith('opaque ') !== true,
  );
  const complaints = told.map(({ code, message }) => `${code}: ${message}`);
  expect(complaints, complaints.join('\n')).toEqual([]);
  expect(outcome.left, outcome.left.join('\n')).toEqual([]);
  expect(outcome.forgotten, outcome.forgotten.join('\n')).toEqual([]);
  expect(outcome.transition.statements).not.toEqual([]);
  if (outcome.dumps === undefined) return;
  const different = differentLines(withoutNamesOfParts(outcome.dumps.migrated), withoutNamesOfParts(outcome.dumps.fresh));
  expect(different, `pg_dump of migrated (-) and of fresh (+):\n${different.join('\n')}`).toEqual([]);
}

/** The code with which a direction is refused, while planning or by PostgreSQL on rows. */
async function failure(server: TestServer, direction: Direction): Promise<string> {
  try {
    const { proof } = await migrateOnServer(server, direction);
    return proof.diagnostics[0]?.code ?? 'not refused';
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code ?? '';
    throw error;
  }
}
