/** What declarations become: objects, annotations, and everything beside them. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SchemaObject } from '../../compiler/model/object.ts';
import { stateOf } from '../../compiler/model/object.ts';
import { parseAddress } from '../../compiler/model/address.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import { loadFiles, loadText } from './project.ts';

function objectOf({ objects }: DeclaredSchema, id: string): SchemaObject {
  const found = objects.find((object) => object.id === id);
  if (found === undefined) throw new Error(`no object ${id} among ${objects.map((object) => object.id).join('; ')}`);
  return found;
}
const attributesOf = (schema: DeclaredSchema, id: string): object => objectOf(schema, id).attributes;

const shop = `
export const settings = project({ title: 'Shop', purpose: 'Sells.', postgres: 18, lint: { x: 'off' }, ignore: [{ address: 'table public.old_*', reason: 'r' }] });
export const archive = schema('archive', { doc: 'Old.' });
export const citext = extension('citext', { version: '1.6' });
export const state = enumType('state', ['new', 'paid'], { doc: 'State.', renamedFrom: 'status' });
export const email = domain('email', { type: varchar({ length: 320 }), checks: { email_form: sql\`VALUE LIKE '%@%'\`, a_first: sql\`VALUE <> ''\` } });
export const numbers = sequence('invoice_number', { type: 'integer', start: 1000 });
export const people = group('people', { doc: 'Who buys.' });
export const users = externalTable('users', { doc: 'Not ours.', columns: { id: bigint(), tenant: bigint() }, primaryKey: ['id'], uniques: [{ columns: ['tenant', 'id'] }], owner: 'accounts' });
export const orders = table('orders', {
  doc: 'Orders.', group: people, owner: 'sales', renamedFrom: 'order', expectedRows: 10, suppress: { 'some-lint': 'because' },
  columns: {
    id: bigint({ identity: { generation: 'by default', start: 5, cache: 20 }, doc: 'Id.', renamedFrom: 'key' }),
    user_id: references(() => users, 'id', { onDelete: 'cascade', nullable: true, constraint: { doc: 'Belongs.', renamedFrom: 'old_fk' } }),
    tenant: bigint({ backfill: sql\`0\`, using: sql\`tenant::bigint\`, pii: 'no' }),
    parent_id: self('id', { nullable: true, constraint: { name: 'orders_parent' } }),
    log_id: softReference(() => users, 'id', { nullable: true, reference: { doc: 'May be gone.' } }),
    state: ofType(state, { default: literal('new') }),
    mail: ofType(email, { collation: 'C', storage: 'external', compression: 'lz4' }),
    number: integer({ default: sql\`nextval(\${numbers})\` }),
    tags: arrayOf(text(), { default: sql\`'{}'\` }),
    mails: arrayOf(ofType(email)),
    low: text({ generated: { expression: sql\`lower(mail)\`, form: 'virtual' } }),
    n: integer({ default: -1 }),
  },
  primaryKey: { columns: ['id'], include: ['state'], doc: 'Key.', storageParameters: { fillfactor: 70 } },
  uniques: { orders_number: { columns: ['number'], nullsNotDistinct: true, deferral: 'initially deferred' } },
  checks: { orders_n: { expression: sql\`n > \${0} AND state <> \${literal("it's")}::\${state}\`, noInherit: true, doc: 'N.' }, },
  foreignKeys: { orders_tenant: { columns: ['tenant', 'user_id'], references: () => users, to: ['tenant', 'id'], onDelete: 'set null', onDeleteColumns: ['user_id'], match: 'full', deferral: 'deferrable' } },
  exclusions: { orders_once: { elements: [{ on: 'number', with: '=' }, { on: sql\`int4range(n, n + 1)\`, with: '&&' }], where: sql\`n > 0\` } },
  indexes: {
    orders_recent: { on: ['user_id', desc('id', { nulls: 'last' })], include: ['n'], where: sql\`n > 0\`, doc: 'Recent.' },
    orders_tags: { method: 'gin', on: key('tags', { operatorClass: 'array_ops' }), storageParameters: { fastupdate: false } },
    orders_low: { on: key(sql\`lower(mail)\`, { collation: 'C' }), unique: true },
  },
  storageParameters: { autovacuum_enabled: false },
});
export const paid = view('paid', { query: sql\`SELECT id FROM \${orders} WHERE \${orders.columns.state} = \${literal('paid')};\`, securityBarrier: true, checkOption: 'local', doc: 'Paid.' });
export const totals = materializedView('totals', { query: sql\`SELECT count(*) AS n FROM \${paid}\`, indexes: { totals_n: { on: 'n', unique: true } } });
export const audit = opaque('audit', { create: sql\`CREATE FUNCTION f() …\`, drop: sql\`DROP FUNCTION f()\`, dependsOn: [orders] });
export const q = query('paid_orders', { sql: sql\`SELECT * FROM \${paid};\`, purpose: 'P.' });
export const r = requirement('r', { text: 'T.', metBy: [orders, () => paid, q, 'index public.orders_*'] });
export const d = decision('d', { question: 'Q', decision: 'D', because: 'B', alternatives: ['A'], decidedOn: '2026-01-31', concerns: [orders.columns.n] });
export const o = openQuestion('o', { question: 'Q', owner: 'sales', blocking: true });
export const rev = review({ reviewer: 'ann', on: '2026-02-01', verdict: 'approved', concerns: [orders], fingerprint: 'f' });
`;

test('composite and range types become objects with their parts', async () => {
  const schema = await loadText(`
export const place = compositeType('place', { doc: 'P.', renamedFrom: 'spot', attributes: { street: text({ doc: 'S.', renamedFrom: 'road' }), tags: arrayOf(text({}), { collation: 'C' }) } });
export const price = rangeType('price_range', { subtype: numeric(), subtypeDiff: sql\`numeric_sub_f8\` });
export const spans = rangeType('span', { subtype: ofType(place), operatorClass: 'record_ops', multirange: 'many' });
export const t = table('t', { columns: { at: ofType(place), prices: arrayOf(ofType(price.multirange)) } });`);
  expect(schema.diagnostics).toEqual([]);
  expect(objectOf(schema, 'composite public.place')).toMatchObject({ attributes: { order: ['street', 'tags'] }, dependsOn: [] });
  expect(schema.annotations.get('composite public.place')).toMatchObject({ doc: 'P.', renamedFrom: 'composite public.spot' });
  expect(objectOf(schema, 'attribute public.place.tags')).toMatchObject({
    attributes: { type: 'text[]', collation: '"C"' },
    partOf: 'composite public.place',
    facts: { position: 2 },
  });
  expect(schema.annotations.get('attribute public.place.street')).toMatchObject({ renamedFrom: 'attribute public.place.road' });
  expect(attributesOf(schema, 'comment attribute public.place.street')).toEqual({ on: 'attribute public.place.street', text: 'S.' });
  expect(attributesOf(schema, 'range public.price_range')).toEqual({ subtype: 'numeric', subtypeDiff: 'numeric_sub_f8' });
  expect(objectOf(schema, 'multirange public.price_multirange').partOf).toBe('range public.price_range');
  expect(objectOf(schema, 'range public.span')).toMatchObject({
    attributes: { subtype: 'public.place', operatorClass: 'record_ops' },
    dependsOn: ['composite public.place'],
  });
  expect(objectOf(schema, 'multirange public.many').partOf).toBe('range public.span');
  expect(objectOf(schema, 'column public.t.at').dependsOn).toContain('composite public.place');
  expect(objectOf(schema, 'column public.t.prices')).toMatchObject({ attributes: { type: 'public.price_multirange[]' } });
  expect(objectOf(schema, 'column public.t.prices').dependsOn).toContain('multirange public.price_multirange');
});

test('extended statistics become objects of their table, columns and kinds sorted, names by the convention', async () => {
  const schema = await loadText(`
export const t = table('t', { columns: { b: integer(), a: integer() }, statistics: [
  { on: ['b', sql\`a + 1\`, 'a'], kinds: ['ndistinct', 'mcv'], target: 100, doc: 'S.', renamedFrom: 'old' }, { on: [sql\`b % 2\`] } ] });
export const m = materializedView('m', { query: sql\`SELECT 1 AS x, 2 AS y\`, statistics: { m_s: { on: ['x', 'y'] } } });`);
  expect(schema.diagnostics).toEqual([]);
  expect(objectOf(schema, 'statistics public.t_b_expr_a_stat')).toMatchObject({
    partOf: 'table public.t',
    attributes: { on: 'table public.t', kinds: ['mcv', 'ndistinct'], columns: ['a', 'b'], expressions: ['a + 1'], target: 100 },
    dependsOn: ['column public.t.a', 'column public.t.b', 'table public.t'],
  });
  expect(schema.annotations.get('statistics public.t_b_expr_a_stat')).toMatchObject({ renamedFrom: 'statistics public.old' });
  expect(attributesOf(schema, 'statistics public.t_expr_stat')).toMatchObject({ kinds: [], columns: [], expressions: ['b % 2'] });
  expect(objectOf(schema, 'statistics public.m_s')).toMatchObject({
    partOf: 'materialized-view public.m',
    attributes: { kinds: ['dependencies', 'mcv', 'ndistinct'] },
  });
});

test('a publication and the tables that it lists become objects', async () => {
  const schema = await loadText(`
export const other = schema('other');
export const t = table('t', { columns: { id: bigint(), n: integer() }, primaryKey: ['id'] });
export const u = table('u', { schema: other, columns: { id: bigint() } });
export const feed = publication('feed', { doc: 'F.', renamedFrom: 'old', schemas: [other, 'public'], operations: ['delete', 'insert'],
  tables: [published(() => t, { columns: ['n', 'id'], where: sql\`\${t.columns.n} > 1\` }), () => u] });
export const all = publication('all', { allTables: true, viaPartitionRoot: true });`);
  expect(schema.diagnostics).toEqual([]);
  expect(objectOf(schema, 'publication feed')).toMatchObject({
    attributes: { of: 'listed', schemas: ['other', 'public'], operations: ['insert', 'delete'], viaPartitionRoot: false },
    dependsOn: ['schema other'],
  });
  expect(schema.annotations.get('publication feed')).toMatchObject({ doc: 'F.', renamedFrom: 'publication old' });
  expect(attributesOf(schema, 'comment publication feed')).toEqual({ on: 'publication feed', text: 'F.' });
  expect(objectOf(schema, 'publication-table feed.public.t')).toMatchObject({
    partOf: 'publication feed',
    attributes: { columns: ['id', 'n'], where: 'n > 1' },
    dependsOn: ['column public.t.id', 'column public.t.n', 'publication feed', 'table public.t'],
  });
  expect(attributesOf(schema, 'publication-table feed.other.u')).toEqual({});
  expect(attributesOf(schema, 'publication all')).toMatchObject({ of: 'all tables', viaPartitionRoot: true });
});

test('rows of lookup tables become objects that know their columns and the rows that they refer to', async () => {
  const schema = await loadText(`
export const groups = table('groups', { renamedFrom: 'sets', columns: { id: bigint(), code: text({ renamedFrom: 'name' }) }, primaryKey: ['id'],
  uniques: { groups_code: { columns: ['code'] } }, rowsKey: ['code'], rows: [{ id: '07', code: 'a.b' }, { id: '8', code: 'c' }] });
export const kinds = table('kinds', {
  columns: { id: uuid(), at: timestamptz(), group: references(() => groups, 'code'), parent: self('id', { nullable: true }), tags: arrayOf(text()), doc: jsonb(), own: text({ nullable: true }) },
  primaryKey: ['id'],
  rows: [
    { id: '0190C1F4-7d3a-7cc0-8000-000000000001', at: new Date('2026-01-31T10:00:00Z'), group: 'a.b', parent: null, tags: ['a', 'b "c" \\\\'], doc: { a: 1 } },
    { id: '0190c1f4-7d3a-7cc0-8000-000000000002', at: new Date(0), group: 'c', parent: '0190c1f4-7d3a-7cc0-8000-000000000001', tags: [], doc: 'text' },
  ] });`);
  expect(schema.diagnostics).toEqual([]);
  const [first, second] = ['1', '2'].map((last) => `reference-row public.kinds."0190c1f4-7d3a-7cc0-8000-00000000000${last}"`);
  expect(objectOf(schema, 'reference-row public.groups."a.b"')).toMatchObject({
    attributes: { key: ['code'], values: { id: '07', code: 'a.b' } },
  });
  expect(attributesOf(schema, first ?? '')).toEqual({
    key: ['id'],
    values: {
      id: '0190c1f4-7d3a-7cc0-8000-000000000001',
      at: '2026-01-31T10:00:00.000Z',
      group: 'a.b',
      parent: null,
      tags: String.raw`{"a","b \"c\" \\"}`,
      doc: '{"a":1}',
    },
  });
  expect(attributesOf(schema, second ?? '')).toMatchObject({ values: { tags: '{}', doc: '"text"' } });
  const rows = (id: string | undefined) => objectOf(schema, id ?? '').dependsOn.filter((each) => each.startsWith('reference-row '));
  expect(rows(first)).toEqual(['reference-row public.groups."a.b"']);
  expect(rows(second)).toEqual(['reference-row public.groups.c', first]);
  expect(schema.referenceTables).toEqual([
    {
      table: 'table public.groups',
      formerly: 'table public.sets',
      key: ['code'],
      columns: ['id', 'code'],
      formerColumns: { code: 'name' },
    },
    { table: 'table public.kinds', key: ['id'], columns: ['id', 'at', 'group', 'parent', 'tags', 'doc'], formerColumns: {} },
  ]);
});

test('every word becomes its objects', async () => {
  const schema = await loadText(shop);
  expect(schema.diagnostics).toEqual([]);
  expect(attributesOf(schema, 'schema archive')).toEqual({});
  expect(attributesOf(schema, 'extension citext')).toEqual({ schema: 'public', version: '1.6' });
  expect(attributesOf(schema, 'enum public.state')).toEqual({ values: ['new', 'paid'] });
  expect(attributesOf(schema, 'domain public.email')).toEqual({
    type: 'character varying(320)',
    nullable: true,
    checks: [
      { name: 'a_first', expression: "VALUE <> ''" },
      { name: 'email_form', expression: "VALUE LIKE '%@%'" },
    ],
  });
  expect(attributesOf(schema, 'sequence public.invoice_number')).toEqual({
    type: 'integer',
    start: '1000',
    increment: '1',
    minimum: '1',
    maximum: '2147483647',
    cache: '1',
    cycle: false,
  });
  expect(attributesOf(schema, 'table public.orders')).toEqual({
    persistence: 'permanent',
    storageParameters: { autovacuum_enabled: 'false' },
    rowSecurity: 'off',
  });
  expect(attributesOf(schema, 'view public.paid')).toEqual({
    query: "SELECT id FROM public.orders WHERE state = 'paid'",
    options: { security_barrier: 'true', check_option: 'local' },
  });
  expect(objectOf(schema, 'view public.paid').dependsOn).toEqual(['column public.orders.state', 'table public.orders']);
  expect(attributesOf(schema, 'materialized-view public.totals')).toEqual({
    query: 'SELECT count(*) AS n FROM public.paid',
    storageParameters: {},
  });
  expect(objectOf(schema, 'index public.totals_n')).toMatchObject({
    partOf: 'materialized-view public.totals',
    attributes: { on: 'materialized-view public.totals', unique: true },
  });
  expect(objectOf(schema, 'opaque audit')).toMatchObject({
    attributes: { create: 'CREATE FUNCTION f() …', drop: 'DROP FUNCTION f()' },
    // The whole of it, since its SQL may name any part.
    dependsOn: expect.arrayContaining(['table public.orders', 'column public.orders.id', 'index public.orders_recent']) as string[],
  });
});

test('columns and defaults', async () => {
  const schema = await loadText(shop);
  expect(objectOf(schema, 'column public.orders.id')).toEqual({
    kind: 'column',
    id: 'column public.orders.id',
    path: ['public', 'orders', 'id'],
    attributes: {
      type: 'bigint',
      nullable: false,
      identity: {
        generation: 'by default',
        start: '5',
        increment: '1',
        minimum: '1',
        maximum: '9223372036854775807',
        cache: '20',
        cycle: false,
      },
    },
    dependsOn: ['table public.orders'],
    partOf: 'table public.orders',
    facts: { position: 1 },
  });
  expect(attributesOf(schema, 'column public.orders.user_id')).toEqual({ type: 'bigint', nullable: true });
  expect(attributesOf(schema, 'column public.orders.parent_id')).toEqual({ type: 'bigint', nullable: true });
  expect(attributesOf(schema, 'column public.orders.log_id')).toEqual({ type: 'bigint', nullable: true });
  expect(attributesOf(schema, 'column public.orders.mail')).toEqual({
    type: 'public.email',
    nullable: false,
    collation: '"C"',
    storage: 'external',
    compression: 'lz4',
  });
  expect(objectOf(schema, 'column public.orders.mails')).toMatchObject({
    attributes: { type: 'public.email[]' },
    dependsOn: ['domain public.email', 'table public.orders'],
  });
  expect(attributesOf(schema, 'column public.orders.low')).toEqual({
    type: 'text',
    nullable: false,
    generated: { expression: 'lower(mail)', form: 'virtual' },
  });
  expect(objectOf(schema, 'default public.orders.number')).toMatchObject({
    attributes: { expression: "nextval('public.invoice_number'::regclass)" },
    dependsOn: ['column public.orders.number', 'sequence public.invoice_number'],
    partOf: 'column public.orders.number',
  });
  expect(attributesOf(schema, 'default public.orders.n')).toEqual({ expression: '-1' });
});

test('keys, constraints and indexes', async () => {
  const schema = await loadText(shop);
  expect(attributesOf(schema, 'primary-key public.orders.orders_pkey')).toEqual({
    columns: ['id'],
    include: ['state'],
    deferral: 'not deferrable',
    storageParameters: { fillfactor: '70' },
  });
  expect(attributesOf(schema, 'unique public.orders.orders_number')).toEqual({
    columns: ['number'],
    include: [],
    deferral: 'initially deferred',
    nullsNotDistinct: true,
    storageParameters: {},
  });
  expect(attributesOf(schema, 'unique public.users.users_tenant_id_key')).toMatchObject({ columns: ['tenant', 'id'] });
  expect(attributesOf(schema, 'check public.orders.orders_n')).toEqual({
    expression: "n > 0 AND state <> 'it''s'::public.state",
    noInherit: true,
    validated: true,
  });
  expect(objectOf(schema, 'check public.orders.orders_n').dependsOn).toContain('enum public.state');
  expect(objectOf(schema, 'foreign-key public.orders.orders_user_id_fkey')).toMatchObject({
    attributes: {
      columns: ['user_id'],
      references: 'table public.users',
      referencedColumns: ['id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
      match: 'simple',
    },
    dependsOn: [
      'column public.orders.user_id',
      'column public.users.id',
      'primary-key public.users.users_pkey',
      'table public.orders',
      'table public.users',
    ],
  });
  expect(objectOf(schema, 'foreign-key public.orders.orders_parent').attributes).toMatchObject({ references: 'table public.orders' });
  expect(objectOf(schema, 'foreign-key public.orders.orders_tenant')).toMatchObject({
    attributes: {
      columns: ['tenant', 'user_id'],
      referencedColumns: ['tenant', 'id'],
      onDelete: 'set null',
      onDeleteColumns: ['user_id'],
      match: 'full',
      deferral: 'deferrable',
    },
  });
  expect(objectOf(schema, 'foreign-key public.orders.orders_tenant').dependsOn).toContain('unique public.users.users_tenant_id_key');
  expect(attributesOf(schema, 'exclusion public.orders.orders_once')).toEqual({
    definition: 'EXCLUDE USING gist (number WITH =, (int4range(n, n + 1)) WITH &&) WHERE (n > 0)',
  });
  expect(attributesOf(schema, 'index public.orders_recent')).toEqual({
    on: 'table public.orders',
    method: 'btree',
    unique: false,
    nullsNotDistinct: false,
    keys: [
      { text: 'user_id', order: 'ascending', nulls: 'last' },
      { text: 'id', order: 'descending', nulls: 'last' },
    ],
    include: ['n'],
    where: 'n > 0',
    storageParameters: {},
  });
  expect(attributesOf(schema, 'index public.orders_tags')).toMatchObject({
    method: 'gin',
    keys: [{ text: 'tags', operatorClass: 'array_ops', order: 'ascending', nulls: 'last' }],
    storageParameters: { fastupdate: 'false' },
  });
  expect(attributesOf(schema, 'index public.orders_low')).toMatchObject({
    unique: true,
    keys: [{ text: '(lower(mail))', collation: '"C"' }],
  });
});

test('what stands beside the objects', async () => {
  const schema = await loadText(shop);
  expect(schema.project).toEqual({
    title: 'Shop',
    purpose: 'Sells.',
    postgres: 18,
    manages: 'declared',
    comments: 'database',
    lint: { x: 'off' },
    ignore: [{ address: 'table public.old_*', reason: 'r' }],
    planner: {},
    renames: 'in place',
  });
  expect({ ...schema.annotations.get('table public.orders') }).toEqual({
    doc: 'Orders.',
    group: 'people',
    owner: 'sales',
    renamedFrom: 'table public.order',
    expectedRows: 10,
    suppress: { 'some-lint': 'because' },
    place: { file: 'schema/main.ts', line: 11, column: 23 },
  });
  expect(schema.annotations.get('enum public.state')).toMatchObject({ renamedFrom: 'enum public.status' });
  expect(schema.annotations.get('column public.orders.id')).toMatchObject({
    renamedFrom: 'column public.orders.key',
    place: { line: 14, column: 5 },
  });
  expect(schema.annotations.get('column public.orders.tenant')).toMatchObject({ backfill: '0', using: 'tenant::bigint', pii: 'no' });
  expect(schema.annotations.get('foreign-key public.orders.orders_user_id_fkey')).toMatchObject({
    doc: 'Belongs.',
    renamedFrom: 'foreign-key public.orders.old_fk',
  });
  expect(schema.annotations.get('index public.orders_recent')).toMatchObject({ doc: 'Recent.', place: { line: 33, column: 5 } });
  for (const id of ['table public.users', 'column public.users.id', 'primary-key public.users.users_pkey']) {
    expect(schema.annotations.get(id)?.external).toBe(true);
  }
  expect(schema.softReferences).toEqual([
    {
      id: 'soft-reference public.orders.log_id',
      from: 'table public.orders',
      fromColumns: ['log_id'],
      to: 'table public.users',
      toColumns: ['id'],
      doc: 'May be gone.',
    },
  ]);
  expect(schema.groups).toEqual([{ name: 'people', doc: 'Who buys.' }]);
  expect(schema.requirements).toEqual([
    { name: 'r', text: 'T.', metBy: ['table public.orders', 'view public.paid', 'query paid_orders', 'index public.orders_*'] },
  ]);
  expect(schema.decisions).toMatchObject([{ name: 'd', alternatives: ['A'], concerns: ['column public.orders.n'] }]);
  expect(schema.openQuestions).toMatchObject([{ name: 'o', blocking: true, concerns: [] }]);
  expect(schema.reviews).toMatchObject([{ reviewer: 'ann', verdict: 'approved', concerns: ['table public.orders'], fingerprint: 'f' }]);
  expect(schema.queries).toMatchObject([
    {
      name: 'paid_orders',
      sql: 'SELECT * FROM public.paid',
      purpose: 'P.',
      use: { samples: {}, types: {}, budget: {} },
      place: { file: 'schema/main.ts', line: 42, column: 18 },
    },
  ]);
});

test('docs are comments in the database, of what is ours alone', async () => {
  const schema = await loadText(shop);
  expect(objectOf(schema, 'comment table public.orders')).toEqual({
    kind: 'comment',
    id: 'comment table public.orders',
    path: ['public', 'orders'],
    attributes: { on: 'table public.orders', text: 'Orders.' },
    dependsOn: ['table public.orders'],
    partOf: 'table public.orders',
  });
  expect(objectOf(schema, 'comment foreign-key public.orders.orders_user_id_fkey').attributes).toMatchObject({ text: 'Belongs.' });
  expect(schema.objects.filter((object) => object.id.startsWith('comment table')).map((object) => object.id)).toEqual([
    'comment table public.orders',
  ]);
  const documents = await loadText(shop.replace('postgres: 18,', "postgres: 18, comments: 'documents',"));
  expect(documents.objects.some((object) => object.id.startsWith('comment '))).toBe(false);
  expect(documents.annotations.get('table public.orders')?.doc).toBe('Orders.');
});

test('ids are unique and are addresses; dependencies exist and parts belong to something', async () => {
  const { objects } = await loadText(shop);
  const state = stateOf(objects);
  for (const object of objects) {
    expect(parseAddress(object.id)?.kind).toBe(object.kind);
    for (const id of [...object.dependsOn, ...(object.partOf === undefined ? [] : [object.partOf])])
      expect([object.id, state.has(id)]).toEqual([object.id, true]);
    expect(object.dependsOn).toEqual([...object.dependsOn].sort());
    expect(JSON.parse(JSON.stringify(object))).toEqual(object);
  }
});

test('partitions: a rule, and declared children at two levels', async () => {
  const schema = await loadText(`
export const archive = schema('archive');
export const a = table('a', {
  columns: { id: bigint(), at: timestamptz() }, primaryKey: ['id', 'at'],
  partitionBy: range('at', { every: '1 month', premake: 2, retain: '13 months', onRetire: { archive: 'archive' }, grace: '7 days', zone: 'Europe/Berlin', template: { fillfactor: 90 } }),
});
export const r = table('r', { columns: { at: timestamptz() }, partitionBy: range('at', { every: '1 day' }) });
export const b = table('b', {
  columns: { region: text(), id: bigint() },
  partitionBy: list('region', { children: {
    b_eu: { values: ['eu', "it's", null], doc: 'Europe.', partitionBy: hash('id', { modulus: 2, children: { b_eu_0: { remainder: 0 }, b_eu_1: { remainder: 1 } } }) },
    b_rest: { default: true },
  } }),
});
export const c = table('c', { columns: { y: integer() }, partitionBy: range('y', { children: { c_1: { from: 'minvalue', to: 10 }, c_2: { from: 10, to: 'maxvalue' } } }) });`);
  expect(schema.diagnostics).toEqual([]);
  expect(attributesOf(schema, 'table public.a')).toMatchObject({ partitionBy: 'RANGE (at)' });
  expect(objectOf(schema, 'partition-rule public.a')).toMatchObject({
    attributes: {
      column: 'at',
      every: '1 month',
      premake: 2,
      retain: '13 months',
      onRetire: 'archive',
      archiveSchema: 'archive',
      grace: '7 days',
      zone: 'Europe/Berlin',
      template: { fillfactor: '90' },
    },
    dependsOn: ['column public.a.at', 'partition-support schemac', 'schema archive', 'table public.a'],
    partOf: 'table public.a',
  });
  expect(attributesOf(schema, 'partition-rule public.r')).toEqual({
    column: 'at',
    every: '1 day',
    premake: 3,
    onRetire: 'keep',
    zone: 'UTC',
    template: {},
  });
  expect(schema.objects.filter((object) => object.id === 'partition-support schemac')).toHaveLength(1);
  expect(attributesOf(schema, 'partition public.b_eu')).toEqual({
    parent: 'table public.b',
    bound: "FOR VALUES IN ('eu', 'it''s', NULL)",
    partitionBy: 'HASH (id)',
    storageParameters: {},
  });
  expect(objectOf(schema, 'partition public.b_eu_1')).toMatchObject({
    attributes: { parent: 'partition public.b_eu', bound: 'FOR VALUES WITH (modulus 2, remainder 1)' },
    partOf: 'partition public.b_eu',
  });
  expect(attributesOf(schema, 'partition public.b_rest')).toMatchObject({ bound: 'DEFAULT' });
  expect(attributesOf(schema, 'partition public.c_1')).toMatchObject({ bound: 'FOR VALUES FROM (MINVALUE) TO (10)' });
});

test('computed names follow the convention, are cut with a hash, and step aside', async () => {
  const long = 'l'.repeat(60);
  const schema = await loadText(`
export const t = table('t', {
  columns: { id: bigint(), a: bigint(), b: bigint() }, primaryKey: ['id'],
  uniques: [{ columns: ['a', 'b'] }], checks: [sql\`a > 0\`, sql\`b > 0\`],
  indexes: [{ on: ['a', sql\`b + 1\`] }], exclusions: [{ elements: [{ on: 'a', with: '=' }] }],
  foreignKeys: [{ columns: ['a', 'b'], references: () => t, to: ['a', 'b'] }],
});
export const taken = table('u_pkey', { columns: { id: bigint() } });
export const u = table('u', { columns: { id: bigint() }, primaryKey: ['id'] });
export const w = table('${long}', { columns: { id: bigint(), other: bigint() }, primaryKey: ['id'], indexes: [{ on: 'id' }, { on: 'other' }] });`);
  expect(schema.diagnostics).toEqual([]);
  const ids = schema.objects.map((object) => object.id);
  expect(ids).toEqual(
    expect.arrayContaining([
      'primary-key public.t.t_pkey',
      'unique public.t.t_a_b_key',
      'check public.t.t_check',
      'check public.t.t_check1',
      'index public.t_a_expr_idx',
      'exclusion public.t.t_a_excl',
      'foreign-key public.t.t_a_b_fkey',
      'primary-key public.u.u_pkey1',
    ]),
  );
  const names = ids.filter((id) => id.startsWith('index public.lll')).map((id) => id.slice('index public.'.length));
  expect(names).toHaveLength(2);
  for (const name of names) expect(name).toMatch(/^l{50}_[0-9a-f]{8}_idx$/);
  expect(new Set(names).size).toBe(2);
});

test('hostile names are quoted in SQL and keep their text in objects', async () => {
  const hostile = ['select', 'two words', `a"b`, `semi;colon'`, 'Ünïcödé', '$$', 'line\nbreak', '2024', '`${x}`', '\\back', '__proto__'];
  const schema = await loadFiles({
    'schema/main.ts': `import { table, text, sql, column, name, desc } from 'schemac';
const names = ${JSON.stringify(hostile)};
export const t = table(${JSON.stringify(`t;"'$$`)}, {
  columns: names.map((each) => column(each, text({ doc: each }))),
  primaryKey: [...names],
  checks: { ${JSON.stringify(`c"'`)}: sql\`\${name(...[names[2]])} <> ''\` },
  indexes: { ${JSON.stringify('i\n"')}: { on: [desc(names[0]), names[2]] } },
});
export const v = sql\`\`;`,
  });
  expect(schema.diagnostics).toEqual([]);
  expect(schema.objects.filter((object) => object.kind === 'column').map((object) => object.path.at(-1))).toEqual(hostile);
  for (const object of schema.objects) expect(parseAddress(object.id.replace(/^comment /, ''))?.path).toEqual(object.path);
  expect(schema.objects.find((object) => object.kind === 'check')?.attributes).toMatchObject({ expression: `"a""b" <> ''` });
  expect(schema.objects.find((object) => object.kind === 'index')?.attributes).toMatchObject({
    keys: [{ text: '"select"' }, { text: '"a""b"' }],
  });
});

test('literals are quoted whatever is in them', async () => {
  const schema = await loadText(`export const t = table('t', { columns: {
  a: text({ default: literal("it's \\\\ $$ \\n;--") }), b: integer({ default: sql\`1 - \${-1}\` }), c: boolean({ default: false }), d: text({ nullable: true, default: literal(null) }) } });`);
  const texts = schema.objects
    .filter((object) => object.kind === 'default')
    .map((object) => (object.attributes as { expression: string }).expression);
  expect(texts).toEqual([`E'it''s \\\\ $$ \n;--'`, '1 - (-1)', 'false', 'NULL']);
});

test('without a project there are defaults, and the title is the name of the package', async () => {
  const { project } = await loadText(`export const t = table('t', { columns: { id: bigint() } });`);
  expect(project).toEqual({
    title: 'shop',
    purpose: '',
    postgres: 16,
    manages: 'declared',
    comments: 'database',
    lint: {},
    ignore: [],
    planner: {},
    renames: 'in place',
  });
});

test('mutual references between files, and things exported twice, are each one object', async () => {
  const schema = await loadFiles({
    'schema/a.ts': `import { table, bigint, references, type AnyTable } from 'schemac';\nimport { b } from './b.ts';\nexport const a = table('a', { columns: { id: bigint(), b_id: references((): AnyTable => b, 'id', { nullable: true }) }, primaryKey: ['id'] });`,
    'schema/b.ts': `import { table, bigint, references } from 'schemac';\nimport { a } from './a.ts';\nexport const b = table('b', { columns: { id: bigint(), a_id: references(() => a, 'id') }, primaryKey: ['id'] });`,
    'schema/index.ts': `export * from './b.ts';\nexport * as all from './a.ts';`,
    'schema/nested/more.ts': `export { a as again } from '../a.ts';`,
  });
  expect(schema.diagnostics).toEqual([]);
  expect(schema.objects.filter((object) => object.kind === 'table').map((object) => object.id)).toEqual([
    'table public.a',
    'table public.b',
  ]);
  expect(schema.objects.filter((object) => object.kind === 'foreign-key')).toHaveLength(2);
});

test('objects come in the order of files and of writing, not of names', async () => {
  const schema = await loadFiles({
    'schema/b.ts': `import { table, bigint } from 'schemac';\nexport const z = table('z', { columns: { id: bigint() } });\nexport const y = table('y', { columns: { id: bigint() } });`,
    'schema/a.ts': `import { table, bigint } from 'schemac';\nimport { y } from './b.ts';\nexport const needs = y;\nexport const x = table('x', { columns: { id: bigint() } });`,
  });
  // a.ts exports y again: it counts where it is met first.
  expect(schema.objects.filter((object) => object.kind === 'table').map((object) => object.id)).toEqual([
    'table public.y',
    'table public.x',
    'table public.z',
  ]);
});

test(
  'a chain of 1,000 tables in 1,000 files, each referencing the one before, whichever way their names go',
  { timeout: 120_000 },
  async () => {
    const chain = (fileOf: (index: number) => string) =>
      Object.fromEntries(
        Array.from({ length: 1000 }, (_, index) => [
          `schema/${fileOf(index)}.ts`,
          `import { table, bigint, references } from 'schemac';\n` +
            (index === 0
              ? `export const t = table('t0', { columns: { id: bigint() }, primaryKey: ['id'] });`
              : `import { t as before } from './${fileOf(index - 1)}.ts';\nexport const t = table('t${index}', { columns: { id: references(() => before, 'id') }, primaryKey: ['id'] });`),
        ]),
      );
    for (const fileOf of [(index: number) => `f${index}`, (index: number) => `f${9999 - index}`]) {
      const schema = await loadFiles(chain(fileOf));
      expect(schema.diagnostics).toEqual([]);
      expect(schema.objects.filter((object) => object.kind === 'foreign-key')).toHaveLength(999);
      expect(attributesOf(schema, 'column public.t999.id')).toEqual({ type: 'bigint', nullable: false });
    }
  },
);

test('the language imports nothing but itself and the quoting of names', () => {
  const folder = new URL('../../compiler/dsl/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const imports = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^(?:import|export|\}).* from '([^']+)'/gm)].map(
      (match) => match[1],
    );
    expect([file, imports.filter((each) => !each?.startsWith('./'))]).toEqual([file, file === 'zod.ts' ? ['zod'] : []]);
  }
});

test('the order in which files were made changes nothing, and runs do not disturb each other', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `schema/${index % 3 === 0 ? 'deep/er/' : ''}f${(index * 7) % 30}.ts`,
      `import { table, bigint } from 'schemac';\nexport const t = table('t${index}', { columns: { id: bigint() }, primaryKey: ['id'], indexes: [{ on: 'id' }] });`,
    ]),
  );
  const reversed = Object.fromEntries(Object.entries(files).reverse());
  const [first, ...others] = await Promise.all([files, reversed, files].map(loadFiles));
  const plain = (schema: DeclaredSchema | undefined) => JSON.stringify({ ...schema, annotations: [...(schema?.annotations ?? [])] });
  for (const other of others) expect(plain(other)).toBe(plain(first));
  expect(first?.objects.filter((object) => object.kind === 'table')).toHaveLength(30);
});
