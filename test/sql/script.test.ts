/**
 * The splitter agrees with PostgreSQL's own parser on where statements are, on scripts written by
 * hand for each lexical form and on scripts put together at random.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { splitScript } from '../../compiler/sql/script.ts';
import type { ScriptStatement } from '../../compiler/sql/script.ts';
import { parseStatements } from './parser.ts';

function statements(text: string): readonly ScriptStatement[] {
  return splitScript(text, 'test.sql').filter((item) => item.item === 'statement');
}

function expectAgreement(script: string): void {
  const parsed = parseStatements(script);
  const split = statements(script);
  const alone = split.map((statement) => {
    const trees = parseStatements(statement.sql);
    expect(trees, statement.sql).toHaveLength(1);
    return trees[0]?.node;
  });
  expect(alone).toEqual(parsed.map((statement) => statement.node));
  split.forEach((statement, index) => {
    expect(script.slice(statement.offset, statement.offset + statement.sql.length)).toBe(statement.sql);
    expect(parsed[index]?.text).toContain(statement.sql);
  });
}

/** Pieces that put semicolons, quotes and comment marks where they end nothing. */
const pieces = [
  "SELECT 'a;b', 'it''s; fine', ''",
  "SELECT E'\\';', E'a\\\\', e'x''\\';'",
  "SELECT 'a'\n  'b;'\n \t'c;'",
  "SELECT E'a'\n '\\';'",
  'SELECT U&\'\\0061;\', U&"a;""b" FROM (SELECT 1 AS "a;""b") x',
  "SELECT B'01', X'1F', N'n;'",
  'SELECT $$a;b$$, $x$ $$ ; $y$ $x$, $été$;$été$',
  'SELECT a$b$c FROM (SELECT 1 AS a$b$c) t',
  'SELECT "a;b", "c""d;", "--", "/*" FROM t',
  'SELECT 1 /* ; /* ; */ \' " $$ */ + 2',
  'SELECT 1 -- ; \' " $$ /*\n + 2',
  'SELECT 1 --\r+ 2',
  'SELECT 5-- no operator;\n- 3',
  'SELECT 1 +/* ; */ 2',
  'SELECT (SELECT (1)), ARRAY[1,2]',
  'CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v; )',
  'CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END; SELECT 2; END',
  'CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); SELECT 1 AS "end", x.end FROM x; END',
  'CREATE FUNCTION g() RETURNS int LANGUAGE sql BEGIN ATOMIC END',
  'create function h() returns int language sql begin /* ; */ atomic select (case a when 1 then 2 end) end from (select 1 as a) s; end',
  'CREATE FUNCTION begin() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$',
  'CREATE FUNCTION q() RETURNS int LANGUAGE sql RETURN 1',
  "DO $do$ BEGIN EXECUTE $q$SELECT ';'$q$; COMMIT; END $do$",
  'BEGIN ISOLATION LEVEL SERIALIZABLE',
  'COMMIT',
  'END',
  'START TRANSACTION',
  'PREPARE q1 AS SELECT $1::int, $2::text',
  "COPY t FROM '/tmp/stdin'",
  'COPY (SELECT stdin FROM stdin) TO STDOUT',
  'CREATE TABLE "ünï;code" (größe int, "x""y" text DEFAULT \'--\', CHECK (größe > 0))',
  "SELECT U&'d!0061t' UESCAPE '!'",
  'SELECT 1_000, 0x1F, 1.5e10, .5, 1::int, a[1:2] FROM t',
  "SELECT a @> b, a->>'k;', a #- '{x}', a <-> b, 2 ^ -3, !!a FROM t",
  'VALUES (1), (2)',
];

describe('one statement of every form', () => {
  it.each(pieces)('%s', (piece) => {
    expectAgreement(piece);
    expectAgreement(`${piece};`);
    expectAgreement(`SELECT 0;${piece}\n;\n;; SELECT 9`);
  });
});

const separators = [';', ' ; ', ';\n\n', ';\r\n', ';;', ' -- end;\n;', '; /* ; */ ', ";\n-- a comment; '\n", ';\t\n--\n', '\n;--x\n'];

describe('scripts put together at random', () => {
  it('are split where PostgreSQL splits them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...separators)), { minLength: 1, maxLength: 12 }),
        (parts) => {
          expectAgreement(parts.map(([piece, separator]) => piece + separator).join(''));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keep texts and names of any characters whole', () => {
    const text = fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '$$', ';', '-', '--', '/*', '*/', '(', ')', '\n', 'a', 'é', '😀', ' ', 'E', ':'),
    });
    const quoted = fc.oneof(
      text.map((value) => `'${value.replaceAll("'", "''")}'`),
      text.map((value) => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`),
      text.map((value) => `"x${value.replaceAll('"', '""')}"`),
      text.filter((value) => !value.includes('$')).map((value) => `$t$${value}$t$`),
    );
    fc.assert(
      fc.property(fc.array(fc.array(quoted, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }), (rows) => {
        expectAgreement(rows.map((row) => `SELECT ${row.join(', ')};`).join('\n'));
      }),
      { numRuns: 500 },
    );
  });

  it('never split what PostgreSQL accepts as one script differently, whatever the tokens', () => {
    const token = fc.constantFrom(
      'SELECT',
      '1',
      ';',
      '\n',
      "'a'",
      "E'\\''",
      '$$;$$',
      '(',
      ')',
      '-',
      '+',
      '/*;*/',
      '--;\n',
      '"q"',
      'AS',
      'end',
      'CASE WHEN true THEN 1 END',
      ',',
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 14 }), (tokens) => {
        const script = tokens.join(' ');
        try {
          parseStatements(script);
        } catch {
          return;
        }
        accepted += 1;
        expectAgreement(script);
      }),
      { numRuns: 4000, seed: 7 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('places', () => {
  it('count lines and columns from 1', () => {
    const items = splitScript("\n  SELECT '\n\n';\n\tSELECT 2;SELECT 3", 'a.sql');
    expect(items.map(({ line, column }) => [line, column])).toEqual([
      [2, 3],
      [5, 2],
      [5, 11],
    ]);
  });

  it('give the comments just before a statement, and those alone', () => {
    const [first, second] = statements('-- one\n--two\n\n/* three */\nSELECT 1 -- inside\n; -- after\n-- four\nSELECT 2;');
    expect(first?.comments).toEqual([
      { text: 'one', line: 1 },
      { text: 'two', line: 2 },
    ]);
    expect(second?.comments).toEqual([
      { text: 'after', line: 6 },
      { text: 'four', line: 7 },
    ]);
  });
});

describe('psql commands', () => {
  it('are items of their own, and \\gexec ends a query', () => {
    const items = splitScript("\\set ON_ERROR_STOP on\n\nSELECT '\\gexec' \\gexec\nSELECT 2;", 'a.sql');
    expect(items).toMatchObject([
      { item: 'command', command: 'set', argument: 'ON_ERROR_STOP on' },
      { item: 'statement', sql: "SELECT '\\gexec'", terminator: '\\gexec', line: 3 },
      { item: 'statement', sql: 'SELECT 2', terminator: ';' },
    ]);
  });
});

function diagnosticOf(script: string): unknown {
  try {
    splitScript(script, 'bad.sql');
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0];
    throw error;
  }
  return undefined;
}

describe('what is refused, with its place', () => {
  it.each([
    ["SELECT 1;\n SELECT 'a", 'unterminated', 2, 9],
    ["SELECT E'a\\'", 'unterminated', 1, 8],
    ['SELECT "a', 'unterminated', 1, 8],
    ['SELECT\n$x$ $$ ', 'unterminated', 2, 1],
    ['SELECT 1 /* /* */', 'unterminated', 1, 10],
    ['SELECT (1; SELECT 2', 'unterminated', 1, 8],
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC SELECT 1;', 'unterminated', 2, 7],
    ['COPY t (a, b) FROM stdin;\n1\t2\n\\.', 'copy-from-stdin', 1, 1],
    ['SELECT 1\n\\set x 1', 'psql-command', 2, 1],
    ['SELECT 1; \\gexec', 'psql-command', 1, 11],
    ['SELECT 1 \\gexec now', 'psql-command', 1, 10],
  ])('%j', (script, code, line, column) => {
    expect(diagnosticOf(script)).toMatchObject({ code, severity: 'error', place: { file: 'bad.sql', line, column } });
  });
});
