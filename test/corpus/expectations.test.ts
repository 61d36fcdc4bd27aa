/**
 * The wording of the eight changes that a reviewer meets most, and that the harness of the corpus can
 * fail: everywhere else the corpus asks what a migration leads to, not how it reads.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFile, migrateOnServer } from '../support/corpus.ts';
import { differentLines, withoutNamesOfParts } from '../support/different-lines.ts';
import { newestMajor, startServer, type TestServer } from '../support/servers.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
let server: TestServer;
beforeAll(async () => {
  server = await startServer(newestMajor);
});
afterAll(() => server.stop());

/** The migration of one case as a list of statements, an empty line between transactions. */
async function migration(name: string): Promise<string> {
  const before = await loadFile(join(folder, name, 'before.ts'));
  const after = await loadFile(join(folder, name, 'after.ts'));
  const { transition } = await migrateOnServer(server, { before, after });
  return transition.transactions.map(({ statements }) => statements.map(({ sql }) => `${sql};`).join('\n')).join('\n\n');
}

describe.skipIf(newestMajor < 18)('the wording of', () => {
  it.each([
    [
      'a column added',
      'column--add-constant-default',
      `
ALTER TABLE public.items ADD COLUMN state text DEFAULT 'new' NOT NULL;

ALTER TABLE public.items ADD COLUMN size integer DEFAULT 3 NOT NULL;`,
    ],
    ['a column renamed', 'column--rename', '\nALTER TABLE public.items RENAME COLUMN label TO name;'],
    ['a value of an enum renamed', 'enum--value-renamed', `\nALTER TYPE public.state RENAME VALUE 'done' TO 'finished';`],
    ['an index added', 'index--add', '\nCREATE INDEX CONCURRENTLY items_index ON public.items (name);'],
    [
      'a check changed',
      'check--change',
      `
ALTER TABLE public.jobs ADD CONSTRAINT jobs_state_check_new CHECK (state IN ('new', 'done', 'failed')) NOT VALID;

ALTER TABLE public.jobs VALIDATE CONSTRAINT jobs_state_check_new;

ALTER TABLE public.jobs DROP CONSTRAINT jobs_state_check;
ALTER TABLE public.jobs RENAME CONSTRAINT jobs_state_check_new TO jobs_state_check;

COMMENT ON CONSTRAINT jobs_state_check ON public.jobs IS 'Known states.';`,
    ],
    [
      'varchar to text under a check',
      'column--type-under-check',
      `
ALTER TABLE public.jobs DROP CONSTRAINT jobs_state_check;
ALTER TABLE public.jobs ALTER COLUMN state TYPE text;
ALTER TABLE public.jobs ADD CONSTRAINT jobs_state_check CHECK (state IN ('new', 'done')) NOT VALID;

ANALYZE public.jobs (state);

ALTER TABLE public.jobs VALIDATE CONSTRAINT jobs_state_check;

COMMENT ON CONSTRAINT jobs_state_check ON public.jobs IS 'Known states.';`,
    ],
    [
      'a table dropped that another one references',
      'table--drop-referenced',
      `
ALTER TABLE public.orders DROP CONSTRAINT orders_item_id_fkey;

DROP TABLE public.items;

ALTER TABLE public.orders DROP COLUMN item_id;`,
    ],
    [
      'another partition rule',
      'partition-rule--retain',
      `
UPDATE schemac.partition_rule SET retain = '13 months' WHERE parent = 'public.events';`,
    ],
  ])('%s', async (_words, name, expected) => {
    expect(`\n${await migration(name)}`).toBe(expected);
  });
});

describe('the harness fails', () => {
  async function outcomeAfter(seed: string): Promise<Awaited<ReturnType<typeof migrateOnServer>>> {
    const before = await loadFile(join(folder, 'column--add-nullable', 'before.ts'));
    const after = await loadFile(join(folder, 'column--add-nullable', 'after.ts'));
    return migrateOnServer(server, { before, after, seed });
  }

  it('where the database does not hold the schema after', async () => {
    const { proof, left } = await outcomeAfter('ALTER TABLE items ADD COLUMN stray integer');
    expect(proof.diagnostics.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['not-proven column public.items.stray']);
    expect(left).toHaveLength(1);
  });

  it('where PostgreSQL refuses a statement', async () => {
    const { proof } = await outcomeAfter('ALTER TABLE items ADD COLUMN note text');
    expect(proof.diagnostics.map(({ code }) => code)).toEqual(['migration-refused']);
  });

  it('where rows do not live', async () => {
    const { proof } = await outcomeAfter(`
      CREATE FUNCTION lose() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM public.items WHERE id IN (SELECT id FROM public.items LIMIT 1); END';
      CREATE EVENT TRIGGER lose ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION lose()`);
    expect(proof.diagnostics.map(({ code }) => code)).toContain('rows-lost');
  });

  it('where two dumps differ, but not over the names of parts of an index', () => {
    const dump = (part: string, column: string): string =>
      [
        `-- Name: ${part}; Type: INDEX;`,
        '',
        `CREATE INDEX ${part} ON public.leaf USING btree (${column});`,
        '',
        `-- Name: ${part}; Type: INDEX ATTACH;`,
        '',
        `ALTER INDEX public.whole ATTACH PARTITION public.${part};`,
      ].join('\n');
    const compared = (left: string, right: string): readonly string[] =>
      differentLines(withoutNamesOfParts(left), withoutNamesOfParts(right));
    expect(compared(dump('one', 'a'), dump('two', 'a'))).toEqual([]);
    expect(compared(dump('one', 'a'), dump('two', 'b'))).toHaveLength(2);
  });
});
