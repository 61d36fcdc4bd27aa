/** What lint does with findings: severities, suppressions, the ignore list, places, order, reviews. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lint } from '../../compiler/lint/lint.ts';
import { reviewFingerprint } from '../../compiler/lint/review-fingerprint.ts';
import type { Diagnostic } from '../../compiler/model/diagnostic.ts';
import { openLinter, type Linter } from './support.ts';

let linter: Linter;
beforeAll(async () => {
  linter = await openLinter();
});
afterAll(() => linter.close());

/** A documented table with one column of a questionable type. */
const table = (column: string, more = ''): string =>
  `export const t = table('t', { doc: 'A row.', columns: { id: bigint({ doc: 'Key.' }), ${column} }, primaryKey: ['id'], ${more} });`;

const briefly = (all: readonly Diagnostic[]): readonly string[] =>
  all.map(({ severity, code, subject }) => [severity, code, subject].join(' '));

describe('a severity', () => {
  const jsonColumn = table(`data: json({ doc: 'Data.' })`);
  it("is the rule's own", async () => {
    expect(briefly(await linter.lint(jsonColumn))).toEqual(['warning json-type column public.t.data']);
  });
  it.each(['notice', 'error'])('is what the project says: %s', async (level) => {
    const found = await linter.lint(`${jsonColumn} export const p = project({ lint: { 'json-type': '${level}' } });`);
    expect(briefly(found)).toEqual([`${level} json-type column public.t.data`]);
  });
  it('can be off', async () => {
    expect(await linter.lint(`${jsonColumn} export const p = project({ lint: { 'json-type': 'off' } });`)).toEqual([]);
  });
  it("can be a finding's own: more than 1,000 partitions are an error", async () => {
    const found =
      await linter.lint(`export const t = table('t', { doc: 'A row.', columns: { id: bigint({ doc: 'Key.' }), at: timestamptz({ doc: 'When.' }) },
      primaryKey: ['id', 'at'], partitionBy: range('at', { every: '6 hours', retain: '1 year', onRetire: 'drop' }) });`);
    expect(briefly(found)).toEqual(['error partition-count table public.t']);
  });
});

describe('a suppression', () => {
  it('counts on the object and on its owner', async () => {
    expect(await linter.lint(table(`data: json({ doc: 'Data.', suppress: { 'json-type': 'order matters' } })`))).toEqual([]);
    expect(await linter.lint(table(`data: json({ doc: 'Data.' })`, `suppress: { 'json-type': 'order matters' }`))).toEqual([]);
  });
  it('silences its own code only', async () => {
    const found = await linter.lint(table(`data: json({ doc: 'Data.', suppress: { 'char-type': 'no' } })`));
    expect(briefly(found)).toEqual(['warning json-type column public.t.data', 'warning unused-suppression column public.t.data']);
  });
  it('of a foreign key may stand on its column', async () => {
    const users = `export const users = externalTable('users', { columns: { id: bigint() }, primaryKey: ['id'] });`;
    const reference = `user_id: references(() => users, 'id', { doc: 'Whose.', suppress: { 'foreign-key-without-index': 'never deleted' } })`;
    expect(await linter.lint(`${users} ${table(reference)}`)).toEqual([]);
  });
  it('without a reason silences nothing', async () => {
    const found = await linter.lint(table(`data: json({ doc: 'Data.', suppress: { 'json-type': '' } })`));
    expect(found.map(({ code }) => code)).toEqual(['json-type', 'suppression-without-reason']);
  });
});

it('leaves alone what the project ignores, parts included', async () => {
  const text = table(`data: json()`);
  const ignoring = (pattern: string): string =>
    `${text} export const p = project({ ignore: [{ address: '${pattern}', reason: 'theirs' }] });`;
  expect(briefly(await linter.lint(ignoring('table public.other*')))).toEqual([
    'warning json-type column public.t.data',
    'warning undocumented-column column public.t.data',
  ]);
  expect(await linter.lint(ignoring('table public.t*'))).toEqual([]);
});

it('says where, at the part or the nearest owner, in the order of the file', async () => {
  const found = await linter.lint(`
export const t = table('t', {
  doc: 'A row.',
  columns: {
    id: bigint({ doc: 'Key.' }),
    b: json({ doc: 'B.' }),
    a: json({ doc: 'A.' }),
  },
  primaryKey: ['id'],
  indexes: {
    t_id: { on: 'id', doc: 'Again.' },
  },
});`);
  expect(found.map(({ code, subject, place }) => `${place?.line} ${code} ${subject}`)).toEqual([
    '7 json-type column public.t.b',
    '8 json-type column public.t.a',
    '12 duplicate-index index public.t_id',
  ]);
});

it('is the same in any order of objects', async () => {
  const { declared, state } = await linter.elaborated(table(`b: json(), a: char({ length: 3 })`, `indexes: { again: { on: 'id' } }`));
  const backwards = new Map([...state].reverse());
  const found = lint({ declared, state, statements: [] });
  expect(found.length).toBeGreaterThan(3);
  expect(lint({ declared, state: backwards, statements: [] })).toEqual(found);
});

it('asks nothing of tables of other teams', async () => {
  expect(
    await linter.lint(
      `export const theirs = externalTable('theirs', { columns: { id: integer(), data: json(), at: timestamp() }, indexes: { i: { on: 'id' }, j: { on: 'id' } } });`,
    ),
  ).toEqual([]);
});

describe('a review', () => {
  const review = (fingerprintText: string): string =>
    `export const r = review({ reviewer: 'Jo', on: '2026-01-02', verdict: 'approved', concerns: [() => t]${fingerprintText} });`;
  const before = table(`note: text({ doc: 'Note.', default: literal('a') })`);
  const after = table(`note: text({ doc: 'Note.', default: literal('b') })`);

  it('without a fingerprint is told the one to write, which is then current until something changes', async () => {
    const [found] = await linter.lint(`${before} ${review('')}`);
    expect(found?.severity).toBe('notice');
    const written = /fingerprint: '([0-9a-f]{12})'/.exec(found?.hint ?? '')?.[1];
    const signed = review(`, fingerprint: '${written}'`);
    expect(await linter.lint(`${before} ${signed}`)).toEqual([]);
    expect(briefly(await linter.lint(`${after} ${signed}`))).toEqual(['warning stale-review ']);
  });

  it('may concern a pattern, and the parts of a part', async () => {
    const states = [(await linter.elaborated(before)).state, (await linter.elaborated(after)).state];
    for (const concern of ['table public.*', 'column public.t.note']) {
      const [one, two] = states.map((state) => reviewFingerprint([concern], state));
      expect(one).not.toBe(two);
    }
    const [one, two] = states.map((state) => reviewFingerprint(['column public.t.id'], state));
    expect(one).toBe(two);
  });
});
