/** zod schemas of rows accept what node-postgres gives and what an INSERT takes, and nothing else. */
import { expect, test } from 'vitest';
import {
  arrayOf,
  bigint,
  bytea,
  doublePrecision,
  domain,
  enumType,
  integer,
  interval,
  jsonb,
  literal,
  numeric,
  ofType,
  references,
  self,
  smallint,
  sql,
  table,
  text,
  timestamptz,
  uuid,
  varchar,
} from 'schemac';
import type { AnyTable } from 'schemac';
import { newRowSchema, rowSchema } from 'schemac/zod';

const state = enumType('state', ['new', 'paid']);
const short = domain('short', { type: varchar({ length: 3 }) });
const users = table('users', { columns: { id: bigint({ identity: 'always' }) }, primaryKey: ['id'] });
const orders = table('orders', {
  columns: {
    id: uuid(),
    user_id: references(() => users, 'id'),
    parent_id: self('id', { nullable: true }),
    state: ofType(state, { default: literal('new') }),
    code: ofType(short),
    n: smallint({ default: 0 }),
    total: numeric(),
    ratio: doublePrecision(),
    at: timestamptz({ default: sql`now()` }),
    meta: jsonb({ nullable: true }),
    bytes: bytea(),
    took: interval(),
    tags: arrayOf(text()),
    low: text({ generated: sql`lower(code)` }),
    number: integer({ identity: 'by default' }),
  },
  primaryKey: ['id'],
});

const row = {
  id: '0190c1f4-7d3a-7cc0-8000-000000000001',
  user_id: '9007199254740993',
  parent_id: null,
  state: 'new',
  code: 'abc',
  n: 1,
  total: '1.50',
  ratio: Infinity,
  at: new Date(0),
  meta: { a: [1, null, 'x'] },
  bytes: Buffer.from('x'),
  took: { hours: 1 },
  tags: ['a'],
  low: 'abc',
  number: 1,
};

test('a row as a SELECT returns it', () => {
  expect(rowSchema(orders).parse(row)).toEqual(row);
  expect(rowSchema(users).parse({ id: '1' })).toEqual({ id: '1' });
});

test.each([
  ['id', 'no uuid'],
  ['user_id', 1],
  ['user_id', '1.5'],
  ['parent_id', undefined],
  ['state', 'old'],
  ['state', null],
  ['code', 'abcd'],
  ['n', 40_000],
  ['n', 1.5],
  ['total', 1.5],
  ['total', 'x'],
  ['ratio', '1'],
  ['at', '2026-01-01'],
  ['meta', undefined],
  ['bytes', 'x'],
  ['tags', 'a'],
  ['extra', 1],
])('a row is refused with %s = %j', (name, value) => {
  expect(rowSchema(orders).safeParse({ ...row, [name]: value }).success).toBe(false);
});

test('a row as an INSERT takes it', () => {
  const { id, user_id, code, total, ratio, bytes, took, tags, low } = row;
  const least = { id, user_id, code, total, ratio, bytes, took, tags };
  expect(newRowSchema(orders).parse(least)).toEqual(least);
  expect(newRowSchema(orders).parse({ ...least, number: 2, meta: null })).toEqual({ ...least, number: 2, meta: null });
  expect(newRowSchema(orders).safeParse({ ...least, low }).success).toBe(false);
  expect(newRowSchema(orders).safeParse({ ...least, total: undefined }).success).toBe(false);
  expect(newRowSchema(users).safeParse({ id: '1' }).success).toBe(false);
});

test('a long chain of references is followed, a circle is named', () => {
  let last: AnyTable = users;
  for (let index = 0; index < 20_000; index += 1) {
    const target = last;
    last = table(`t${index}`, { columns: { id: references(() => target, 'id') } });
  }
  expect(rowSchema(last).safeParse({ id: '1' }).success).toBe(true);
  const a: AnyTable = table('a', { columns: { id: references((): AnyTable => a, 'id') } });
  expect(() => rowSchema(a)).toThrow('go in a circle');
});
