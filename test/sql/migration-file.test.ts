/**
 * A migration file is read back as what it says, written by the compiler or by hand; what the runner
 * could not do as psql does it is refused with its place.
 */
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { readMigration } from '../../compiler/sql/migration-file.ts';

const generated = `-- schemac migration 0002_add_locale
-- Adds column public.digests.locale; adds index public.digests_locale.
-- A second line.
--
-- phase: contract
-- target: PostgreSQL 16
-- proven: PGlite 0.5.16 (PostgreSQL 18.6), with rows in table public.digests
-- allows: data-loss column public.digests.old
-- allows: data-loss table public.older
-- locks:
--   1 AccessExclusiveLock on table public.digests (blocks reads and writes), no rewrite, no scan
-- hazards:
--   2 index-build index public.digests_locale: it takes a while
-- roles:
--   app_reader
--   "App \\"Writer\\"\\n"
-- externals:
--   CREATE TABLE public.users (id bigint NOT NULL,
--     "--   odd;" text, CONSTRAINT users_pkey PRIMARY KEY (id));
--   CREATE TABLE public.more (id int);
-- undo:
--   DROP INDEX CONCURRENTLY public.digests_locale;
--   ALTER TABLE public.digests DROP COLUMN locale;
\\set ON_ERROR_STOP on

BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 1 transactional: Add column locale to digests.
-- probe: present column public.digests.locale
ALTER TABLE public.digests ADD COLUMN locale text;

COMMIT;

-- step 2 concurrent: Build the index that finds digests by locale.
-- probe: valid index public.digests_locale
CREATE INDEX CONCURRENTLY digests_locale ON public.digests (locale);

-- step 3 expand: Use lz4 where the server has it.
-- carries: {"object":"column public.digests.body","attribute":"compression","value":"lz4"}
SELECT 'ALTER TABLE public.digests ALTER body SET COMPRESSION lz4' WHERE true \\gexec
`;

describe('a file of the compiler', () => {
  it('gives everything that it says', () => {
    const carried = { object: 'column public.digests.body', attribute: 'compression', value: 'lz4' };
    expect(readMigration(generated, 'generated/migrations/0002_add_locale.sql')).toEqual({
      name: '0002_add_locale',
      number: 2,
      summary: 'Adds column public.digests.locale; adds index public.digests_locale.\nA second line.',
      phase: 'contract',
      target: 16,
      proven: 'PGlite 0.5.16 (PostgreSQL 18.6), with rows in table public.digests',
      allows: ['data-loss column public.digests.old', 'data-loss table public.older'],
      locks: ['1 AccessExclusiveLock on table public.digests (blocks reads and writes), no rewrite, no scan'],
      hazards: ['2 index-build index public.digests_locale: it takes a while'],
      rows: [],
      roles: ['app_reader', 'App "Writer"\n'],
      externals:
        'CREATE TABLE public.users (id bigint NOT NULL,\n  "--   odd;" text, CONSTRAINT users_pkey PRIMARY KEY (id));\nCREATE TABLE public.more (id int);',
      undo: 'DROP INDEX CONCURRENTLY public.digests_locale;\nALTER TABLE public.digests DROP COLUMN locale;',
      carries: [carried],
      transactions: [
        {
          block: true,
          begin: 'BEGIN',
          settings: [{ sql: "SET LOCAL lock_timeout = '2s'", line: 27 }],
          steps: [
            {
              number: 1,
              step: 'transactional',
              purpose: 'Add column locale to digests.',
              probe: 'present column public.digests.locale',
              sql: 'ALTER TABLE public.digests ADD COLUMN locale text',
              gexec: false,
              line: 31,
              column: 1,
            },
          ],
        },
        {
          block: false,
          settings: [],
          steps: [
            {
              number: 2,
              step: 'concurrent',
              purpose: 'Build the index that finds digests by locale.',
              probe: 'valid index public.digests_locale',
              sql: 'CREATE INDEX CONCURRENTLY digests_locale ON public.digests (locale)',
              gexec: false,
              line: 37,
              column: 1,
            },
          ],
        },
        {
          block: false,
          settings: [],
          steps: [
            {
              number: 3,
              step: 'expand',
              purpose: 'Use lz4 where the server has it.',
              carries: carried,
              sql: "SELECT 'ALTER TABLE public.digests ALTER body SET COMPRESSION lz4' WHERE true",
              gexec: true,
              line: 41,
              column: 1,
            },
          ],
        },
      ],
    });
  });
});

describe('a file written by hand', () => {
  const text = `-- Moves addresses apart.

SET search_path = public;
-- First this.
CREATE TABLE a (id int);

begin isolation level serializable;
  INSERT INTO a VALUES (1); CALL p();
  SAVEPOINT s; ROLLBACK TO SAVEPOINT s;
END;
DO $$ BEGIN COMMIT; END $$;
VACUUM a;
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
SELECT concurrently FROM a`;

  it('has a step for each statement, its transactions as written', () => {
    const file = readMigration(text, '0010_move.sql');
    expect(file).toMatchObject({
      name: '0010_move',
      number: 10,
      summary: 'Moves addresses apart.',
      phase: 'expand',
      externals: '',
      undo: '',
    });
    expect(file.target).toBeUndefined();
    expect(
      file.transactions.map(({ block, begin, settings, steps }) => [
        block,
        begin,
        settings.length,
        steps.map(({ number, step, purpose }) => [number, step, purpose]),
      ]),
    ).toEqual([
      [false, undefined, 1, [[1, 'transactional', 'First this.']]],
      [
        true,
        'begin isolation level serializable',
        0,
        [
          [2, 'transactional', 'INSERT INTO a VALUES (1)'],
          [3, 'transactional', 'CALL p()'],
          [4, 'transactional', 'SAVEPOINT s'],
          [5, 'transactional', 'ROLLBACK TO SAVEPOINT s'],
        ],
      ],
      [false, undefined, 0, [[6, 'backfill', 'DO $$ BEGIN COMMIT; END $$']]],
      [false, undefined, 0, [[7, 'concurrent', 'VACUUM a']]],
      [false, undefined, 0, [[8, 'concurrent', 'REFRESH MATERIALIZED VIEW CONCURRENTLY m']]],
      [false, undefined, 0, [[9, 'transactional', 'SELECT concurrently FROM a']]],
    ]);
  });
});

function diagnosticOf(text: string, fileName = '0001_bad.sql'): unknown {
  try {
    readMigration(text, fileName);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0];
    throw error;
  }
  return undefined;
}

describe('what is refused, with its place', () => {
  it.each([
    ['BEGIN;\nSELECT 1;', 'migration-format', 1, 'this BEGIN has no COMMIT'],
    ['SELECT 1;\nCOMMIT;', 'migration-format', 2, 'COMMIT stands after no BEGIN'],
    ['BEGIN; SELECT 1;\nBEGIN;', 'migration-format', 2, 'BEGIN stands inside a transaction that began before'],
    ['BEGIN; SELECT 1;\nCOMMIT AND CHAIN;', 'migration-format', 2, 'COMMIT AND CHAIN is not understood'],
    ['BEGIN; SELECT 1;\nROLLBACK;', 'migration-format', 2, "'ROLLBACK' would undo steps that are recorded as done"],
    [
      "BEGIN; SELECT 1; PREPARE TRANSACTION 'x';",
      'migration-format',
      1,
      "'PREPARE TRANSACTION 'x'' would undo steps that are recorded as done",
    ],
    ['\\i other.sql', 'psql-command', 1, 'the psql command \\i other.sql is not understood'],
    ['\\set ON_ERROR_STOP off', 'psql-command', 1, 'the psql command \\set ON_ERROR_STOP off is not understood'],
    [
      '-- step 1 transactional: One.\nSELECT 1;\nSELECT 2;',
      'migration-format',
      3,
      "'SELECT 2' has no step comment, though other statements of the file have one",
    ],
    [
      '-- step 2 transactional: One.\nSELECT 1;\n-- step 2 transactional: Two.\nSELECT 2;',
      'migration-format',
      4,
      'step 2 stands after step 2',
    ],
    ['BEGIN;\n-- step 1 concurrent: One.\nSELECT 1;\nCOMMIT;', 'migration-format', 3, 'a concurrent step cannot run inside BEGIN … COMMIT'],
    ['BEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;', 'migration-format', 2, 'a concurrent step cannot run inside BEGIN … COMMIT'],
    [
      '-- step 1 expand: One.\n-- carries: {"object":1}\nSELECT 1 \\gexec',
      'migration-format',
      2,
      `'carries:' needs {"object":…,"attribute":…,"value":…}, but '{"object":1}' stands there`,
    ],
    ['-- schemac migration 0001_other\nSELECT 1;', 'migration-name', 1, 'the file is named 0001_bad, but its first line says 0001_other'],
    ['-- schemac migration 0001_bad\n-- phase: later\nSELECT 1;', 'migration-format', 1, "'phase: later' is neither expand nor contract"],
    ['-- schemac migration 0001_bad\n-- target: MySQL 8\nSELECT 1;', 'migration-format', 1, "'target: MySQL 8' names no major version"],
    ["SELECT 'never ends", 'unterminated', 1, 'this quoted text never ends'],
  ])('%j', (text, code, line, message) => {
    expect(diagnosticOf(text)).toMatchObject({ code, message, place: { file: '0001_bad.sql', line } });
  });

  it.each(['create.sql', '1_a.sql', '0001.sql', '0001_a.txt'])('the name %s', (name) => {
    expect(diagnosticOf('SELECT 1;', name)).toMatchObject({ code: 'migration-name' });
  });
});
