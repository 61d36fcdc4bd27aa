/**
 * The rules that the planner is held to, a change and its steps each, in the words of
 * rule-book.test.ts. Where a plan is not what it should be yet, the row says so.
 */

export type Steps = readonly string[] | { readonly before18: readonly string[]; readonly since18: readonly string[] };

interface Side {
  readonly columns?: string;
  /** Further properties of the table; NAME is its name. */
  readonly more?: string;
}

export interface Rule {
  /** Its number in the rule book. */
  readonly row: string;
  readonly change: string;
  readonly before: Side;
  /** Absent where the table is dropped. */
  readonly after?: Side;
  readonly plain: Steps;
  readonly partitioned: Steps;
  /** What the rule book wants otherwise. */
  readonly fallsShort?: string;
}

/** A column of the new type, the trigger that fills it (both its statements), a backfill, statistics. */
const beside = ['transactional AX', 'transactional SRX', 'transactional SRX', 'backfill', 'validate SUX'];

const besideNotNull = {
  before18: [...beside.slice(0, 4), ...['transactional AX', 'validate SUX scan', 'transactional AX', 'transactional AX'], 'validate SUX'],
  since18: [...beside.slice(0, 4), 'transactional AX', 'validate SUX scan', 'validate SUX'],
};

/** A column, its sequence as default, a backfill, NOT NULL, the identity. */
const numbered = {
  before18: [
    ...['transactional AX', 'transactional AX', 'backfill'],
    ...['transactional AX', 'validate SUX scan', 'transactional AX', 'transactional AX', 'transactional AX'],
  ],
  since18: ['transactional AX', 'transactional AX', 'backfill', 'transactional AX', 'validate SUX scan', 'transactional AX'],
};

/** The trigger goes, the old column goes or gets another name, the new one gets its name: one transaction. */
const exchanged = ['transactional AX', 'transactional AX', 'transactional AX'];

export const rules: readonly Rule[] = [
  {
    row: 'C1',
    change: 'add a nullable column',
    before: {},
    after: { columns: 'x: integer({ nullable: true })' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'C2',
    change: 'add a NOT NULL column with a constant default',
    before: {},
    after: { columns: 'x: integer({ default: 7 })' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'C3',
    change: 'add a column with a stable default',
    before: {},
    after: { columns: 'x: timestamptz({ default: sql`now()` })' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'C4',
    change: 'add a column with a volatile default',
    before: {},
    after: { columns: 'x: uuid({ default: sql`gen_random_uuid()` })' },
    plain: {
      before18: [
        'transactional AX',
        'transactional AX',
        'backfill',
        'transactional AX',
        'validate SUX scan',
        'transactional AX',
        'transactional AX',
      ],
      since18: ['transactional AX', 'transactional AX', 'backfill', 'transactional AX', 'validate SUX scan'],
    },
    partitioned: {
      before18: [
        'transactional AX',
        'transactional AX',
        'backfill',
        'transactional AX',
        'validate SUX scan',
        'transactional AX',
        'transactional AX',
      ],
      since18: ['transactional AX', 'transactional AX', 'backfill', 'transactional AX', 'validate SUX scan'],
    },
  },
  {
    row: 'C5',
    change: 'add an identity column',
    before: {},
    after: { columns: "x: bigint({ identity: 'always' })" },
    plain: numbered,
    partitioned: numbered,
  },
  {
    row: 'C8',
    change: 'add a NOT NULL column without a default',
    before: {},
    after: { columns: "x: text({ backfill: sql`'a'` })" },
    plain: {
      before18: [
        'transactional AX',
        'backfill',
        'after: backfill',
        'after: transactional AX',
        'after: validate SUX scan',
        'after: transactional AX',
        'after: transactional AX',
      ],
      since18: ['transactional AX', 'backfill', 'after: backfill', 'after: transactional AX', 'after: validate SUX scan'],
    },
    partitioned: {
      before18: [
        'transactional AX',
        'backfill',
        'after: backfill',
        'after: transactional AX',
        'after: validate SUX scan',
        'after: transactional AX',
        'after: transactional AX',
      ],
      since18: ['transactional AX', 'backfill', 'after: backfill', 'after: transactional AX', 'after: validate SUX scan'],
    },
  },
  {
    row: 'C9',
    change: 'add a column with a check',
    before: {},
    after: { columns: 'x: integer({ nullable: true })', more: 'checks: { NAME_x_check: sql`x > 0` }' },
    plain: ['transactional AX', 'transactional AX', 'validate SUX scan'],
    partitioned: ['transactional AX', 'transactional AX', 'validate SUX scan'],
  },
  {
    row: 'C10',
    change: 'add a nullable column with a foreign key',
    before: {},
    after: { columns: "x: references(() => targets, 'id', { nullable: true })" },
    plain: ['transactional AX', 'transactional SRX SRX on targets', 'validate SUX scan'],
    partitioned: {
      before18: ['transactional AX', 'expand SRX on targets', 'expand', 'transactional AX AX on targets'],
      since18: ['transactional AX', 'transactional SRX SRX on targets', 'validate SUX scan'],
    },
  },
  {
    row: 'C12',
    change: 'add a unique column',
    before: {},
    after: { columns: 'x: integer({ nullable: true })', more: "uniques: { NAME_x_key: { columns: ['x', 'region'] } }" },
    plain: ['transactional AX', 'concurrent SUX scan', 'transactional AX'],
    partitioned: ['transactional AX', 'transactional AX scan'],
    fallsShort: 'on a partitioned table the index is built while writes wait; the rule book builds it on each partition',
  },
  {
    row: 'C14',
    change: 'drop a nullable column',
    before: { columns: 'x: integer({ nullable: true })' },
    after: {},
    plain: ['after: transactional AX'],
    partitioned: ['after: transactional AX'],
  },
  {
    row: 'C14B',
    change: 'drop a NOT NULL column',
    before: { columns: 'x: integer()' },
    after: {},
    plain: ['transactional AX', 'after: transactional AX'],
    partitioned: ['transactional AX', 'after: transactional AX'],
  },
  {
    row: 'C15',
    change: 'drop a column of an index that is replaced',
    before: { columns: 'x: integer({ nullable: true })', more: "indexes: { NAME_i: { on: ['id', 'x'] } }" },
    after: { more: "indexes: { NAME_i: { on: ['id'] } }" },
    plain: ['concurrent SUX scan', 'after: concurrent SUX', 'after: transactional AX'],
    partitioned: ['transactional S', 'expand SUX', 'expand SUX', 'after: transactional AX', 'after: transactional AX'],
  },
  {
    row: 'C20',
    change: 'rename a column, old code going on',
    before: { columns: 'x: integer({ nullable: true })' },
    after: { columns: "y: integer({ nullable: true, renamedFrom: 'x' })" },
    plain: [...beside, 'after: transactional AX', 'after: transactional AX'],
    partitioned: [...beside, 'after: transactional AX', 'after: transactional AX'],
  },
  {
    row: 'T1',
    change: 'widen a varchar',
    before: { columns: 'x: varchar({ length: 50, nullable: true })' },
    after: { columns: 'x: varchar({ length: 100, nullable: true })' },
    plain: ['transactional AX', 'validate SUX'],
    partitioned: ['transactional AX', 'validate SUX'],
  },
  {
    row: 'T2',
    change: 'widen a varchar under an index',
    before: { columns: 'x: varchar({ length: 50, nullable: true })', more: "indexes: { NAME_i: { on: 'x' } }" },
    after: { columns: 'x: varchar({ length: 100, nullable: true })', more: "indexes: { NAME_i: { on: 'x' } }" },
    plain: ['transactional AX', 'validate SUX'],
    // PostgreSQL would build the index of every partition again under the lock of ALTER TABLE.
    partitioned: [...beside, 'transactional S', 'expand SUX', 'expand SUX', 'transactional AX', ...exchanged],
  },
  {
    row: 'T3',
    change: 'narrow a varchar',
    before: { columns: 'x: varchar({ length: 50, nullable: true })' },
    after: { columns: 'x: varchar({ length: 20, nullable: true })' },
    plain: [...beside, ...exchanged, 'after: transactional AX'],
    partitioned: [...beside, ...exchanged, 'after: transactional AX'],
  },
  {
    row: 'T5',
    change: 'integer becomes bigint',
    before: { columns: 'x: integer({ nullable: true })' },
    after: { columns: 'x: bigint({ nullable: true })' },
    plain: [...beside, ...exchanged],
    partitioned: [...beside, ...exchanged],
  },
  {
    row: 'T5B',
    change: 'a NOT NULL integer under an index becomes bigint',
    before: { columns: 'x: integer()', more: "indexes: { NAME_i: { on: 'x' } }" },
    after: { columns: 'x: bigint()', more: "indexes: { NAME_i: { on: 'x' } }" },
    plain: {
      before18: [...besideNotNull.before18, 'concurrent SUX scan', 'transactional AX', ...exchanged],
      since18: [...besideNotNull.since18, 'concurrent SUX scan', 'transactional AX', ...exchanged, 'transactional AX'],
    },
    partitioned: {
      before18: [...besideNotNull.before18, 'transactional S', 'expand SUX', 'expand SUX', 'transactional AX', ...exchanged],
      since18: [
        ...besideNotNull.since18,
        'transactional S',
        'expand SUX',
        'expand SUX',
        'transactional AX',
        ...exchanged,
        'transactional AX',
      ],
    },
  },
  {
    row: 'T6',
    change: 'widen a numeric',
    before: { columns: 'x: numeric({ precision: 10, scale: 2, nullable: true })' },
    after: { columns: 'x: numeric({ precision: 12, scale: 2, nullable: true })' },
    plain: ['transactional AX', 'validate SUX'],
    partitioned: ['transactional AX', 'validate SUX'],
  },
  {
    row: 'D1',
    change: 'set a default',
    before: { columns: 'x: integer({ nullable: true })' },
    after: { columns: 'x: integer({ nullable: true, default: 7 })' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'D1B',
    change: 'drop a default',
    before: { columns: 'x: integer({ nullable: true, default: 7 })' },
    after: { columns: 'x: integer({ nullable: true })' },
    plain: ['after: transactional AX'],
    partitioned: ['after: transactional AX'],
  },
  {
    row: 'N1',
    change: 'a column with a default becomes NOT NULL',
    before: { columns: 'x: integer({ nullable: true, default: 7 })' },
    after: { columns: 'x: integer({ default: 7 })' },
    plain: {
      before18: ['transactional AX', 'validate SUX scan', 'transactional AX', 'transactional AX'],
      since18: ['transactional AX', 'validate SUX scan'],
    },
    partitioned: {
      before18: ['transactional AX', 'validate SUX scan', 'transactional AX', 'transactional AX'],
      since18: ['transactional AX', 'validate SUX scan'],
    },
  },
  {
    row: 'N1B',
    change: 'a column without a default becomes NOT NULL',
    before: { columns: 'x: integer({ nullable: true })' },
    after: { columns: 'x: integer()' },
    plain: {
      before18: ['after: transactional AX', 'after: validate SUX scan', 'after: transactional AX', 'after: transactional AX'],
      since18: ['after: transactional AX', 'after: validate SUX scan'],
    },
    partitioned: {
      before18: ['after: transactional AX', 'after: validate SUX scan', 'after: transactional AX', 'after: transactional AX'],
      since18: ['after: transactional AX', 'after: validate SUX scan'],
    },
  },
  {
    row: 'N2',
    change: 'a column may be null',
    before: { columns: 'x: integer()' },
    after: { columns: 'x: integer({ nullable: true })' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'K1',
    change: 'add a check',
    before: { columns: 'x: integer()' },
    after: { columns: 'x: integer()', more: 'checks: { NAME_x_check: sql`x > 0` }' },
    plain: ['transactional AX', 'validate SUX scan'],
    partitioned: ['transactional AX', 'validate SUX scan'],
  },
  {
    row: 'K2',
    change: 'drop a check',
    before: { columns: 'x: integer()', more: 'checks: { NAME_x_check: sql`x > 0` }' },
    after: { columns: 'x: integer()' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'K4',
    change: 'change a check',
    before: { columns: 'x: integer()', more: 'checks: { NAME_x_check: sql`x > 0` }' },
    after: { columns: 'x: integer()', more: 'checks: { NAME_x_check: sql`x > 1` }' },
    plain: ['transactional AX', 'validate SUX scan', 'transactional AX', 'transactional AX'],
    partitioned: ['transactional AX', 'validate SUX scan', 'transactional AX', 'transactional AX'],
  },
  {
    row: 'F1',
    change: 'add a foreign key',
    before: { columns: 'x: bigint()' },
    after: { columns: "x: references(() => targets, 'id')" },
    plain: ['transactional SRX SRX on targets', 'validate SUX scan'],
    partitioned: {
      before18: ['expand SRX on targets', 'expand', 'transactional AX AX on targets'],
      since18: ['transactional SRX SRX on targets', 'validate SUX scan'],
    },
  },
  {
    row: 'F4',
    change: 'drop a foreign key',
    before: { columns: "x: references(() => targets, 'id')" },
    after: { columns: 'x: bigint()' },
    plain: ['transactional AX AX on targets'],
    partitioned: ['transactional AX AX on targets'],
  },
  {
    row: 'F5',
    change: 'change what a foreign key does',
    before: { columns: "x: references(() => targets, 'id')" },
    after: { columns: "x: references(() => targets, 'id', { onDelete: 'cascade' })" },
    plain: ['transactional SRX SRX on targets', 'validate SUX scan', 'transactional AX AX on targets', 'transactional AX'],
    partitioned: {
      before18: ['transactional AX AX on targets', 'expand SRX on targets', 'expand', 'transactional AX AX on targets'],
      since18: ['transactional SRX SRX on targets', 'validate SUX scan', 'transactional AX AX on targets', 'transactional AX'],
    },
    fallsShort: 'up to 17 the key of a partitioned table is dropped before the new one is there',
  },
  {
    row: 'U1',
    change: 'add a unique constraint',
    before: { columns: 'x: integer()' },
    after: { columns: 'x: integer()', more: "uniques: { NAME_x_key: { columns: ['x', 'region'] } }" },
    plain: ['concurrent SUX scan', 'transactional AX'],
    partitioned: ['transactional AX scan'],
    fallsShort: 'on a partitioned table the index is built while writes wait; the rule book builds it on each partition',
  },
  {
    row: 'U2',
    change: 'add a primary key',
    before: { more: 'no key' },
    after: {},
    plain: ['concurrent SUX scan', 'transactional AX'],
    partitioned: ['transactional AX scan'],
    fallsShort: 'on a partitioned table the index is built while writes wait; the rule book builds it on each partition',
  },
  {
    row: 'U7',
    change: 'drop a unique constraint',
    before: { columns: 'x: integer()', more: "uniques: { NAME_x_key: { columns: ['x', 'region'] } }" },
    after: { columns: 'x: integer()' },
    plain: ['transactional AX'],
    partitioned: ['transactional AX'],
  },
  {
    row: 'I1',
    change: 'add an index',
    before: { columns: 'x: integer()' },
    after: { columns: 'x: integer()', more: "indexes: { NAME_i: { on: 'x' } }" },
    plain: ['concurrent SUX scan'],
    partitioned: ['transactional S', 'expand SUX', 'expand SUX'],
  },
  {
    row: 'I2',
    change: 'drop an index',
    before: { columns: 'x: integer()', more: "indexes: { NAME_i: { on: 'x' } }" },
    after: { columns: 'x: integer()' },
    plain: ['after: concurrent SUX'],
    partitioned: ['after: transactional AX'],
  },
  {
    row: 'I4',
    change: 'change an index',
    before: { columns: 'x: integer()', more: "indexes: { NAME_i: { on: 'x' } }" },
    after: { columns: 'x: integer()', more: "indexes: { NAME_i: { on: ['x', 'id'] } }" },
    plain: ['concurrent SUX scan', 'concurrent SUX'],
    partitioned: ['transactional S', 'expand SUX', 'expand SUX', 'transactional AX'],
  },
  {
    row: 'M3',
    change: 'drop a table',
    before: {},
    plain: ['after: transactional AX'],
    partitioned: ['after: transactional AX'],
  },
];
