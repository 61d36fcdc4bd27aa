/**
 * One schema for each rule on which it speaks, and one near it on which it is silent. The subjects
 * that it must name stand beside; a case with `before` is a migration.
 */
export interface RuleCase {
  readonly code: string;
  readonly fires: string;
  /** The subjects of all findings, sorted; absent subjects as ''. */
  readonly subjects: readonly string[];
  readonly quiet: string;
  readonly before?: string;
}

/** A table `t` whose columns, and what else it says, are given. */
const t = (columns: string, more = ''): string =>
  `export const t = table('t', { doc: 'A row.', columns: { id: bigint({ doc: 'Key.' }), ${columns} }, primaryKey: ['id'], ${more} });`;

const byMonth = (name: string, more: string, rule = `every: '1 month'`): string =>
  `export const ${name} = table('${name}', { columns: { id: bigint(), at: timestamptz(), ${more} }, primaryKey: ['id', 'at'], partitionBy: range('at', { ${rule} }) });`;

const users = `export const users = externalTable('users', { columns: { id: bigint() }, primaryKey: ['id'] });`;
const external = (columns: string): string =>
  `export const theirs = externalTable('theirs', { columns: { id: bigint(), ${columns} }, primaryKey: ['id'] });`;

export const cases: readonly RuleCase[] = [
  {
    code: 'undocumented-table',
    fires: `export const t = table('t', { doc: ' ', columns: { id: bigint({ doc: 'Key.' }) } });`,
    subjects: ['table public.t'],
    quiet: `${t('')} ${external('')}`,
  },
  {
    code: 'undocumented-column',
    fires: t('body: text()'),
    subjects: ['column public.t.body'],
    quiet: `${t(`body: text({ doc: 'What.' })`)} ${external('body: text()')}`,
  },
  {
    code: 'undocumented-index',
    fires: t('body: text()', `indexes: { t_body: { on: 'body' } }`),
    subjects: ['index public.t_body'],
    quiet: t('body: text()', `indexes: { t_body: { on: 'body', doc: 'Search.' } }`),
  },
  {
    code: 'undocumented-constraint',
    fires: t(
      `a: integer({ doc: 'A.' }), b: integer({ doc: 'B.' }), other: references(() => t, 'id')`,
      `uniques: { t_a_key: { columns: ['a'] } }, checks: { t_positive: sql\`a > 0\` }, rowSecurity: 'on', policies: { p: { using: sql\`true\` } }`,
    ),
    subjects: ['check public.t.t_positive', 'foreign-key public.t.t_other_fkey', 'policy public.t.p', 'unique public.t.t_a_key'],
    quiet: t(
      `a: integer({ doc: 'A.' }), other: self('id', { doc: 'The one before.' }), bare: self('id', { constraint: { doc: 'Why.' } })`,
      `uniques: { t_a_key: { columns: ['a'], doc: 'Why.' } }, checks: { t_positive: { expression: sql\`a > 0\`, doc: 'Why.' } }`,
    ),
  },
  {
    code: 'undocumented-view',
    fires: `${t('')} export const v = view('v', { query: sql\`SELECT id FROM \${t}\` }); export const m = materializedView('m', { query: sql\`SELECT id FROM \${t}\` });`,
    subjects: ['materialized-view public.m', 'view public.v'],
    quiet: `${t('')} export const v = view('v', { query: sql\`SELECT id FROM \${t}\`, doc: 'Ids.' });`,
  },
  {
    code: 'publication-without-identity',
    fires: `export const s = project({ postgres: 18 });
      export const bare = table('bare', { columns: { id: bigint() } }); ${t(`n: integer({ doc: 'N.' })`)} ${external('n: integer()')}
      export const a = publication('a', { tables: [bare, published(() => t, { columns: ['n'] })] });
      export const b = publication('b', { tables: [published(() => t, { where: sql\`n > 1\` })], operations: ['delete'] });
      export const c = publication('c', { allTables: true }); export const d = publication('d', { schemas: ['public'] });`,
    subjects: [
      'publication c',
      'publication d',
      'publication-table a.public.bare',
      'publication-table a.public.t',
      'publication-table b.public.t',
    ],
    quiet: `export const s = project({ postgres: 18 });
      export const bare = table('bare', { columns: { id: bigint() } }); ${t(`n: integer({ doc: 'N.' })`)}
      export const a = publication('a', { tables: [bare, published(() => t, { columns: ['n'] })], operations: ['insert', 'truncate'] });
      export const b = publication('b', { tables: [published(() => t, { columns: ['id', 'n'], where: sql\`id > 1\` })] });`,
  },
  {
    code: 'undocumented-type',
    fires: `export const e = enumType('e', ['a']); export const d = domain('d', { type: text() });
      export const c = compositeType('c', { attributes: { a: text() } }); export const r = rangeType('r', { subtype: integer() });`,
    subjects: ['attribute public.c.a', 'composite public.c', 'domain public.d', 'enum public.e', 'range public.r'],
    quiet: `export const e = enumType('e', ['a'], { doc: 'E.' }); export const d = domain('d', { type: text(), doc: 'D.' });
      export const c = compositeType('c', { attributes: { a: text({ doc: 'A.' }) }, doc: 'C.' }); export const r = rangeType('r', { subtype: integer(), doc: 'R.' });`,
  },
  {
    code: 'personal-data-without-doc',
    fires: t(`email: text({ pii: 'names a person' }), phone: text({ doc: 'Phone.', pii: '' })`),
    subjects: ['column public.t.email', 'column public.t.phone'],
    quiet: t(`email: text({ doc: 'Where mail goes.', pii: 'names a person' }), body: text()`),
  },
  {
    code: 'char-type',
    fires: `${t('country: char({ length: 2 }), list: arrayOf(char({ length: 3 }))')} export const d = domain('d', { type: char({ length: 2 }) });`,
    subjects: ['column public.t.country', 'column public.t.list', 'domain public.d'],
    quiet: `${t(`country: text(), short: varchar({ length: 2 }), one: customType('"char"')()`)} ${external('code: char({ length: 2 })')}`,
  },
  {
    code: 'varchar-limit',
    fires: t('subject: varchar({ length: 200 })'),
    subjects: ['column public.t.subject'],
    quiet: t('subject: varchar(), body: text()'),
  },
  {
    code: 'timestamp-without-time-zone',
    fires: t('at: timestamp(), exact: timestamp({ precision: 3 })'),
    subjects: ['column public.t.at', 'column public.t.exact'],
    quiet: t('at: timestamptz(), exact: timestamptz({ precision: 3 }), clock: time()'),
  },
  { code: 'json-type', fires: t('data: json()'), subjects: ['column public.t.data'], quiet: t('data: jsonb()') },
  {
    code: 'enum-type',
    fires: `export const e = enumType('e', ['a'], { doc: 'E.' });`,
    subjects: ['enum public.e'],
    quiet: t('status: text()', `checks: { known: sql\`status IN ('a', 'b')\` }`),
  },
  {
    code: 'integer-key',
    fires: `export const t = table('t', { columns: { id: integer({ identity: 'always' }) }, primaryKey: ['id'] });
      export const s = table('s', { columns: { id: smallint() }, primaryKey: ['id'], expectedRows: 100000 });`,
    subjects: ['column public.s.id', 'column public.t.id'],
    quiet: `${t('amount: integer()')} export const s = table('s', { columns: { id: integer() }, primaryKey: ['id'], expectedRows: 200 });
      export const pair = table('pair', { columns: { day: integer(), id: bigint() }, primaryKey: ['day', 'id'] });`,
  },
  {
    code: 'serial-default',
    fires: `export const numbers = sequence('numbers'); ${t(`number: bigint({ default: sql\`nextval(\${numbers})\` })`)}`,
    subjects: ['default public.t.number'],
    quiet: t(`number: bigint({ default: 7 }), made: bigint({ identity: 'always' })`),
  },
  {
    code: 'no-primary-key',
    fires: `export const t = table('t', { columns: { id: bigint() } });`,
    subjects: ['table public.t'],
    quiet: `${t('')} export const theirs = externalTable('theirs', { columns: { id: bigint() } });`,
  },
  {
    code: 'uuid-v4-primary-key',
    fires: `export const t = table('t', { columns: { id: uuid({ default: sql\`gen_random_uuid()\` }) }, primaryKey: ['id'], expectedRows: 5000000 });`,
    subjects: ['column public.t.id'],
    quiet: `export const t = table('t', { columns: { id: uuid({ default: sql\`gen_random_uuid()\` }) }, primaryKey: ['id'], expectedRows: 5000 });
      export const s = table('s', { columns: { id: uuid(), token: uuid({ default: sql\`gen_random_uuid()\` }) }, primaryKey: ['id'], expectedRows: 5000000 });`,
  },
  {
    code: 'foreign-key-without-index',
    fires: `${users} ${t(
      `a: references(() => users, 'id'), b: references(() => users, 'id'), c: references(() => users, 'id')`,
      `indexes: { t_late: { on: ['id', 'a'] }, t_part: { on: 'b', where: sql\`b > 7\` }, t_brin: { on: 'c', method: 'brin' } }`,
    )}`,
    subjects: ['foreign-key public.t.t_a_fkey', 'foreign-key public.t.t_b_fkey', 'foreign-key public.t.t_c_fkey'],
    quiet: `${users} ${t(
      `a: references(() => users, 'id'), b: references(() => users, 'id', { nullable: true }), "C": references(() => users, 'id')`,
      `indexes: { t_a: { on: ['a', desc('id')] }, t_b: { on: 'b', where: sql\`b IS NOT NULL\` }, t_c: { on: 'C', method: 'hash' } }`,
    )} export const few = table('few', { columns: { a: references(() => users, 'id') }, expectedRows: 50 });`,
  },
  {
    code: 'soft-reference-without-index',
    fires: `${users} ${t(`a: softReference(() => users, 'id')`)}`,
    subjects: ['column public.t.a'],
    quiet: `${users} ${t(`a: softReference(() => users, 'id')`, `indexes: { t_a: { on: 'a' } }`)}`,
  },
  {
    code: 'duplicate-index',
    fires: t('a: text(), b: text()', `indexes: { t_id: { on: 'id' }, t_a: { on: ['a', 'b'] }, t_a_again: { on: ['a', 'b'] } }`),
    subjects: ['index public.t_a_again', 'index public.t_id'],
    quiet: t(
      'a: text(), b: text()',
      `indexes: { one: { on: ['a', 'b'] }, two: { on: ['b', 'a'] }, three: { on: ['a', desc('b')] }, four: { on: ['a', 'b'], where: sql\`a <> ''\` }, five: { on: ['a', 'b'], method: 'brin' }, six: { on: [key('a', { operatorClass: 'text_pattern_ops' }), 'b'] } }`,
    ),
  },
  {
    code: 'prefix-index',
    fires: t('a: text(), b: text()', `indexes: { short: { on: 'a' }, long: { on: ['a', 'b'] } }`),
    subjects: ['index public.short'],
    quiet: t(
      'a: text(), b: text()',
      `indexes: { once: { on: 'a', unique: true }, part: { on: 'a', where: sql\`a <> ''\` }, other: { on: 'a', method: 'hash' }, covering: { on: 'a', include: ['id'] }, long: { on: ['a', 'b'] } }`,
    ),
  },
  {
    code: 'nullable-partition-key',
    fires: `export const t = table('t', { columns: { region: text({ nullable: true }) }, partitionBy: list('region', { children: { t_eu: { values: ['eu'] } } }) });`,
    subjects: ['column public.t.region'],
    quiet: `export const t = table('t', { columns: { region: text(), note: text({ nullable: true }) }, partitionBy: list('region', { children: { t_eu: { values: ['eu'] } } }) });`,
  },
  {
    code: 'default-partition',
    fires: `export const t = table('t', { columns: { region: text() }, partitionBy: list('region', { children: { t_eu: { values: ['eu'] }, t_rest: { default: true } } }) });`,
    subjects: ['partition public.t_rest'],
    quiet: `export const t = table('t', { columns: { region: text() }, partitionBy: list('region', { children: { t_eu: { values: ['eu', 'DEFAULT'] } } }) });`,
  },
  {
    code: 'partition-count',
    fires: `${byMonth('t', '', `every: '1 day', retain: '6 months', onRetire: 'drop'`)} ${byMonth('s', '', `every: '1 week'`)}`,
    subjects: ['table public.s', 'table public.t'],
    quiet: `${byMonth('t', '', `every: '1 month', premake: 3, retain: '13 months', onRetire: 'drop'`)} ${byMonth('s', '')}`,
  },
  {
    code: 'retention-order',
    fires: `${byMonth('parent', '', `every: '1 month', retain: '3 months', onRetire: 'drop'`)}
      ${byMonth('child', `parent_id: softReference(() => parent, 'id')`, `every: '1 month', retain: '13 months', onRetire: 'drop'`)}
      export const forever = table('forever', { columns: { parent_id: bigint(), parent_at: timestamptz() }, foreignKeys: { fk: { columns: ['parent_id', 'parent_at'], references: () => parent, to: ['id', 'at'] } } });`,
    subjects: ['column public.child.parent_id', 'foreign-key public.forever.fk'],
    quiet: `${users} ${byMonth('parent', '', `every: '1 month', retain: '13 months', onRetire: 'drop'`)}
      ${byMonth('child', `parent_id: softReference(() => parent, 'id'), user_id: softReference(() => users, 'id')`, `every: '1 day', retain: '90 days', onRetire: 'drop'`)}
      ${byMonth('even', `parent_id: softReference(() => parent, 'id')`, `every: '1 month', retain: '13 months', onRetire: 'drop'`)}`,
  },
  {
    code: 'long-partition-names',
    fires: `${byMonth('a'.repeat(54), '')} ${byMonth('b'.repeat(49), '', `every: '6 hours', retain: '3 days', onRetire: 'drop'`)}`,
    subjects: [`partition-rule public.${'a'.repeat(54)}`, `partition-rule public.${'b'.repeat(49)}`],
    quiet: `${byMonth('a'.repeat(53), '')} ${byMonth('b'.repeat(48), '', `every: '6 hours', retain: '3 days', onRetire: 'drop'`)}`,
  },
  {
    code: 'foreign-key-from-partitioned-table',
    fires: `${users} ${byMonth('t', `user_id: references(() => users, 'id')`)}`,
    subjects: ['foreign-key public.t.t_user_id_fkey'],
    quiet: `${users} ${t(`user_id: references(() => users, 'id')`)} ${byMonth('s', `user_id: softReference(() => users, 'id')`)}`,
  },
  {
    code: 'foreign-key-to-partitioned-table',
    fires: `${byMonth('parent', '')} export const t = table('t', { columns: { a: bigint(), b: timestamptz() }, foreignKeys: { fk: { columns: ['a', 'b'], references: () => parent, to: ['id', 'at'] } } });`,
    subjects: ['foreign-key public.t.fk'],
    quiet: `${byMonth('parent', '')} export const t = table('t', { columns: { a: softReference(() => parent, 'id') } });`,
  },
  {
    code: 'row-security-without-policy',
    fires: `${t('', `rowSecurity: 'forced'`)} export const u = table('u', { doc: 'U.', columns: { id: bigint({ doc: 'Key.' }) }, primaryKey: ['id'], rowSecurity: 'on' });`,
    subjects: ['table public.t', 'table public.u'],
    quiet: `${t('', `rowSecurity: 'on', policies: { p: { using: sql\`id > 0\` } }`)} ${external('')}`,
  },
  {
    code: 'policy-without-row-security',
    fires: t('', `policies: { p: { using: sql\`id > 0\` }, q: { for: 'insert', withCheck: sql\`true\` } }`),
    subjects: ['policy public.t.p', 'policy public.t.q'],
    quiet: t('', `rowSecurity: 'on', policies: { p: { using: sql\`id > 0\` } }`),
  },
  {
    code: 'stable-default-for-old-rows',
    before: t(''),
    fires: t('added: timestamptz({ default: sql`now()` })'),
    subjects: ['column public.t.added'],
    quiet: `${t('added: integer({ default: 7 })')} export const s = table('s', { columns: { at: timestamptz({ default: sql\`now()\` }) } });`,
  },
  {
    code: 'volatile-default-for-old-rows',
    before: t(''),
    fires: t('token: uuid({ default: sql`gen_random_uuid()` })'),
    subjects: ['column public.t.token'],
    quiet: `${t('token: uuid({ default: sql`gen_random_uuid()`, backfill: sql`gen_random_uuid()` }), at: timestamptz({ default: sql`now()` })')}
      export const s = table('s', { columns: { token: uuid({ default: sql\`gen_random_uuid()\` }) } });`,
  },
  {
    code: 'table-rewrite',
    before: t(
      'amount: integer(), name: varchar({ length: 10 })',
      'checks: { t_amount: sql`amount > 0` }, indexes: { t_odd: { on: [sql`(amount + 1)`] } }',
    ),
    fires: t(
      'amount: bigint(), name: varchar({ length: 10 })',
      'checks: { t_amount: sql`amount > 0` }, indexes: { t_odd: { on: [sql`(amount + 1)`] } }',
    ),
    subjects: ['column public.t.amount'],
    quiet: `${t('amount: integer(), name: text(), number: bigint({ nullable: true })', 'checks: { t_amount: sql`amount > 0` }, indexes: { t_odd: { on: [sql`(amount + 1)`] } }')} export const s = table('s', { columns: { number: bigint({ identity: 'always' }) } });`,
  },
  {
    code: 'index-without-query',
    fires: `${t(`a: integer({ doc: 'A.' }), b: integer({ doc: 'B.' })`, `expectedRows: 500_000, indexes: { t_a: { on: 'a', doc: 'A.' }, t_b: { on: 'b', doc: 'B.' } }`)}
      export const q = query('q', { sql: sql\`SELECT id FROM \${t} WHERE a = :a\`, purpose: 'Finds.' });`,
    subjects: ['index public.t_b'],
    quiet: `${users} ${t(`a: integer({ doc: 'A.' }), b: references(() => users, 'id', { doc: 'B.' })`, `expectedRows: 500_000, indexes: { t_a: { on: 'a', doc: 'A.' }, t_b: { on: 'b', doc: 'B.' } }`)}
      export const other = table('other', { columns: { id: bigint(), c: text() }, primaryKey: ['id'], indexes: { other_c: { on: 'c' } } });
      export const q = query('q', { sql: sql\`SELECT id FROM \${t} WHERE a = :a\`, purpose: 'Finds.' });`,
  },
  {
    code: 'superfluous-index',
    // Nearly all rows are open: an index on a and open finds hardly fewer rows than one on a and c.
    fires: `${t(`a: integer({ doc: 'A.', values: { fanOut: 200 } }), c: integer({ doc: 'C.', values: { distinct: 5_000 } }), open: boolean({ doc: 'O.', values: { common: { true: 0.98, false: 0.02 } } })`, `expectedRows: 500_000, indexes: { t_c: { on: ['a', 'c'], doc: 'C.' }, t_open: { on: ['a', 'open'], doc: 'O.' } }`)}
      export const q = query('q', { sql: sql\`SELECT id FROM \${t} WHERE a = :a AND c = :c\`, purpose: 'Finds.' });
      export const r = query('r', { sql: sql\`SELECT id FROM \${t} WHERE a = :a AND open\`, purpose: 'Finds.' });`,
    subjects: ['index public.t_open'],
    quiet: `${t(`a: integer({ doc: 'A.', values: { fanOut: 200 } }), c: integer({ doc: 'C.', values: { distinct: 5_000 } }), open: boolean({ doc: 'O.', values: { common: { true: 0.02, false: 0.98 } } })`, `expectedRows: 500_000, indexes: { t_c: { on: ['a', 'c'], doc: 'C.' }, t_open: { on: ['a', 'open'], doc: 'O.' } }`)}
      export const q = query('q', { sql: sql\`SELECT id FROM \${t} WHERE a = :a AND c = :c\`, purpose: 'Finds.' });
      export const r = query('r', { sql: sql\`SELECT id FROM \${t} WHERE a = :a AND open\`, purpose: 'Finds.' });`,
  },
  {
    code: 'query-without-index',
    fires: `${t(`a: integer({ doc: 'A.' })`, 'expectedRows: 500_000')} export const q = query('q', { sql: sql\`SELECT id FROM \${t} WHERE a = :a\`, purpose: 'Finds.' });`,
    subjects: ['query q'],
    quiet: `${t(`a: integer({ doc: 'A.' })`, 'expectedRows: 500_000')}
      export const few = table('few', { columns: { id: bigint(), a: integer() }, primaryKey: ['id'], expectedRows: 100 });
      export const q = query('q', { sql: sql\`SELECT id FROM \${t} WHERE a = :a\`, purpose: 'Reports.', budget: { noSeqScan: 1_000_000 } });
      export const r = query('r', { sql: sql\`SELECT id FROM \${few} WHERE a = :a\`, purpose: 'Finds.' });`,
  },
  {
    code: 'renamed-from-can-go',
    before: `${t('title: text(), body: text()')} export const e = enumType('e', ['a', 'b']);`,
    fires: `${t(`heading: text({ nullable: true, renamedFrom: 'caption' }), title: text(), body: text({ renamedFrom: 'content' })`)}
      export const e = enumType('e', ['a', 'b'], { renamedValues: { b: 'c' } });`,
    subjects: ['column public.t.body', 'column public.t.heading', 'enum public.e'],
    quiet: `${t(`heading: text({ renamedFrom: 'title' }), body: text()`)} export const e = enumType('e', ['a', 'c'], { renamedValues: { c: 'b' } });`,
  },
  {
    code: 'blocking-question',
    fires: `${t('')} export const q = openQuestion('retention', { question: 'How long?', owner: 'legal', blocking: true });`,
    subjects: [''],
    quiet: `${t('')} export const q = openQuestion('retention', { question: 'How long?', owner: 'legal' });`,
  },
  {
    code: 'stale-review',
    fires: `${t('')} export const r = review({ reviewer: 'Jo', on: '2026-01-02', verdict: 'approved', concerns: [() => t], fingerprint: '000000000000' });`,
    subjects: [''],
    quiet: t(''),
  },
  {
    code: 'expired-ignore',
    fires: `${t('')} export const p = project({ ignore: [{ address: 'table public.old_*', reason: 'moves', until: '2026-03-30' }] });`,
    subjects: [''],
    quiet: `${t('')} export const p = project({ ignore: [{ address: 'table public.old_*', reason: 'moves', until: '2026-03-31' }, { address: 'table public.other', reason: 'theirs' }] });`,
  },
  {
    code: 'unknown-lint-code',
    fires: `${t(`data: json({ suppress: { 'json': 'order matters' } })`)} export const p = project({ lint: { 'enum-types': 'off' } });`,
    subjects: ['', 'column public.t.data'],
    quiet: `${t(`data: json({ suppress: { 'json-type': 'order matters' } })`)} export const p = project({ lint: { 'enum-type': 'off' } });`,
  },
  {
    code: 'suppression-without-reason',
    fires: t(`data: json({ suppress: { 'json-type': ' ' } })`),
    subjects: ['column public.t.data'],
    quiet: t(`data: json({ suppress: { 'json-type': 'order matters' } })`),
  },
  {
    code: 'unused-suppression',
    fires: t(`data: jsonb({ suppress: { 'json-type': 'order matters' } })`),
    subjects: ['column public.t.data'],
    quiet: t(
      `data: json({ suppress: { 'json-type': 'order matters', 'table-rewrite': 'small' } }), off: text({ suppress: { 'varchar-limit': 'x' } })`,
    ).concat(` export const p = project({ lint: { 'varchar-limit': 'off' } });`),
  },
];
