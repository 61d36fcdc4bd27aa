/**
 * A generated/ folder on disk for tests of the runner: migrations by name, and the lock that fits.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchedUpdate } from '../../compiler/sql/batched-update.ts';
import { chainLock, hashMigration, writeLock } from '../../compiler/sql/migrations-lock.ts';
import type { LockEntry } from '../../compiler/sql/migrations-lock.ts';

export interface TestProject {
  readonly generated: string;
  /** The path of a migration's file. */
  readonly file: (name: string) => string;
  /** Writes all migrations and the lock again. */
  readonly write: (migrations: { readonly [name: string]: string }) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function createProject(migrations: { readonly [name: string]: string }): Promise<TestProject> {
  const generated = await mkdtemp(join(tmpdir(), 'schemac migrate '));
  const folder = join(generated, 'migrations');
  const write: TestProject['write'] = async (texts) => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const lock: LockEntry[] = [];
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(folder, `${name}.sql`), text);
      lock.push(chainLock(lock.at(-1), name, hashMigration(text)));
    }
    await writeFile(join(folder, 'migrations.lock'), writeLock(lock));
  };
  await write(migrations);
  return { generated, file: (name) => join(folder, `${name}.sql`), write, remove: () => rm(generated, { recursive: true, force: true }) };
}

/** The migrations that most tests apply: a block, a concurrent index, an expand step, a backfill, a validation. */
export const usual = {
  '0001_create_digests': `-- schemac migration 0001_create_digests
-- Creates table public.digests.
--
-- phase: expand
-- target: PostgreSQL 14
-- undo:
--   DROP TABLE public.digests;
\\set ON_ERROR_STOP on

BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 1 transactional: Create digests.
-- probe: present table public.digests
CREATE TABLE public.digests (id bigint GENERATED ALWAYS AS IDENTITY, subject text NOT NULL, CONSTRAINT digests_pkey PRIMARY KEY (id));

-- step 2 transactional: Say what it is.
COMMENT ON TABLE public.digests IS 'One digest; -- not a comment';

COMMIT;
`,
  '0002_add_locale': `-- schemac migration 0002_add_locale
-- Adds column public.digests.locale; adds index public.digests_locale.
--
-- phase: expand
-- target: PostgreSQL 14
\\set ON_ERROR_STOP on

BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 1 transactional: Add column locale to digests.
-- probe: present column public.digests.locale
ALTER TABLE public.digests ADD COLUMN locale text;

-- step 2 transactional: Refuse an empty locale from now on.
ALTER TABLE public.digests ADD CONSTRAINT digests_locale_check CHECK (locale <> '') NOT VALID;

COMMIT;

-- step 3 backfill: Give existing rows their locale.
-- batches: table public.digests
${batchedUpdate({ table: 'public.digests', set: `locale = 'en'`, where: 'locale IS NULL' })};

-- step 4 validate: Check the rows that are there.
-- probe: valid check public.digests.digests_locale_check
ALTER TABLE public.digests VALIDATE CONSTRAINT digests_locale_check;

-- step 5 concurrent: Build the index that finds digests by locale.
-- probe: valid index public.digests_locale
CREATE INDEX CONCURRENTLY digests_locale ON public.digests (locale);

-- step 6 expand: One column for each name.
SELECT format('ALTER TABLE public.digests ADD COLUMN %I integer', name), NULL, format('COMMENT ON COLUMN public.digests.%I IS %L', name, name || ';')
FROM unnest(ARRAY['a;b', 'C "q"']) name \\gexec
`,
} as const;
