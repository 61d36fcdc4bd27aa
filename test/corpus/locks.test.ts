/**
 * The lock report is right: for a change of every kind, what each statement expects to lock and to
 * rewrite is what pg_locks and relation files show on that server. `SCHEMAC_TEST_MAJORS=14,15,16,17,18`
 * asks all majors; what is otherwise is listed by name with the reason.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFile, migrateOnServer, readSeed } from '../support/corpus.ts';
import { lockDifferences } from '../support/lock-report.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Cases by what they change; each is gone there and back, so that a create is also a drop. */
const cases = [
  'column--add',
  'column--add-constant-default',
  'column--add-identity',
  'column--add-not-null-with-backfill',
  'column--add-stored-generated',
  'column--add-volatile-default',
  'column--nullable',
  'column--rename',
  'column--type-int-to-bigint-with-index-and-default',
  'column--type-of-primary-key-with-foreign-key',
  'column--type-timestamp-to-timestamptz',
  'column--type-under-check',
  'column--type-varchar-length',
  'check--add',
  'exclusion--add',
  'foreign-key--add',
  'foreign-key--from-partitioned',
  'foreign-key--on-delete',
  'index--add-on-small-table',
  'index--partitioned-add',
  'partition--range-add',
  'policy--create',
  'primary-key--add',
  'primary-key--columns-nullable',
  'table--drop-referenced',
  'trigger--disabled',
  'unique--add',
  'unique--partitioned',
];

interface Known {
  readonly lines: readonly string[];
  readonly because: string;
  /** Where it is so; on every major where absent. */
  readonly majors?: readonly number[];
}

/** Lines of the report that are otherwise, by direction. */
const known: { readonly [direction: string]: Known } = {
  'foreign-key--from-partitioned there': {
    lines: [
      'ALTER TABLE public.kids ADD CONSTRAINT kids_parent_id_fkey F: expected AccessExclusiveLock on public.kids, seen ShareRowExclusiveLock',
    ],
    because: 'the key of the table takes in those of its partitions; up to 17 the table itself is locked less than expected',
    majors: [14, 15, 16, 17],
  },
  'partition--range-add back': {
    lines: ['DROP TABLE public.items_high: expected AccessExclusiveLock on public.items_high, seen nothing'],
    because: 'a partition is told apart from its table only where it is locked more strongly, and the table is locked as strongly',
  },
};

async function differencesOn(server: TestServer, name: string, way: 'there' | 'back'): Promise<readonly string[] | undefined> {
  const [from, to] = way === 'there' ? ['before.ts', 'after.ts'] : ['after.ts', 'before.ts'];
  const before = await loadFile(join(folder, name, from));
  const after = await loadFile(join(folder, name, to));
  if (Math.max(before.project.postgres, after.project.postgres) > server.major) return undefined;
  const seed = readSeed(join(folder, name, way === 'there' ? 'seed.sql' : 'seed-back.sql'));
  const { proof, transition } = await migrateOnServer(server, { before, after, ...seed });
  expect(proof.diagnostics.map(({ message }) => message)).toEqual([]);
  return lockDifferences(proof, transition.transactions);
}

describe.each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  describe.each(cases)('%s', (name) => {
    it.concurrent.each(['there', 'back'] as const)('%s', async (way) => {
      const differences = await differencesOn(server, name, way);
      const other = known[`${name} ${way}`];
      const expected = other?.majors?.includes(major) === false ? [] : (other?.lines ?? []);
      if (differences !== undefined) expect(differences).toEqual(expected);
    });
  });
});
