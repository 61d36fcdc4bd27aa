/** Functions, procedures and triggers: the objects that declarations become, and what is said of mistakes in them. */
import { describe, expect, test } from 'vitest';
import { argumentType } from '../../compiler/kinds/routine-types.ts';
import { settingClause, settingList } from '../../compiler/kinds/routine-settings.ts';
import type { SchemaObject } from '../../compiler/model/object.ts';
import { codeAndPlace, loadText } from './project.ts';

const shop = `
export const tools = schema('tools');
export const citext = extension('citext', { schema: tools });
export const mood = enumType('mood', ['a', 'b']);
export const items = table('items', { columns: { id: bigint(), mail: text() }, primaryKey: ['id'], checks: { fits: sql\`fits(items)\` },
  triggers: {
    touch_it: { when: 'before', on: ['update', 'insert'], updateOf: ['mail'], condition: sql\`NEW.id > 0\`, execute: () => touch, args: ['a'], doc: 'Touches.', renamedFrom: 'touch' },
    check_it: { when: 'after', on: ['insert'], execute: name('pg_catalog', 'suppress_redundant_updates_trigger'), constraint: { deferral: 'deferrable', references: 'self' }, enabled: 'always' },
  } });
export const fits = func('fits', { args: { row: rowOf(() => items), 'Odd one': variadic(arrayOf(ofType(mood))) }, returns: boolean(), language: 'sql', volatility: 'immutable', strict: true, parallel: 'safe', cost: 2, body: sql\` SELECT \${items.columns.id} > 0 FROM \${items} \`, doc: 'Fits.', renamedFrom: 'fit' });
export const touch = func('touch', { returns: 'trigger', language: 'plpgsql', security: 'definer', settings: { search_path: ['', 'Odd, one'], work_mem: '8MB', enable_sort: false }, body: 'BEGIN RETURN NEW; END' });
export const pair = func('pair', { schema: tools, args: [varchar({ length: 3 }), out(integer()), inout(citext_word({ default: literal('x') }))], language: 'sql', body: sql\`SELECT 1, ''\` });
export const all = func('all', { args: {}, returns: returnsTable({ id: bigint(), 'Odd': arrayOf(timestamptz({ precision: 3 })) }), language: 'sql', body: sql\`
BEGIN ATOMIC SELECT id, NULL FROM \${items}; END; \` });
export const ids = func('ids', { returns: setOf(references(() => items, 'id')), language: 'sql', rows: 5, body: sql\`SELECT id FROM items\` });
export const clean = procedure('clean', { args: { until: date({ default: sql\`current_date\` }) }, language: 'plpgsql', body: sql\`BEGIN END\`, doc: 'Cleans.' });
export const names = view('names', { query: sql\`SELECT id FROM \${items} WHERE fits(items)\`, triggers: { write_it: { when: 'instead of', on: ['insert'], execute: touch } } });
`.replaceAll('citext_word', "customType('citext')");

const load = (text: string) => loadText(text);

async function objects(): Promise<ReadonlyMap<string, SchemaObject>> {
  const schema = await load(shop);
  expect(schema.diagnostics.map(codeAndPlace)).toEqual([]);
  return new Map(schema.objects.map((object) => [object.id, object]));
}

test('routines have the addresses that PostgreSQL would give them', async () => {
  const ids = [...(await objects()).keys()].filter((id) => /^(function|procedure|trigger) /.test(id));
  expect(ids.sort()).toEqual([
    'function public.all()',
    'function public.fits(public.items, public.mood[])',
    'function public.ids()',
    'function public.touch()',
    'function tools.pair(character varying, tools.citext)',
    'procedure public.clean(date)',
    'trigger public.items.check_it',
    'trigger public.items.touch_it',
    'trigger public.names.write_it',
  ]);
});

test('functions and procedures have what was written, and what was not as PostgreSQL has it', async () => {
  const all = await objects();
  expect(all.get('function public.fits(public.items, public.mood[])')?.attributes).toEqual({
    arguments: [
      { mode: 'in', type: 'public.items', name: 'row' },
      { mode: 'variadic', type: 'public.mood[]', name: 'Odd one' },
    ],
    returns: 'boolean',
    language: 'sql',
    body: ' SELECT id > 0 FROM public.items ',
    bodyForm: 'text',
    volatility: 'immutable',
    strict: true,
    leakproof: false,
    parallel: 'safe',
    cost: 2,
    securityDefiner: false,
    settings: {},
    transforms: [],
    window: false,
  });
  expect(all.get('function public.touch()')?.attributes).toMatchObject({
    returns: 'trigger',
    securityDefiner: true,
    settings: { search_path: '"", "Odd, one"', work_mem: '8MB', enable_sort: 'false' },
  });
  expect(all.get('function tools.pair(character varying, tools.citext)')?.attributes).toMatchObject({
    arguments: [
      { mode: 'in', type: 'character varying' },
      { mode: 'out', type: 'integer' },
      { mode: 'inout', type: 'tools.citext', default: "'x'" },
    ],
    returns: 'record',
  });
  expect(all.get('function public.all()')?.attributes).toMatchObject({
    returns: 'TABLE(id bigint, "Odd" timestamp with time zone[])',
    bodyForm: 'standard',
    body: 'BEGIN ATOMIC SELECT id, NULL FROM public.items; END',
  });
  expect(all.get('function public.ids()')?.attributes).toMatchObject({ returns: 'SETOF bigint', rows: 5 });
  expect(all.get('procedure public.clean(date)')?.attributes).toMatchObject({
    arguments: [{ mode: 'in', type: 'date', name: 'until', default: 'current_date' }],
  });
});

test('triggers have what was written, and fire for each row unless it is said', async () => {
  const all = await objects();
  expect(all.get('trigger public.items.touch_it')).toMatchObject({
    partOf: 'table public.items',
    attributes: {
      timing: 'before',
      events: ['insert', 'update'],
      updateOf: ['mail'],
      level: 'row',
      condition: 'NEW.id > 0',
      function: 'public.touch',
      arguments: ['a'],
      enabled: 'origin',
    },
  });
  expect(all.get('trigger public.items.check_it')?.attributes).toMatchObject({
    constraint: { deferral: 'deferrable', references: 'public.items' },
    function: 'pg_catalog.suppress_redundant_updates_trigger',
    enabled: 'always',
  });
  expect(all.get('trigger public.names.write_it')).toMatchObject({ partOf: 'view public.names', attributes: { timing: 'instead of' } });
});

test('what calls a function needs it, and what a body of text names is no dependency', async () => {
  const all = await objects();
  const needs = (id: string) => all.get(id)?.dependsOn;
  expect(needs('check public.items.fits')).toContain('function public.fits(public.items, public.mood[])');
  expect(needs('view public.names')).toContain('function public.fits(public.items, public.mood[])');
  expect(needs('trigger public.items.touch_it')).toContain('function public.touch()');
  expect(needs('function public.fits(public.items, public.mood[])')).toEqual(['enum public.mood', 'table public.items']);
  expect(needs('function public.ids()')).toEqual([]);
  expect(needs('function public.all()')).toEqual(['table public.items']);
});

test('docs are comments, and former names have the same arguments', async () => {
  const schema = await load(shop);
  expect(schema.objects.filter(({ id }) => /^comment (function|procedure|trigger)/.test(id)).map(({ id }) => id)).toEqual([
    'comment trigger public.items.touch_it',
    'comment function public.fits(public.items, public.mood[])',
    'comment procedure public.clean(date)',
  ]);
  const former = (id: string) => schema.annotations.get(id)?.renamedFrom;
  expect(former('function public.fits(public.items, public.mood[])')).toBe('function public.fit(public.items, public.mood[])');
  expect(former('trigger public.items.touch_it')).toBe('trigger public.items.touch');
});

const head = `export const touch = func('touch', { returns: 'trigger', language: 'plpgsql', body: sql\`BEGIN END\` });
export const wrong = func('wrong', { args: { a: integer() }, returns: integer(), language: 'sql', body: sql\`SELECT 1\` });
`;
const trigger = (text: string): string =>
  `${head}export const t = table('t', { columns: { id: bigint() },\n  triggers: { x: { ${text} } } });`;
const onView = (text: string): string =>
  `${head}export const v = view('v', { query: sql\`SELECT 1 AS id\`,\n  triggers: { x: { ${text} } } });`;

describe('mistakes', () => {
  const row = "when: 'before', on: ['update'], execute: () => touch";
  test.each<readonly [string, string, string, RegExp]>([
    ['no event', trigger("when: 'before', on: [], execute: () => touch"), 'invalid-trigger', /fires on nothing/],
    [
      'truncate for each row',
      trigger("when: 'before', on: ['truncate'], execute: () => touch"),
      'invalid-trigger',
      /truncate, for each row/,
    ],
    [
      'instead of on a table',
      trigger("when: 'instead of', on: ['insert'], execute: () => touch"),
      'invalid-trigger',
      /instead of what happens to a table/,
    ],
    ['a row of a view', onView(row), 'invalid-trigger', /before a change of a row of a view/],
    [
      'truncating a view',
      onView("when: 'before', on: ['truncate'], forEach: 'statement', execute: () => touch"),
      'invalid-trigger',
      /does not know/,
    ],
    [
      'instead of a statement',
      onView("when: 'instead of', on: ['insert'], forEach: 'statement', execute: () => touch"),
      'invalid-trigger',
      /whole statement/,
    ],
    [
      'instead of with a condition',
      onView("when: 'instead of', on: ['insert'], condition: sql`true`, execute: () => touch"),
      'invalid-trigger',
      /has a condition/,
    ],
    [
      'columns without update',
      trigger("when: 'before', on: ['insert'], updateOf: ['id'], execute: () => touch"),
      'invalid-trigger',
      /does not fire on/,
    ],
    [
      'transition tables before',
      trigger("when: 'before', on: ['update'], oldTable: 'o', execute: () => touch"),
      'invalid-trigger',
      /before there are any/,
    ],
    [
      'transition tables for two',
      trigger("when: 'after', on: ['update', 'insert'], newTable: 'o', execute: () => touch"),
      'invalid-trigger',
      /more than one event/,
    ],
    ['a constraint before', trigger(`${row}, constraint: {}`), 'invalid-trigger', /not checked after each row/],
    [
      'a constraint with transition tables',
      trigger("when: 'after', on: ['update'], newTable: 'o', constraint: {}, execute: () => touch"),
      'invalid-trigger',
      /with transition tables/,
    ],
    [
      'a function that returns no trigger',
      trigger("when: 'before', on: ['update'], execute: (() => wrong) as never"),
      'invalid-trigger',
      /does not return a trigger/,
    ],
    ['no function', trigger("when: 'before', on: ['update'], execute: (() => undefined) as never"), 'unknown-reference', /no function/],
    [
      'an unknown column',
      trigger("when: 'before', on: ['update'], updateOf: ['idd'] as never, execute: () => touch"),
      'unknown-column',
      /names the column "idd"/,
    ],
    [
      'a bare string as condition',
      trigger(`${row}, condition: 'x' as never`),
      'raw-string-in-sql',
      /the condition of trigger "x" of table "t"/,
    ],
  ])('%s', async (_, text, code, message) => {
    const { diagnostics } = await load(text);
    expect(diagnostics.map(codeAndPlace)).toEqual([`${code} schema/main.ts:5:15`]);
    expect(diagnostics[0]?.message).toMatch(message);
    expect(diagnostics[0]?.hint).not.toBe('');
  });

  test.each<readonly [string, string, string, RegExp]>([
    [
      'a function that returns nothing',
      `export const f = func('f', { language: 'sql', body: sql\`SELECT 1\` });`,
      'invalid-argument schema/main.ts:2:18',
      /returns nothing/,
    ],
    [
      'an argument that is nullable',
      `export const f = func('f', { returns: 'void', language: 'sql',\n  args: { a: integer({ nullable: true }) }, body: sql\`SELECT 1\` });`,
      'invalid-argument schema/main.ts:3:11',
      /the argument "a" the option nullable/,
    ],
    [
      'a row of something not exported',
      `const hidden = table('hidden', { columns: { id: bigint() } });\nexport const f = func('f', { returns: 'void', language: 'sql', args: { a: rowOf(hidden) }, body: sql\`SELECT 1\` });`,
      'unknown-reference schema/main.ts:2:16',
      /"hidden"/,
    ],
    [
      'two functions of one name and types',
      `export const f = func('f', { returns: 'void', language: 'sql', args: { a: integer() }, body: sql\`SELECT 1\` });\nexport const g = procedure('f', { language: 'sql', args: { b: customType('int4')() }, body: sql\`SELECT 1\` });`,
      'duplicate-name schema/main.ts:3:18',
      /procedure "f" has the name of function "f"/,
    ],
  ])('%s', async (_, text, place, message) => {
    const { diagnostics } = await load(text);
    expect(diagnostics.map(codeAndPlace)).toEqual([place]);
    expect(diagnostics[0]?.message).toMatch(message);
  });

  test('two functions of one name that take other types are two functions', async () => {
    const text = `export const f = func('f', { returns: 'void', language: 'sql', args: { a: integer() }, body: sql\`SELECT 1\` });\nexport const g = func('f', { returns: 'void', language: 'sql', args: { a: text() }, body: sql\`SELECT 1\` });`;
    expect((await load(text)).diagnostics).toEqual([]);
  });
});

test.each([
  ['INT', 'integer'],
  ['int4[]', 'integer[]'],
  ['pg_catalog.int8', 'bigint'],
  ['varchar(20)[3][4]', 'character varying[]'],
  ['numeric(10, 2)', 'numeric'],
  ['timestamp(3) with time zone', 'timestamp with time zone'],
  ['Timestamptz', 'timestamp with time zone'],
  ['timestamp', 'timestamp without time zone'],
  ['float(24)', 'real'],
  ['float(25)', 'double precision'],
  ['"char"', '"char"'],
  ['char(3)', 'character'],
  ['public."Odd(1) Type"[]', 'public."Odd(1) Type"[]'],
  ['integer ARRAY', 'integer[]'],
  ['geometry(Point, 4326)', 'geometry'],
])('the argument type %s is %s', (written, printed) => {
  expect(argumentType(written)).toBe(printed);
});

test.each([
  ['search_path', settingList(['public', 'Odd, "x"', '', 'order']), `SET search_path TO 'public', 'Odd, "x"', '', 'order'`],
  ['search_path', 'public, PG_Temp', `SET search_path TO 'public', 'pg_temp'`],
  ['search_path', '', `SET search_path TO ''`],
  ['DateStyle', 'ISO, DMY', `SET "DateStyle" TO 'ISO, DMY'`],
  ['my.var', `it's`, `SET my.var TO 'it''s'`],
])('the setting %s %s', (name, value, clause) => {
  expect(settingClause(name, value)).toBe(clause);
});
