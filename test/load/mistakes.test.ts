/** Every mistake in a schema has a code, a place and a hint. */
import { describe, expect, test } from 'vitest';
import { codeAndPlace, diagnosticsOf, inProject, dslModule, loadFiles, loadText } from './project.ts';
import { load } from '../../compiler/load/load.ts';

const users = `export const users = table('users', { columns: { id: bigint() }, primaryKey: ['id'] });`;

/** A schema text, and what loading says of it; line 1 is the import line. */
const cases: { readonly [title: string]: readonly [text: string, expected: readonly string[], message?: RegExp, hint?: RegExp] } = {
  'a reference to a table that is not exported': [
    `const hidden = table('hidden', { columns: { id: uuid() }, primaryKey: ['id'] });
export const t = table('t', {
  columns: {
    hidden_id: references(() => hidden, 'id'),
  },
});`,
    ['unknown-reference schema/main.ts:5:5'],
    /"hidden_id" of table "t" refers to the table "hidden", which no file of the schema exports/,
    /export it/,
  ],
  'a reference to an unknown column': [
    `${users}
export const t = table('t', { columns: {
  user_id: references(() => users, 'idd') } });`,
    ['unknown-column schema/main.ts:4:3'],
    /names the column "idd", which table "users" does not have/,
    /did you mean "id"/,
  ],
  'a reference to nothing': [
    `export const t = table('t', { columns: { user_id: references(() => undefined, 'id') } });`,
    ['unknown-reference schema/main.ts:2:42'],
  ],
  'a reference to a column without a key': [
    `export const a = table('a', { columns: { id: bigint() } });
export const b = table('b', { columns: { a_id: references(() => a, 'id') } });`,
    ['reference-without-key schema/main.ts:3:42'],
    /"id" of "a", which is no primary or unique key/,
  ],
  'two tables of one name': [
    `export const a = table('t', { columns: { id: bigint() } });
export const b = table('t', { columns: { id: bigint() } });`,
    ['duplicate-name schema/main.ts:3:18', 'duplicate-name schema/main.ts:3:42'],
    /table "t" has the name of table "t"/,
  ],
  'a table and an index of one name': [
    `export const a = table('a', { columns: { id: bigint() }, indexes: { b: { on: 'id' } } });
export const b = table('b', { columns: { id: bigint() } });`,
    ['duplicate-name schema/main.ts:3:18'],
    /table "b" has the name of index "b" of table "a"/,
  ],
  'a table and an enum of one name': [
    `export const a = table('a', { columns: { id: bigint() } });
export const e = enumType('a', ['x']);`,
    ['duplicate-name schema/main.ts:3:18'],
  ],
  'attributes that say what only a column can, and that are no type': [
    `${users}
export const place = compositeType('place', { attributes: {
  street: text({ nullable: true }),
  city: text({ default: literal('x'), doc: 'City.' }),
  owner: references(() => users, 'id'),
} });`,
    ['invalid-attribute schema/main.ts:4:3', 'invalid-attribute schema/main.ts:5:3', 'invalid-attribute schema/main.ts:6:3'],
    /attribute "street" of composite type "place" says nullable, which only a column of a table can have/,
    /may always be null/,
  ],
  'a composite type and a view of one name': [
    `export const v = view('v', { query: sql\`SELECT 1 AS a\` });
export const c = compositeType('v', { attributes: { a: integer() } });`,
    ['duplicate-name schema/main.ts:3:18'],
  ],
  'a range type of a type with a length': [
    `export const r = rangeType('r', {
  subtype: varchar({ length: 3 }), operatorClass: 'a; b' });`,
    ['invalid-range-subtype schema/main.ts:3:3', 'invalid-operator-class schema/main.ts:3:36'],
    /range type "r" is of character varying\(3\)/,
    /domain as the subtype/,
  ],
  'a range type whose multirange type has the name of another type': [
    `export const e = enumType('r_multirange', ['a']);
export const r = rangeType('r', { subtype: integer() });`,
    ['duplicate-name schema/main.ts:3:18'],
    /multirange of range type "r", named "r_multirange" has the name of enum "r_multirange"/,
  ],
  'statistics that PostgreSQL does not take': [
    `export const t = table('t', { columns: { a: bigint(), b: bigint() }, statistics: {
  one: { on: ['a'] },
  unknown: { on: ['a', 'bb'] },
  alone: { on: [sql\`a + 1\`], kinds: ['mcv'] },
  none: { on: ['a', 'b'], kinds: [] },
  far: { on: ['a', 'b'], target: 20000 },
} });`,
    [
      'invalid-statistics schema/main.ts:3:3',
      'unknown-column schema/main.ts:4:3',
      'invalid-statistics schema/main.ts:5:3',
      'invalid-statistics schema/main.ts:6:3',
      'invalid-statistics schema/main.ts:7:3',
    ],
    /statistics "one" of table "t" are on less than two columns/,
    /two to eight columns/,
  ],
  'statistics of one name': [
    `export const a = table('a', { columns: { x: bigint(), y: bigint() }, statistics: { s: { on: ['x', 'y'] } } });
export const b = table('b', { columns: { x: bigint(), y: bigint() },
  statistics: { s: { on: ['x', 'y'] } } });`,
    ['duplicate-name schema/main.ts:4:17'],
    /statistics "s" of table "b" has the name of statistics "s" of table "a"/,
  ],
  'publications that contradict themselves': [
    `${users}
const hidden = table('hidden', { columns: { id: bigint() } });
export const a = publication('a', { allTables: true, tables: [users] });
export const b = publication('b', { operations: [], tables: [users,
  () => users, () => hidden, published(() => users, { columns: ['idd'] })] });
export const c = publication('c', { schemas: ['nowhere'] });
export const d = publication('c', {});`,
    [
      'invalid-publication schema/main.ts:4:37',
      'invalid-publication schema/main.ts:5:37',
      'invalid-publication schema/main.ts:5:53',
      'unknown-reference schema/main.ts:5:53',
      'invalid-publication schema/main.ts:6:30',
      'unknown-schema schema/main.ts:7:37',
      'duplicate-name schema/main.ts:8:18',
    ],
  ],
  'a publication of an unknown column': [
    `${users}
export const a = publication('a', { tables: [
  published(() => users, { columns: ['idd'] }),
] });`,
    ['unknown-column schema/main.ts:4:3'],
    /publication "a", table "users", names the column "idd"/,
    /did you mean "id"/,
  ],
  'what publications cannot do on the target': [
    `export const s = project({ postgres: 14 });
${users}
export const a = publication('a', { schemas: ['public'], generatedColumns: 'stored', tables: [
  published(() => users, { columns: ['id'], where: sql\`id > 1\` }),
] });`,
    [
      'not-in-target schema/main.ts:4:37',
      'not-in-target schema/main.ts:4:58',
      'not-in-target schema/main.ts:5:3',
      'not-in-target schema/main.ts:5:3',
    ],
    /publication "a" uses schemas in a publication, which PostgreSQL has since version 15/,
  ],
  'rows that cannot be': [
    `export const t = table('t', { columns: { id: bigint(), n: integer({ nullable: true }), g: text({ generated: sql\`'x'\` }), u: uuid({ nullable: true }) },
  primaryKey: ['id'],
  rows: [
    { id: '1', n: 1 },
    { id: '+1', n: 2 },
    { id: 'x', n: 3 },
    { id: '4' },
    { n: 5 },
    { id: '6', n: () => 6 },
    { id: '7', n: null, nn: 7 },
  ] });
export const g = table('g', { columns: { id: integer(), g: text({ generated: sql\`'x'\` }) }, primaryKey: ['id'],
  rows: [{ id: 1, g: 'x' }] });
export const i = table('i', { columns: { id: integer({ identity: 'by default' }) }, primaryKey: ['id'],
  rows: [{ id: 1 }] });
export const e = externalTable('e', { columns: { id: integer() }, primaryKey: ['id'], rows: [] });`,
    [
      'invalid-row schema/main.ts:6:5',
      'invalid-row schema/main.ts:7:5',
      'invalid-row schema/main.ts:8:5',
      'invalid-row schema/main.ts:9:5',
      'invalid-row schema/main.ts:10:5',
      'unknown-column schema/main.ts:11:5',
      'invalid-row schema/main.ts:14:10',
      'invalid-row schema/main.ts:16:10',
      'invalid-row schema/main.ts:17:87',
    ],
    /row 2 of table "t" has the key of row 1/,
  ],
  'rows without a key that can name them': [
    `export const a = table('a', { columns: { id: bigint() }, rows: [] });
export const b = table('b', { columns: { id: numeric() }, primaryKey: ['id'], rows: [{ id: '1.0' }] });
export const c = table('c', { columns: { id: bigint(), code: text() }, primaryKey: ['id'],
  rowsKey: ['code'], rows: [] });`,
    ['invalid-rows-key schema/main.ts:2:58', 'invalid-rows-key schema/main.ts:3:79', 'invalid-rows-key schema/main.ts:5:3'],
    /table "a" declares rows and has no primary key/,
  ],
  'two constraints of one name in a table': [
    `export const a = table('a', { columns: { id: bigint() }, checks: { same: sql\`id > 0\` },
  foreignKeys: { same: { columns: ['id'], references: 'self', to: ['id'] } }, primaryKey: ['id'] });`,
    ['duplicate-name schema/main.ts:3:18'],
  ],
  'names that are one after 63 bytes': [
    `export const a = table('${'n'.repeat(63)}a', { columns: { id: bigint() } });
export const b = table('${'n'.repeat(63)}b', { columns: { id: bigint() } });`,
    ['name-too-long schema/main.ts:2:18', 'name-too-long schema/main.ts:3:18', 'duplicate-name schema/main.ts:3:18'],
    /64 bytes/,
    /shorten it, for example to "n+_[0-9a-f]{8}"/,
  ],
  'a name over 63 bytes though not over 63 characters': [
    `export const a = table('a', { columns: { ${'ü'.repeat(32)}: bigint() } });`,
    ['name-too-long schema/main.ts:2:42'],
    /64 bytes/,
  ],
  'an unknown column in keys, indexes, uniques': [
    `export const a = table('a', {
  columns: { id: bigint() },
  primaryKey: ['idd'],
  uniques: { a_x: { columns: ['x'] } },
  indexes: { a_y: { on: [desc('y')], include: ['z'] } },
});`,
    [
      'unknown-column schema/main.ts:4:3',
      'unknown-column schema/main.ts:5:14',
      'unknown-column schema/main.ts:6:14',
      'unknown-column schema/main.ts:6:14',
    ],
  ],
  'keys without the partition key': [
    `export const a = table('a', {
  columns: { id: bigint(), at: timestamptz() },
  primaryKey: ['id'],
  uniques: { a_x: { columns: ['id'] } },
  indexes: { a_y: { on: 'id', unique: true } },
  partitionBy: range('at', { every: '1 month' }),
});`,
    [
      'key-without-partition-key schema/main.ts:4:3',
      'key-without-partition-key schema/main.ts:5:14',
      'key-without-partition-key schema/main.ts:6:14',
    ],
    /the primary key of table "a" must contain the partition key column "at"/,
    /write \['id', 'at'\]/,
  ],
  'a key without the key of a sub-partition': [
    `export const a = table('a', {
  columns: { id: bigint(), region: text() },
  primaryKey: ['region'],
  partitionBy: list('region', { children: { a_eu: { values: ['eu'], partitionBy: hash('id', { modulus: 1, children: { a_eu_0: { remainder: 0 } } }) } } }),
});`,
    ['key-without-partition-key schema/main.ts:4:3'],
  ],
  'a key without the key of the partitions of a partition': [
    `export const a = table('a', {
  columns: { id: bigint(), at: timestamptz() },
  primaryKey: ['at'],
  partitionBy: range('at', { every: '1 month', within: hash('id', { modulus: 2 }) }),
});`,
    ['key-without-partition-key schema/main.ts:4:3'],
  ],
  'partitions of partitions that cannot be': [
    `const columns = { id: bigint(), at: timestamptz(), region: text() };
export const a = table('a', { columns, partitionBy: range('at', { every: '1 month', within: hash('no', { modulus: 2 }) }) });
export const b = table('b', { columns, partitionBy: range('at', { every: '1 month', within: hash('id', { modulus: 2, children: { x: { remainder: 0 } } }) }) });
export const c = table('c', { columns, partitionBy: range('at', { every: '1 month', within: range('id', { every: 10 }) as never }) });
export const d = table('d', { columns, partitionBy: range('at', { every: '1 month', within: list('region', { children: { x: { values: ['x'], doc: 'X' } } }) }) });
export const e = table('e', { columns, partitionBy: hash('id', { modulus: 2 }) as never });`,
    [
      'unknown-column schema/main.ts:3:85',
      'hash-remainders schema/main.ts:4:85',
      'invalid-partition-rule schema/main.ts:5:85',
      'invalid-partition-rule schema/main.ts:6:85',
      'hash-remainders schema/main.ts:7:40',
    ],
    /the partition key of table "a" names the column "no", which table "a" does not have/,
  ],
  'privileges that the object does not have': [
    `export const a = table('a', {
  columns: { id: bigint() },
  grants: [{ to: 'app', privileges: ['execute', 'select'] }],
});
export const s = sequence('s', { grants: [{ to: 'app', privileges: ['insert'] }] });
export const e = enumType('e', ['x'], { grants: [{ to: 'app', privileges: [] }] });
export const d = defaultPrivileges({ on: 'rows', to: 'app', privileges: ['select'] });`,
    [
      'invalid-privilege schema/main.ts:4:3',
      'invalid-privilege schema/main.ts:6:34',
      'invalid-privilege schema/main.ts:7:41',
      'invalid-privilege schema/main.ts:8:18',
    ],
    /a grant on table "a" names the privilege "execute", which tables do not have/,
    /tables have 'select', 'insert'/,
  ],
  'privileges that columns do not have, and columns that the table does not have': [
    `export const a = table('a', {
  columns: { id: bigint() },
  grants: [{ to: 'app', privileges: ['delete'], columns: ['id'] }, { to: 'app', privileges: ['update'], columns: ['idd'] }],
});`,
    ['invalid-privilege schema/main.ts:4:3', 'unknown-column schema/main.ts:4:3'],
    /names the privilege "delete", which columns do not have/,
  ],
  'what is no role': [
    `export const a = table('a', {
  columns: { id: bigint() },
  ownerRole: 'public',
  grants: [{ to: ['CURRENT_USER', 'PUBLIC', 'none', '', '${'r'.repeat(64)}'], privileges: ['select'] }],
  policies: { p: { to: 'session_user', using: sql\`true\` } },
});
export const d = defaultPrivileges({ on: 'tables', madeBy: 'current_role', to: 'app', privileges: ['select'] });`,
    [
      'invalid-role schema/main.ts:6:15',
      'invalid-role schema/main.ts:4:3',
      ...Array.from({ length: 5 }, () => 'invalid-role schema/main.ts:5:3'),
      'invalid-role schema/main.ts:8:52',
    ],
    /policy "p" of table "a" names session_user, which is whoever runs the statement/,
    /name a role/,
  ],
  'what nobody has cannot be revoked': [
    `export const a = table('a', { columns: { id: bigint() }, grants: [{ revokedFrom: 'public', privileges: ['select'] }] });
export const shared = schema('public', { grants: [{ revokedFrom: 'public', privileges: ['create'] }] });
export const d = defaultPrivileges({ on: 'functions', schema: 'public', revokedFrom: 'public', privileges: ['execute'] });`,
    ['nothing-to-revoke schema/main.ts:2:58', 'nothing-to-revoke schema/main.ts:3:42', 'nothing-to-revoke schema/main.ts:4:18'],
    /revokes "select" from everybody, who does not have it/,
  ],
  'a grant to the owner, and a grant option for everybody': [
    `export const a = table('a', { columns: { id: bigint() }, ownerRole: 'app', grants: [{ to: 'app', privileges: ['select'] }, { to: 'public', privileges: ['select'], withGrantOption: true }] });`,
    ['grant-to-owner schema/main.ts:2:76', 'invalid-privilege schema/main.ts:2:76'],
  ],
  'access to what another team owns': [
    `export const a = externalTable('a', { columns: { id: bigint() }, policies: { p: { using: sql\`true\` } } });
export const b = externalTable('b', { columns: { id: bigint() }, grants: [{ to: 'app', privileges: ['select'] }] });`,
    ['external-access schema/main.ts:2:66', 'external-access schema/main.ts:3:66'],
  ],
  'clauses that a policy has no use for': [
    `export const a = table('a', { columns: { id: bigint() }, rowSecurity: 'on', policies: {
  p: { for: 'insert', using: sql\`true\` },
  q: { for: 'delete', withCheck: sql\`true\` },
  r: { using: 'true' } } });`,
    ['policy-clause schema/main.ts:3:3', 'policy-clause schema/main.ts:4:3', 'raw-string-in-sql schema/main.ts:5:8'],
    /policy "p" of table "a" is for insert and has using/,
    /an insert finds no rows/,
  ],
  'a privilege that came after the target': [
    `export const settings = project({ postgres: 16 });
export const a = table('a', { columns: { id: bigint() }, grants: [{ to: 'app', privileges: ['maintain'] }] });`,
    ['not-in-target schema/main.ts:3:58'],
    /MAINTAIN, which PostgreSQL has since version 17; the project is for 16/,
  ],
  'invalid intervals': [
    `export const a = table('a', {
  columns: { at: timestamptz() },
  partitionBy: range('at', { every: 'monthly', retain: '0 days',
    grace: '7 sleeps', onRetire: 'drop' }),
});`,
    ['invalid-interval schema/main.ts:4:30', 'invalid-interval schema/main.ts:4:48', 'invalid-interval schema/main.ts:5:5'],
  ],
  'partitions that do not divide the calendar': [
    `export const a = table('a', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '5 months' }) });
export const b = table('b', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '7 hours' }) });
export const c = table('c', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 month 1 day' }) });
export const d = table('d', { columns: { at: date() }, partitionBy: range('at', { every: '6 hours' }) });
export const e = table('e', { columns: { at: date() }, partitionBy: range('at', { every: '10 days', retain: '90 days' }) });`,
    [
      'partition-interval schema/main.ts:2:90',
      'partition-interval schema/main.ts:3:90',
      'partition-interval schema/main.ts:4:90',
      'partition-interval schema/main.ts:5:83',
    ],
    /table "a" has partitions of "5 months", which do not divide the calendar/,
    /months that divide a year/,
  ],
  'rows kept for less than a partition is long': [
    `export const a = table('a', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 month', retain: '7 days' }) });
export const b = table('b', { columns: { id: bigint() }, partitionBy: range('id', { every: 1000, retain: 100 }) });
export const c = table('c', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 month', retain: '1 month', past: 2 }) });`,
    [
      'retention-shorter-than-partition schema/main.ts:2:108',
      'retention-shorter-than-partition schema/main.ts:3:98',
      'retention-shorter-than-partition schema/main.ts:4:127',
    ],
    /keeps rows for 7 days in partitions of 1 month/,
  ],
  'a rule on a key of another type': [
    `export const a = table('a', { columns: { id: uuid() }, partitionBy: range('id', { every: '1 month' }) });
export const b = table('b', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 month', key: 'uuidv7' }) });
export const c = table('c', { columns: { id: uuid() }, partitionBy: range('id', { every: 1000 }) });
export const d = table('d', { columns: { id: bigint() }, partitionBy: range('id', { every: 1.5, premake: -1, retireAtMost: 0 }) });
export const e = table('e', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 day', grace: '1 day' }) });`,
    [
      'invalid-partition-rule schema/main.ts:2:56',
      'invalid-partition-rule schema/main.ts:3:63',
      'invalid-partition-rule schema/main.ts:4:56',
      'invalid-interval schema/main.ts:5:85',
      'invalid-partition-rule schema/main.ts:5:97',
      'invalid-partition-rule schema/main.ts:5:110',
      'invalid-partition-rule schema/main.ts:6:106',
    ],
    /a partition rule by time on "id", which is uuid/,
    /key: 'uuidv7'/,
  ],
  'partitions that take the same rows': [
    `export const a = table('a', { columns: { k: text() }, partitionBy: list('k', { children: { a_1: { values: ['x', 'y'] }, a_2: { values: ['y'] } } }) });
export const b = table('b', { columns: { n: integer() }, partitionBy: range('n', { children: { b_1: { from: 0, to: 10 }, b_2: { from: 9, to: 20 } } }) });`,
    ['partition-bounds schema/main.ts:2:121', 'partition-bounds schema/main.ts:3:122'],
    /the partitions "a_1" and "a_2" of table "a" both take the text "y"/,
  ],
  'rows that no partition takes': [
    `export const state = enumType('state', ['new', 'old', 'gone']);
export const a = table('a', { columns: { s: ofType(state) }, partitionBy: list('s', { children: { a_1: { values: ['new'] } } }) });
export const b = table('b', { columns: { n: integer() }, partitionBy: range('n', { children: { b_1: { from: 0, to: 10 }, b_2: { from: 20, to: 30 } } as never }) });
export const c = table('c', { columns: { d: date() }, partitionBy: range('d', { children: { c_1: { from: literal('2026-01-01'), to: literal('2027-01-01') }, c_2: { from: literal('2028-01-01'), to: literal('2029-01-01') } } }) });
export const fine = table('fine', { columns: { n: integer() }, partitionBy: range('n', { children: { f_1: { from: 0, to: 10 }, f_2: { from: 20, to: 30 } }, gaps: true }) });
export const rest = table('rest', { columns: { s: ofType(state) }, partitionBy: list('s', { children: { r_1: { values: ['new'] }, r_2: { default: true } } }) });
export const rule = table('rule', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 month', children: { rest_of_it: { default: true } } } as never) });`,
    [
      'partition-bounds-gap schema/main.ts:3:87',
      'partition-bounds-gap schema/main.ts:4:84',
      'partition-bounds-gap schema/main.ts:5:81',
      'invalid-partition-rule schema/main.ts:8:114',
    ],
    /the partitions of table "a" take no row with "old", "gone": such rows would be refused/,
    /gaps: true/,
  ],
  'an undeclared schema': [
    `export const a = table('a', { schema: 'sales', columns: { id: bigint() } });`,
    ['unknown-schema schema/main.ts:2:31'],
    /"sales" is not declared/,
    /export const sales = schema\("sales"/,
  ],
  'an undeclared archive schema': [
    `export const a = table('a', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 month', onRetire: { archive: 'attic' } }) });`,
    ['unknown-schema schema/main.ts:2:108'],
  ],
  'raw strings where SQL is needed': [
    `export const a = table('a', {
  columns: { at: timestamptz({ default: 'now()' }) },
  checks: { a_c: 'id > 0', a_d: sql\`x = \${'y'}\` },
});`,
    ['raw-string-in-sql schema/main.ts:3:32', 'raw-string-in-sql schema/main.ts:4:13', 'raw-string-in-sql schema/main.ts:4:33'],
    /is a bare string, not SQL/,
    /literal\("now\(\)"\)/,
  ],
  'what the target lacks': [
    `export const p = project({ postgres: 14 });
export const a = table('a', {
  columns: { id: bigint(), b: bigint({ generated: { expression: sql\`id\`, form: 'virtual' } }), c: bigint() },
  primaryKey: ['id'],
  uniques: { a_u: { columns: ['b'], nullsNotDistinct: true } },
  foreignKeys: { a_f: { columns: ['c'], references: 'self', to: ['id'], onDelete: 'set null', onDeleteColumns: ['c'] } },
});
export const v = view('v', { query: sql\`SELECT 1 AS one\`, securityInvoker: true });`,
    [
      'not-in-target schema/main.ts:4:40',
      'not-in-target schema/main.ts:6:14',
      'not-in-target schema/main.ts:7:18',
      'not-in-target schema/main.ts:9:18',
    ],
    /PostgreSQL has since version 18; the project is for 14/,
  ],
  'two projects': [
    `export const p = project({});
export const q = project({});`,
    ['two-projects schema/main.ts:3:18'],
  ],
  'addresses that do not exist': [
    `${users}
export const r = requirement('r', { text: 'x', metBy: ['table public.user', 'query nope', users] });
export const d = decision('d', { question: 'q', decision: 'd', because: 'b', decidedOn: '2026-02-30', concerns: ['users'] });`,
    [
      'unknown-address schema/main.ts:3:48',
      'unknown-address schema/main.ts:3:48',
      'invalid-date schema/main.ts:4:78',
      'unknown-address schema/main.ts:4:103',
    ],
    /requirement "r" names `table public.user`, which does not exist/,
    /did you mean `table public.users`\?/,
  ],
  'a circle of references for a type': [
    `export const a = table('a', { columns: { id: references(() => b, 'id') }, primaryKey: ['id'] });
export const b = table('b', { columns: { id: references(() => a, 'id') }, primaryKey: ['id'] });`,
    ['reference-circle schema/main.ts:2:42'],
  ],
  'a column named twice in a key': [
    `export const a = table('a', { columns: { id: bigint() }, primaryKey: ['id', 'id'] });`,
    ['duplicate-column schema/main.ts:2:58'],
  ],
  'something that is no column': [`export const a = table('a', { columns: { id: 'uuid' } });`, ['not-a-column schema/main.ts:2:42']],
  'enum values twice': [`export const e = enumType('e', ['a', 'a']);`, ['invalid-enum-value schema/main.ts:2:18']],
  'a former enum value that is still there': [
    `export const e = enumType('e', ['a', 'b'], { renamedValues: { b: 'a', c: 'd' } });`,
    ['invalid-enum-value schema/main.ts:2:63', 'invalid-enum-value schema/main.ts:2:71'],
  ],
  'operators, operator classes and types that are none': [
    `const odd = customType('int); DROP TABLE t; --');
export const a = table('a', {
  columns: { id: odd(), t: text() },
  exclusions: { a_e: { elements: [{ on: 't', with: '=) --' }] } },
  indexes: { a_i: { on: key('t', { operatorClass: 'x); DROP TABLE t' }) } },
});`,
    ['invalid-type schema/main.ts:4:14', 'invalid-operator schema/main.ts:5:17', 'invalid-operator-class schema/main.ts:6:14'],
  ],
  'an exclusion constraint on a partitioned table before 17': [
    `export const a = table('a', { columns: { n: integer() }, partitionBy: list('n', { children: {} }),
  exclusions: { a_e: { elements: [{ on: 'n', with: '=' }] } } });`,
    ['not-in-target schema/main.ts:3:17'],
  ],
  'remainders of a hash that are twice or missing': [
    `const modulus = 2;
export const a = table('a', { columns: { n: integer() }, partitionBy: hash('n', { modulus, children: { a_0: { remainder: 0 }, a_1: { remainder: 0 } } }) });
export const b = table('b', { columns: { n: integer() }, partitionBy: hash('n', { modulus, children: { b_0: { remainder: 0 } } }) });`,
    ['hash-remainders schema/main.ts:3:92', 'hash-remainders schema/main.ts:4:92'],
    /the remainder 0 is out of range or there twice/,
  ],
  'a sequence owned by an unknown column': [
    `${users}
export const s = sequence('s', { ownedBy: { table: () => users, column: 'nope' } });`,
    ['unknown-column schema/main.ts:3:34'],
  ],
  'something of the wrong shape': [
    `export const a = table('a', { columns: { id: bigint() }, uniques: { a_k: ['id'] } });`,
    ['invalid-declaration schema/main.ts:2:18'],
    /table "a" cannot be understood/,
  ],
  'a value that is undefined in SQL': [
    `export const v = view('v', { query:
  sql\`SELECT * FROM \${undefined}\` });`,
    ['value-in-sql schema/main.ts:3:3'],
    /the query of view "v" has undefined interpolated/,
    /import each other in a circle/,
  ],
  'a table in SQL that is not exported': [
    `const t = table('t', { columns: { id: bigint() } });
export const v = view('v', { query: sql\`SELECT * FROM \${t}\` });`,
    ['unknown-reference schema/main.ts:3:37'],
    /names the table "t", which no file of the schema exports/,
  ],
  'a syntax error': [`export const a = table('ä', { columns: { id: bigint( } });`, ['syntax-error schema/main.ts:2:54']],
  'a module that throws': [
    `const settings = undefined;
export const a = table('a', { columns: { id: settings.id } });`,
    ['module-throws schema/main.ts:3:55'],
    /a schema file throws: Cannot read properties of undefined/,
  ],
  'nothing exported': [`const a = table('a', { columns: { id: bigint() } });`, ['nothing-exported schema/main.ts:1:1']],
};

describe('a mistake is reported with its code, place and hint', () => {
  for (const [title, [text, expected, message, hint]] of Object.entries(cases)) {
    test(title, async () => {
      const diagnostics = await diagnosticsOf(loadText(text));
      expect(diagnostics.map(codeAndPlace)).toEqual(expected);
      if (message !== undefined) expect(diagnostics[0]?.message).toMatch(message);
      if (hint !== undefined) expect(diagnostics[0]?.hint).toMatch(hint);
    });
  }
});

test('a missing folder says how to make it', async () => {
  const diagnostics = await diagnosticsOf(loadFiles({}));
  expect(diagnostics).toMatchObject([
    { code: 'missing-folder', message: 'there is no schema folder schema/', hint: expect.stringMatching('init') },
  ]);
});

test('an import of a name that a file does not export', async () => {
  const diagnostics = await diagnosticsOf(
    loadFiles({ 'schema/a.ts': `import { nope } from './b.ts';\nexport const x = nope;`, 'schema/b.ts': 'export const x = 1;' }),
  );
  expect(diagnostics.map(codeAndPlace)).toEqual(['unknown-reference schema/a.ts:1:10']);
  expect(diagnostics[0]?.message).toBe('"nope" is imported from schema/b.ts, which does not export it');
});

test('an import of a file or a package that does not exist', async () => {
  expect((await diagnosticsOf(loadFiles({ 'schema/a.ts': `\nimport { x } from './nope.ts';\nexport { x };` }))).map(codeAndPlace)).toEqual([
    'unresolved-import schema/a.ts:2:19',
  ]);
  const missing = await diagnosticsOf(loadFiles({ 'schema/a.ts': `\nimport x from 'no-such-package-here';\nexport { x };` }));
  expect(missing.map(codeAndPlace)).toEqual(['unresolved-import schema/a.ts:2:16']);
  expect(missing[0]?.hint).toBe('install it: npm install no-such-package-here');
});

test('a circle of imports that fails when evaluated names the files and the way out', async () => {
  const diagnostics = await diagnosticsOf(
    loadFiles({
      'schema/a.ts': `import { table, text } from 'schemac';\nimport { shared } from './b.ts';\nexport const a = table('a', { columns: { name: shared.name } });`,
      'schema/b.ts': `import { text } from 'schemac';\nimport { c } from './c.ts';\nexport const shared = { name: text() };\nexport const used = () => c;`,
      'schema/c.ts': `import { a } from './a.ts';\nexport const c = a.name;`,
    }),
  );
  expect(diagnostics.map(codeAndPlace)).toEqual(['import-circle schema/c.ts:2:20']);
  expect(diagnostics[0]?.message).toContain('schema/c.ts -> schema/a.ts -> schema/b.ts -> schema/c.ts');
  expect(diagnostics[0]?.hint).toContain('inside a function');
});

test('nothing stays behind in the project, also after a failure', async () => {
  for (const text of [`import { schema } from 'schemac';\nexport const a = schema('a');`, `throw new Error('no');`]) {
    await inProject({ 'schema/a.ts': text }, async (root) => {
      await diagnosticsOf(load({ root, folder: 'schema', loader: 'esbuild', dslModule }));
      const { readdir } = await import('node:fs/promises');
      expect((await readdir(root)).sort()).toEqual(['node_modules', 'package.json', 'schema']);
    });
  }
});
