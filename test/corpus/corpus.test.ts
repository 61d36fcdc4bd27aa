/**
 * Every case of the corpus in both directions, on every major of the run. A case is a folder
 * `<kind>--<case>` with before.ts, after.ts and, where rows matter, seed.sql (and seed-back.sql for
 * the way back).
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFile, migrateOnServer, readSeed, type Direction } from '../support/corpus.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

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
    it.each(['there', 'back'] as const)('%s', async (way) => {
      const direction = await directionOf(name, way);
      if (direction.before.project.postgres > major || direction.after.project.postgres > major) return;
      const outcome = await migrateOnServer(server, direction);
      expect(outcome.proof.diagnostics).toEqual([]);
      expect(outcome.left).toEqual([]);
      expect(outcome.transition.statements).not.toEqual([]);
      if (outcome.dumps !== undefined) expect(outcome.dumps.migrated).toBe(outcome.dumps.fresh);
    });
  });
});
