/**
 * What the TypeScript compiler says of a schema: nothing where it is right, a readable message where it
 * is wrong. The compiler is the real one; the types of rows are checked in types/rows.ts.
 */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../compiler/model/diagnostic.ts';
import { checkTypes, readDiagnostics } from '../../compiler/load/types.ts';
import { inProject, repository } from '../load/project.ts';
import type { Files } from '../load/project.ts';

const tsconfig = JSON.stringify({
  extends: join(repository, 'tsconfig.json'),
  compilerOptions: {
    paths: { schemac: [join(repository, 'compiler/dsl/index.ts')], 'schemac/zod': [join(repository, 'compiler/dsl/zod.ts')] },
    types: [],
  },
  include: ['elsewhere'],
});

function check(files: Files): Promise<readonly Diagnostic[]> {
  return inProject({ 'tsconfig.json': tsconfig, ...files }, (root) => checkTypes(root, 'schema'));
}

const head = `import { table, text, uuid, bigint, timestamptz, references, range, hash, list, sql, desc, self, ofType, enumType, jsonb, integer, compositeType, rangeType, publication, published, sequence, view, schema, externalTable, defaultPrivileges, func, procedure, setOf, out } from 'schemac';
const users = table('users', { columns: { id: bigint(), mail: text() }, primaryKey: ['id'] });
const state = enumType('state', ['new']);
const touch = func('touch', { returns: 'trigger', language: 'plpgsql', body: 'BEGIN END' }); const total = func('total', { returns: integer(), language: 'sql', body: 'SELECT 1' });
`;
const columns = 'columns: { id: uuid(), at: timestamptz() }';

/** A line of schema, the text in it that the message points at, and a part of the message. */
const mistakes: readonly (readonly [line: string, at: string, message: string | RegExp])[] = [
  [`table('t', { ${columns}, primaryKey: ['idd'] });`, `'idd'`, `Type '"idd"' is not assignable to type '"at" | "id"'`],
  [
    `table('t', { ${columns}, primaryKey: ['id'], partitionBy: range('at', { every: '1 month' }) });`,
    'primaryKey',
    'the primary key must contain the partition key column "at"',
  ],
  [
    `table('t', { ${columns}, primaryKey: { columns: ['id'] }, partitionBy: range('at', { every: '1 month' }) });`,
    'primaryKey',
    'the primary key must contain the partition key column "at"',
  ],
  [
    `table('t', { ${columns}, uniques: { t_k: { columns: ['id'] } }, partitionBy: range('at', { every: '1 month' }) });`,
    't_k',
    'the unique key "t_k" must contain the partition key column "at"',
  ],
  [
    `table('t', { ${columns}, uniques: { t_k: { columns: ['idd'] } } });`,
    `columns: ['idd']`,
    `Type '"idd"' is not assignable to type '"at" | "id"'`,
  ],
  [`table('t', { ${columns}, indexes: { t_i: { on: ['id', 'idd'] } } });`, 'on:', 'the table has no column "idd"'],
  [`table('t', { ${columns}, indexes: { t_i: { on: desc('idd') } } });`, 'on:', 'the table has no column "idd"'],
  [`table('t', { ${columns}, indexes: { t_i: { doc: 'x' } } });`, 't_i', `Property 'on' is missing`],
  [`table('t', { ${columns}, indexes: { t_i: { on: 'id', uniqe: true } } });`, 'uniqe', `Did you mean to write 'unique'?`],
  [
    `table('t', { ${columns}, partitionBy: range('att', { every: '1 month' }) });`,
    'partitionBy',
    `Type '"att"' is not assignable to type '"at" | "id"'`,
  ],
  [`table('t', { ${columns}, partitionBy: range('at', { premake: 1 }) });`, '{ premake', `Property 'every' is missing`],
  [`range('at', { every: '5 months' });`, 'every', '"5 months" does not divide a year'],
  [`range('at', { every: '7 hours' });`, 'every', '"7 hours" does not divide a day'],
  [
    `range('at', { every: '2 months', retain: '1 month' });`,
    'retain',
    'a retention of "1 month" is shorter than one partition of "2 months"',
  ],
  [
    `range('id', { every: 1000, retain: '7 days' });`,
    'retain',
    /Type 'string' is not assignable to type 'number \| bigint'|Types of property '(every|retain)' are incompatible/,
  ],
  [
    `table('t', { ${columns}, primaryKey: ['at'], partitionBy: range('at', { every: '1 month', within: hash('id', { modulus: 2 }) }) });`,
    'primaryKey',
    'the primary key must contain the partition key column "id"',
  ],
  [`table('t', { ${columns}, partitionBy: hash('id', { modulus: 2 }) });`, 'partitionBy', `Property 'children' is missing`],
  [
    `range('at', { every: '1 month', within: range('id', { every: '1 day', key: 'uuidv7' }) });`,
    'within',
    /is not assignable to type '"list" \| "hash"|is not assignable to type 'PartedAgain/,
  ],
  [
    `range('n', { children: { a: { from: 0, to: 10 }, b: { from: 20, to: 30 } } });`,
    'children',
    'each range must begin where another ends',
  ],
  [`range('n', { children: { a: { from: 0, to: 10 }, b: { from: 9, to: 30 } } });`, 'children', 'each range must begin where another ends'],
  [`list('s', { children: { a: { values: ['x', 'y'] }, b: { values: ['y'] } } });`, 'children', 'the value y is in two partitions'],
  [`range('at', { every: '1 month', children: { rest: { default: true } } });`, 'default', `is not assignable to type 'true'`],
  [`range('at', { every: '1 month', onRetire: 'archive' });`, 'onRetire', `"archive"' is not assignable to type`],
  [`range('at', { every: '1 month', key: 'uuidv4' });`, 'key', `"uuidv4"' is not assignable to type`],
  [`table('t', { doc: 'x' });`, '{ doc', `Property 'columns' is missing`],
  [`table('t', { ${columns}, dok: 'x' });`, 'dok', `'dok' does not exist`],
  [`table('t', { columns: { id: 'uuid' } });`, 'id:', `Type 'string' is not assignable to type 'AnyColumn'`],
  [`table('t', { columns: { id: text({ nulable: true }) } });`, 'nulable', `Did you mean to write 'nullable'?`],
  [`text({ default: 'x' });`, 'default', `Type 'string' is not assignable to type 'DefaultInput`],
  [`text({ identity: 'always' });`, 'identity', `'identity' does not exist`],
  [`references(() => users, 'idd');`, `'idd'`, `Argument of type '"idd"' is not assignable to parameter of type '"id" | "mail"'`],
  [`references(() => state, 'id');`, 'state', `is not assignable to type 'AnyTable'`],
  [`references(() => users, 'id', { onDelete: 'delete' });`, 'onDelete', `"delete"' is not assignable to type 'ReferentialAction`],
  [`table('t', { ${columns}, statistics: { t_s: { on: ['id', 'att'] } } });`, 'statistics', `Type '"att"' is not assignable to type`],
  [
    `table('t', { ${columns}, statistics: { t_s: { on: ['id', 'at'], kinds: ['mvc'] } } });`,
    'statistics',
    `"mvc"' is not assignable to type`,
  ],
  [`published(() => users, { columns: ['idd'] });`, `'idd'`, `Type '"idd"' is not assignable to type '"id" | "mail"'`],
  [`publication('p', { tables: [users], operations: ['upsert'] });`, `'upsert'`, `"upsert"' is not assignable to type`],
  [`publication('p', { allTables: true, tables: [users] });`, '{ allTables', `is not assignable to`],
  [`publication('p', { tables: [state] });`, 'state', `is not assignable to type`],
  [`table('t', { ${columns}, primaryKey: ['id'], rows: [{ id: 'a' }] });`, `{ id: 'a'`, `Property 'at' is missing`],
  [`table('t', { columns: { id: bigint() }, rows: [{ id: 1 }] });`, 'id: 1', `Type 'number' is not assignable to type 'string'`],
  [`table('t', { columns: { id: bigint() }, rows: [{ id: '1', no: 1 }] });`, 'no:', `'no' does not exist`],
  [`table('t', { columns: { id: bigint() }, rowsKey: ['idd'] });`, `'idd'`, `'"idd"' is not assignable to type '"id"'`],
  [`compositeType('c', { attributes: { a: 'text' } });`, 'a:', `Type 'string' is not assignable to type 'AnyColumn'`],
  [`compositeType('c', { doc: 'x' });`, '{ doc', `Property 'attributes' is missing`],
  [`rangeType('r', { subtype: 'integer' });`, 'subtype', `Type 'string' is not assignable to type 'AnyColumn'`],
  [`rangeType('r', { subtype: integer(), canonical: 'x' });`, 'canonical', `'canonical' does not exist`],
  ['sql`a = ${"b"}`;', '"b"', `is not assignable to parameter of type 'SqlPart'`],
  [`table('t', { ${columns}, checks: { t_c: 'id > 0' } });`, 'checks', `Type 'string' is not assignable to type`],
  [
    `table('t', { ${columns}, foreignKeys: { t_f: { columns: ['idd'], references: () => users, to: ['id'] } } });`,
    'foreignKeys',
    `Type '"idd"' is not assignable to type '"at" | "id"'`,
  ],
  [
    `table('t', { ${columns}, grants: [{ to: 'app', privileges: ['selct'] }] });`,
    `'selct'`,
    `Type '"selct"' is not assignable to type 'TablePrivilege'. Did you mean '"select"'?`,
  ],
  [
    `table('t', { ${columns}, grants: [{ to: 'app', privileges: ['execute'] }] });`,
    `'execute'`,
    `Type '"execute"' is not assignable to type 'TablePrivilege'`,
  ],
  [
    `table('t', { ${columns}, grants: [{ to: 'app', privileges: ['delete'], columns: ['id'] }] });`,
    '{ to',
    'the privilege "delete" cannot be given on columns',
  ],
  [
    `table('t', { ${columns}, grants: [{ to: 'app', privileges: ['select'], columns: ['idd'] }] });`,
    `'idd'`,
    `Type '"idd"' is not assignable to type '"at" | "id"'`,
  ],
  [
    `table('t', { ${columns}, grants: [{ to: 'app', privileges: ['select'], collumns: ['id'] }] });`,
    '{ to',
    'a grant has no property "collumns"',
  ],
  [`sequence('s', { grants: [{ to: 'app', privileges: ['insert'] }] });`, `'insert'`, `is not assignable to type 'SequencePrivilege'`],
  [`schema('s', { grants: [{ to: 'app', privileges: ['select'] }] });`, `'select'`, `is not assignable to type 'SchemaPrivilege'`],
  [`table('t', { ${columns}, policies: { p: { for: 'insert', using: sql\`true\` } } });`, 'p: {', `is not assignable to type 'undefined'`],
  [`table('t', { ${columns}, policies: { p: { using: 'true' } } });`, 'using', `Type 'string' is not assignable to type`],
  [`externalTable('t', { ${columns}, policies: {} });`, 'policies', `'policies' does not exist`],
  [`defaultPrivileges({ on: 'functions', to: 'app', privileges: ['select'] });`, '{ on', `is not assignable to type '"execute"'`],
  [
    `table('t', { ${columns}, triggers: { t_t: { when: 'before', on: ['update'], execute: () => total } } });`,
    'execute',
    `is not assignable to type 'TriggerFunction`,
  ],
  [
    `table('t', { ${columns}, triggers: { t_t: { when: 'before', on: ['update'], updateOf: ['idd'], execute: () => touch } } });`,
    `'idd'`,
    `Type '"idd"' is not assignable to type '"at" | "id"'`,
  ],
  [`table('t', { ${columns}, triggers: { t_t: { when: 'during', on: ['update'], execute: touch } } });`, 'when', `Type '"during"' is not`],
  [
    `table('t', { ${columns}, triggers: { t_t: { when: 'before', on: ['select'], execute: touch } } });`,
    `'select'`,
    `Type '"select"' is not`,
  ],
  [`table('t', { ${columns}, triggers: { t_t: { when: 'before', on: ['update'] } } });`, 't_t', `Property 'execute' is missing`],
  [
    `view('v', { query: sql\`SELECT 1\`, triggers: { t_t: { when: 'instead of', on: ['insert'], execute: total } } });`,
    'execute',
    `TriggerFunction`,
  ],
  [`func('f', { returns: 'nothing', language: 'sql', body: sql\`SELECT 1\` });`, 'returns', `Type '"nothing"' is not assignable`],
  [`func('f', { returns: 'void', body: sql\`SELECT 1\` });`, '{ returns', `Property 'language' is missing`],
  [`func('f', { returns: 'void', language: 'sql' });`, '{ returns', `Property 'body' is missing`],
  [`func('f', { returns: setOf('x'), language: 'sql', body: '' });`, `'x'`, `is not assignable to parameter of type 'AnyColumn'`],
  [
    `func('f', { args: { a: 'integer' }, returns: 'void', language: 'sql', body: '' });`,
    'args:',
    `Type 'string' is not assignable to type 'ArgumentInput`,
  ],
  [`procedure('p', { returns: 'void', language: 'sql', body: '' });`, 'returns', `'returns' does not exist`],
  [`procedure('p', { args: { a: out('x') }, language: 'sql', body: '' });`, `'x'`, `is not assignable to parameter of type 'AnyColumn'`],
];

test('each mistake is a type error with a readable message at its place', async () => {
  const text = head + mistakes.map(([line], index) => `export const m${String(index).padStart(2, '0')} = ${line}`).join('\n');
  const diagnostics = await check({ 'schema/main.ts': text });
  const offset = 'export const m00 = '.length;
  for (const [index, [line, at, message]] of mistakes.entries()) {
    const own = diagnostics.filter((each) => each.place?.line === index + 5);
    expect([line, own.length]).toEqual([line, 1]);
    // Of a union of rules, TypeScript points at the property or at the whole literal, by what it has met before.
    const literal = line.startsWith('range(') ? [line.indexOf('{')] : [];
    const places = [line.indexOf(at), ...literal].map((place) => offset + place + 1);
    expect(places, line).toContain(own[0]?.place?.column);
    expect(own[0]?.message).toMatch(message);
  }
  expect(diagnostics).toHaveLength(mistakes.length);
  expect(diagnostics.every((each) => each.place?.file === 'schema/main.ts' && each.severity === 'error')).toBe(true);
});

test('the types of rows are what they should be', async () => {
  await inProject({ 'tsconfig.json': tsconfig }, async (root) => {
    await symlink(join(repository, 'test/dsl/types'), join(root, 'schema'));
    expect(await checkTypes(root, 'schema')).toEqual([]);
  });
});

test('a chain of 1,000 tables in 1,000 files passes, whichever way the files are read', { timeout: 120_000 }, async () => {
  const chain = (fileOf: (index: number) => string): Files =>
    Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [
        `schema/${fileOf(index)}.ts`,
        index === 0
          ? `import { table, bigint } from 'schemac';\nexport const t = table('t0', { columns: { id: bigint() }, primaryKey: ['id'] });`
          : `import { table, references } from 'schemac';\nimport { t as before } from './${fileOf(index - 1)}.ts';\nexport const t = table('t${index}', { columns: { id: references(() => before, 'id') }, primaryKey: ['id'] });`,
      ]),
    );
  const last = `import type { Row } from 'schemac';\nimport { t } from './LAST.ts';\nexport const id: Row<typeof t>['id'] = 'text';\nexport const wrong: Row<typeof t>['id'] = 1;`;
  for (const fileOf of [(index: number) => `f${1000 + index}`, (index: number) => `f${9999 - index}`]) {
    const diagnostics = await check({ ...chain(fileOf), 'schema/a.ts': last.replace('LAST', fileOf(999)) });
    expect(diagnostics.map((each) => `${each.place?.file}:${each.place?.line} ${each.message}`)).toEqual([
      "schema/a.ts:4 Type 'number' is not assignable to type 'string'. (TS2322)",
    ]);
  }
});

test('errors outside the schema folder, and files that are not of it, are not looked at', async () => {
  expect(await check({ 'schema/a.ts': 'export const a: number = 1;', 'src/b.ts': `export const b: number = '';` })).toEqual([]);
});

test('the output of the compiler is read whole: places, further lines, errors without a place', () => {
  const output = `schema/a b.ts(3,14): error TS2322: Type 'x' is not assignable.\n  Because of this.\nerror TS18003: No inputs were found.\n`;
  expect(readDiagnostics(output, '/project')).toEqual([
    {
      code: 'type-error',
      severity: 'error',
      message: "Type 'x' is not assignable. (TS2322)\n  Because of this.",
      place: { file: 'schema/a b.ts', line: 3, column: 14 },
    },
    { code: 'type-error', severity: 'error', message: 'No inputs were found. (TS18003)' },
  ]);
});
