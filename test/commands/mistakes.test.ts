/**
 * What a user gets wrong, all the way through `compile`: a clear error at the place in the source, and
 * nothing written. What each rule of the loader says is tested there; here it is the whole way.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { diagnosticLines, printResult } from '../../compiler/cli/print.ts';
import type { Diagnostic } from '../../compiler/model/diagnostic.ts';
import { edited, users } from './schemas.ts';
import { codes, createProject, type Files, type ProjectOptions } from './support.ts';

const head = `import { bigint, integer, project, references, sql, table, text } from 'schemac';\n`;
const plain = users();
const long = 'x'.repeat(63);

/** Files, and every mistake as `code file:line:column message`; `hint` is that of the first. */
interface Mistake {
  readonly title: string;
  readonly files: Files;
  readonly found: readonly (readonly [code: string, place: string, message: RegExp])[];
  readonly hint?: RegExp;
  readonly options?: ProjectOptions;
}

const mistakes: readonly Mistake[] = [
  {
    title: 'a type error',
    files: { 'schema/users.ts': edited(plain, "doc: 'Address.'", 'doc: 5') },
    found: [['type-error', 'schema/users.ts:7:18', /Type 'number' is not assignable to type 'string'.* \(TS2322\)/]],
    options: { types: 'checked' },
  },
  {
    title: 'an unknown column in a reference',
    files: {
      'schema/notes.ts': `${head}import { users } from './users.ts';\nexport const notes = table('notes', { columns: { user_id: references(() => users, 'idd') } });\n`,
      'schema/users.ts': plain,
    },
    found: [['unknown-column', 'schema/notes.ts:3:50', /names the column "idd", which table "users" does not have/]],
    hint: /did you mean "id"/,
  },
  {
    title: 'an import of what is not exported',
    files: {
      'schema/notes.ts': `${head}import { people } from './users.ts';\nexport const notes = table('notes', { columns: { user_id: references(() => people, 'id') } });\n`,
      'schema/users.ts': plain,
    },
    found: [['unknown-reference', 'schema/notes.ts:2:10', /"people" is imported from schema\/users\.ts, which does not export it/]],
  },
  {
    title: 'two tables of one name in two files',
    files: { 'schema/a.ts': plain, 'schema/b.ts': `${head}export const others = table('users', { columns: { key: text() } });\n` },
    found: [['duplicate-name', 'schema/b.ts:2:23', /table "users" has the name of table "users"/]],
  },
  {
    title: 'two names that PostgreSQL makes one by cutting them',
    files: {
      'schema/a.ts': `${head}export const a = table('${long}a', { columns: { id: bigint() } });\nexport const b = table('${long}b', { columns: { id: bigint() } });\n`,
    },
    found: [
      ['name-too-long', 'schema/a.ts:2:18', /64 bytes; PostgreSQL cuts names after 63/],
      ['name-too-long', 'schema/a.ts:3:18', /64 bytes; PostgreSQL cuts names after 63/],
      ['duplicate-name', 'schema/a.ts:3:18', /have the same name after PostgreSQL cuts both to 63 bytes/],
    ],
  },
  {
    title: 'SQL that PostgreSQL refuses, in a check',
    files: {
      'schema/users.ts': edited(
        plain,
        '  primaryKey',
        '  checks: {\n    users_mail_form: { expression: sql`mail LIKE`, doc: "Form." },\n  },\n  primaryKey',
      ),
    },
    found: [
      [
        'refused-by-postgres',
        'schema/users.ts:11:5',
        /^PostgreSQL refuses check public\.users\.users_mail_form: syntax error at or near "\)" \(42601\)$/,
      ],
    ],
  },
  {
    title: 'SQL that names a column that is not there, in a default',
    files: { 'schema/users.ts': edited(plain, "doc: 'Address.'", "doc: 'Address.', default: sql`lower(nick)`") },
    found: [
      ['refused-by-postgres', 'schema/users.ts:7:5', /cannot use column reference in DEFAULT expression|column "nick" does not exist/],
    ],
  },
  {
    title: 'SQL that ends its own statement',
    files: {
      'schema/users.ts': edited(
        plain,
        '  primaryKey',
        '  checks: {\n    c: { expression: sql`true); DROP TABLE users; --`, doc: "Form." },\n  },\n  primaryKey',
      ),
    },
    found: [['refused-by-postgres', 'schema/users.ts:11:5', /^PostgreSQL refuses check public\.users\.c: /]],
  },
  {
    title: 'what the target major lacks',
    files: {
      'schema/project.ts': `${head}export default project({ title: 'T', purpose: 'P.', postgres: 14 });\n`,
      'schema/users.ts': edited(
        plain,
        '  primaryKey',
        "  uniques: { users_mail: { columns: ['mail'], nullsNotDistinct: true, doc: 'U.' } },\n  primaryKey",
      ),
    },
    found: [['not-in-target', 'schema/users.ts:10:14', /NULLS NOT DISTINCT.*15/i]],
  },
  {
    title: 'a module that throws',
    files: { 'schema/users.ts': `${plain}\nif (Number('1') === 1) throw new Error('not today');\n` },
    found: [['module-throws', 'schema/users.ts:13:30', /not today/]],
  },
  { title: 'no schema folder', files: {}, found: [['missing-folder', '', /there is no schema folder schema\//]], hint: /npx schemac init/ },
  {
    title: 'files that need each other before they are there',
    files: {
      'schema/a.ts': `${head}import { b } from './b.ts';\nexport const a = table('a', { columns: { id: bigint({ default: b.columns.id === undefined ? 1 : 2 }) } });\n`,
      'schema/b.ts': `${head}import { a } from './a.ts';\nexport const b = table('b', { columns: { id: bigint({ default: a.columns.id === undefined ? 1 : 2 }) } });\n`,
    },
    found: [['import-circle', 'schema/b.ts:3:66', /schema\/b\.ts -> schema\/a\.ts -> schema\/b\.ts/]],
    hint: /inside a function/,
  },
];

describe('an error at its place, and nothing written', () => {
  test.each(mistakes)('$title', async ({ files, found, hint, options }) => {
    const project = await createProject(files, options);
    const result = await project.compile();
    const place = ({ place: at }: Diagnostic): string => (at === undefined ? '' : `${at.file}:${at.line}:${at.column}`);
    expect(result.diagnostics.map((each) => [each.severity, each.code, place(each), each.message])).toEqual(
      found.map(([code, at, message]) => ['error', code, at, expect.stringMatching(message)]),
    );
    if (hint !== undefined) expect(result.diagnostics[0]?.hint).toMatch(hint);
    expect(result.exitCode).toBe(1);
    expect(project.generated()).toEqual(new Map());
    expect((await project.check()).exitCode).toBe(1);
  });
});

test('a mistake after a good compile leaves what was there', async () => {
  const project = await createProject({ 'schema/users.ts': plain });
  await project.compile();
  const before = project.generated();
  project.write({ 'schema/users.ts': plain.slice(0, 200) });
  expect(codes(await project.compile())).toEqual(['syntax-error']);
  expect(project.generated()).toEqual(before);
});

describe('printing', () => {
  afterEach(() => vi.restoreAllMocks());
  const diagnostic = (severity: Diagnostic['severity'], number: number): Diagnostic => ({
    code: `c${number}`,
    severity,
    message: `message ${number}`,
    place: { file: 'schema/a.ts', line: number, column: 1 },
  });
  const many = [
    ...Array.from({ length: 15 }, (_, number) => diagnostic('warning', number)),
    ...Array.from({ length: 8 }, (_, number) => diagnostic('error', 100 + number)),
    diagnostic('notice', 200),
  ];

  test('more than twenty are cut, errors first, and the rest is counted', () => {
    const lines = diagnosticLines(many);
    expect(lines).toHaveLength(21);
    expect(lines.slice(0, 8).every((line) => line.includes('error'))).toBe(true);
    expect(lines.at(-1)).toBe('and 3 warnings, 1 notice more: --json lists them all');
    expect(diagnosticLines(many.slice(0, 20))).toHaveLength(20);
  });

  test('to a person cut, to a program whole', () => {
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const result = { exitCode: 1, diagnostics: many, json: { diagnostics: many }, lines: [] } as const;
    const printed = (format: 'text' | 'json' | 'github'): string => {
      written.length = 0;
      printResult(result, { format, isQuiet: false });
      return written.join('');
    };
    expect(printed('text').match(/message \d+/g)).toHaveLength(20);
    expect((JSON.parse(printed('json')) as typeof result.json).diagnostics).toHaveLength(24);
    expect(printed('github').match(/^::/gm)).toHaveLength(24);
  });
});
