/** What compiles: the types of rows. Checked by the compiler; nothing here runs. */
import {
  arrayOf,
  bigint,
  boolean,
  bytea,
  column,
  compositeType,
  customType,
  date,
  domain,
  enumType,
  externalTable,
  integer,
  interval,
  jsonb,
  literal,
  materializedView,
  numeric,
  ofType,
  rangeType,
  references,
  self,
  softReference,
  sql,
  table,
  text,
  timestamptz,
  uuid,
  view,
} from 'schemac';
import type { AnyTable, IntervalValue, JsonValue, NewRow, Row } from 'schemac';

type Same<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
type Flat<T> = { [Key in keyof T]: T[Key] };
declare function expectSame<Left, Right>(same: Same<Flat<Left>, Flat<Right>>): void;

const state = enumType('state', ['new', 'paid']);
const email = domain('email', { type: text() });
const point = customType('geometry(Point, 4326)');

export const users = externalTable('users', { columns: { id: bigint(), name: text({ nullable: true }) }, primaryKey: ['id'] });

export const orders = table('orders', {
  columns: {
    id: bigint({ identity: 'always' }),
    number: integer({ identity: { generation: 'by default', start: 10 } }),
    user_id: references(() => users, 'id'),
    gone_id: softReference(() => users, 'id', { nullable: true }),
    parent_id: self('id', { nullable: true }),
    state: ofType(state, { default: literal('new') }),
    mail: ofType(email),
    total: numeric({ precision: 10, scale: 2 }),
    paid: boolean({ default: false }),
    at: timestamptz({ default: sql`now()` }),
    day: date({ nullable: true, default: sql`current_date` }),
    meta: jsonb<{ readonly color: string }>({ nullable: true }),
    any: jsonb(),
    settings: jsonb<string[]>({ default: sql`'[]'` }),
    bytes: bytea(),
    took: interval(),
    tags: arrayOf(text(), { default: sql`'{}'` }),
    place: point({ nullable: true }),
    low: text({ generated: sql`lower(mail)` }),
  },
  primaryKey: ['id'],
});

expectSame<
  Row<typeof orders>,
  {
    id: string;
    number: number;
    user_id: string;
    gone_id: string | null;
    parent_id: string | null;
    state: 'new' | 'paid';
    mail: string;
    total: string;
    paid: boolean;
    at: Date;
    day: Date | null;
    meta: { readonly color: string } | null;
    any: JsonValue;
    settings: string[];
    bytes: Uint8Array;
    took: IntervalValue;
    tags: string[];
    place: string | null;
    low: string;
  }
>(true);
expectSame<
  NewRow<typeof orders>,
  {
    number?: number;
    user_id: string;
    gone_id?: string | null;
    parent_id?: string | null;
    state?: 'new' | 'paid';
    mail: string;
    total: string;
    paid?: boolean;
    at?: Date;
    day?: Date | null;
    meta?: { readonly color: string } | null;
    any: JsonValue;
    settings?: string[];
    bytes: Uint8Array;
    took: IntervalValue;
    tags?: string[];
    place?: string | null;
  }
>(true);

/** A reference to a self reference, names that a key cannot hold, views, a circle. */
export const items = table('items', { columns: { order_parent: references(() => orders, 'parent_id') } });
expectSame<Row<typeof items>, { order_parent: string }>(true);
export const years = table('years', {
  columns: [column('2024', integer()), column('note', text({ nullable: true }))],
  primaryKey: ['2024'],
});
expectSame<Row<typeof years>, { readonly 2024: number; readonly note: string | null }>(true);
export const paid = view('paid', { query: sql`SELECT id FROM ${orders}`, columns: { id: uuid() } });
expectSame<Row<typeof paid>, { id: string }>(true);
export const counts = materializedView('counts', { query: sql`SELECT 1 AS n`, columns: { n: bigint({ nullable: true }) } });
expectSame<Row<typeof counts>, { n: string | null }>(true);
export const a = table('a', { columns: { id: uuid(), b_id: references((): AnyTable => b, 'id', { nullable: true }) }, primaryKey: ['id'] });
export const b = table('b', { columns: { id: uuid(), a_id: references(() => a, 'id') }, primaryKey: ['id'] });
expectSame<Row<typeof b>, { id: string; a_id: string }>(true);

/** Composite and range values come as text; a composite may be in an array, a range has its multirange. */
const address = compositeType('address', { attributes: { street: text({ doc: 'Street.' }), number: integer() } });
const span = rangeType('span', { subtype: integer() });
export const places = table('places', {
  columns: {
    home: ofType(address),
    others: arrayOf(ofType(address)),
    open: ofType(span),
    closed: ofType(span.multirange, { nullable: true }),
  },
});
expectSame<Row<typeof places>, { home: string; others: string[]; open: string; closed: string | null }>(true);

/** The values are of their types. */
// @ts-expect-error bigint is text
({}) as Row<typeof users> satisfies { id: number };
// @ts-expect-error an identity column that is always generated is not given
({ id: '1', user_id: '1' }) satisfies Partial<NewRow<typeof orders>>;
// @ts-expect-error nor is a generated column
({ low: '' }) satisfies Partial<NewRow<typeof orders>>;
// @ts-expect-error not a value of the enum
({ state: 'old' }) satisfies Partial<NewRow<typeof orders>>;
// @ts-expect-error not nullable
({ mail: null }) satisfies Partial<NewRow<typeof orders>>;
