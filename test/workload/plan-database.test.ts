/**
 * The database of plans that is kept from compile to compile: after any edit its plans are those of a
 * database that is made from nothing, and only what a query can see decides that it is planned again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openKeptPlanDatabase } from '../../compiler/workload/plan-database.ts';
import { planQueries, planRequest } from '../../compiler/workload/plan-queries.ts';
import { sightOf } from '../../compiler/workload/sight.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { loadText } from '../load/project.ts';

const cacheFolder = mkdtempSync(join(tmpdir(), 'schemac-plan-database-'));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

/** Pieces of a schema by name; an edit gives some of them other texts. */
const pieces: Readonly<Record<string, string>> = {
  state: `export const state = enumType('state', ['new', 'sent']);`,
  users: `export const users = table('users', { columns: { id: bigint(), email: text() }, primaryKey: ['id'], uniques: { users_email: { columns: ['email'] } }, expectedRows: 500_000 });`,
  sends: `export const sends = table('sends', { columns: { id: bigint(), user_id: references(() => users, 'id'), at: timestamptz(), state: ofType(state) },
    primaryKey: ['id', 'at'], expectedRows: 3_000_000,
    indexes: { sends_user: { on: ['user_id', desc('at')] }, sends_state: { on: ['state', 'at'], where: sql\`state = 'new'\` } },
    partitionBy: range('at', { every: '1 month', premake: 1, retain: '6 months' }) });`,
  notes: `export const notes = table('notes', { columns: { id: bigint(), send_id: bigint(), words: text() }, primaryKey: ['id'], indexes: { notes_send: { on: ['send_id'] } }, expectedRows: 90_000 });`,
  late: `export const late = view('late', { query: sql\`SELECT s.id, u.email FROM \${sends} s JOIN \${users} u ON u.id = s.user_id WHERE s.state = 'new'\` });`,
  queries: `
    const asked = (name, text, samples = {}) => query(name, { purpose: 'Asked.', sql: text, samples });
    export const a = asked('by_user', sql\`SELECT id FROM \${sends} WHERE user_id = :id ORDER BY at DESC LIMIT 5\`, { id: 7 });
    export const b = asked('late_ones', sql\`SELECT * FROM late WHERE email = :email\`, { email: 'x' });
    export const c = asked('notes_of_send', sql\`SELECT words FROM \${notes} WHERE send_id = :id\`, { id: 7 });
    export const d = asked('by_state', sql\`SELECT count(*) FROM \${sends} WHERE state = 'new' AND at >= :since\`, { since: '2026-01-01 00:00+00' });`,
};

const edits: readonly (readonly [what: string, edit: Readonly<Record<string, readonly [RegExp, string]>>])[] = [
  ['nothing is there yet', {}],
  ['a column more in a partitioned table', { sends: [/at: timestamptz\(\),/, 'at: timestamptz(), tone: text({ nullable: true }),'] }],
  ['an index more, first by name', { sends: [/indexes: \{/, "indexes: { a_sends: { on: ['user_id'] },"] }],
  ['an index less', { sends: [/sends_user: \{ on: \['user_id', desc\('at'\)\] \},/, ''] }],
  ['a table that another and a view rest on', { users: [/email: text\(\)/, 'email: text(), name: text()'] }],
  ['a value more in a type', { state: [/'new', 'sent'/, "'new', 'sent', 'lost'"] }],
  ['a view that says otherwise', { late: [/WHERE s.state = 'new'/, 'WHERE s.at > now()'] }],
  ['partitions kept for longer', { sends: [/6 months/, '9 months'] }],
  ['more rows', { notes: [/90_000/, '9_000_000'] }],
  [
    'a table less',
    { notes: [/export const notes = .*/, "export const notes = table('memos', { columns: { send_id: bigint(), words: text() } });"] },
  ],
];

const textOf = (edit: Readonly<Record<string, readonly [RegExp, string]>>): string =>
  Object.entries(pieces)
    .map(([name, text]) => (edit[name] === undefined ? text : text.replace(...edit[name])))
    .join('\n');

describe('a database that is kept', () => {
  it.each([...edits, ...edits.toReversed()])('plans as one that is made from nothing: %s', async (_, edit) => {
    const declared = await loadText(textOf(edit));
    expect(declared.diagnostics).toEqual([]);
    for (const [name, [before]] of Object.entries(edit)) expect(pieces[name]).toMatch(before);
    const engine = { cacheFolder, extensions: [] };
    const kept = await planQueries(
      planRequest(declared, volumesOf(declared), { ...engine, from: 'kept' }),
      openKeptPlanDatabase({ cacheFolder }),
    );
    const anew = await planQueries(planRequest(declared, volumesOf(declared), { ...engine, from: 'nothing' }), Promise.resolve(undefined));
    expect('why' in kept).toBe(false);
    expect(kept).toEqual(anew);
    expect('plans' in kept && kept.plans.length).toBe(4);
  });

  it('is there for the next one', async () => {
    const kept = await openKeptPlanDatabase({ cacheFolder });
    expect(kept).toBeDefined();
    await kept?.close();
  });
});

describe('what a query can see', () => {
  it('is what its words name, and what that rests on', async () => {
    const { objects } = await loadText(textOf({}));
    const sight = sightOf(objects);
    const seen = (sql: string): readonly string[] => [...sight(sql)].filter((id) => !id.startsWith('partition-support')).sort();
    expect(seen('SELECT words FROM public.notes')).toEqual(['table public.notes']);
    expect(seen('SELECT 1 FROM "sends"')).toEqual(['enum public.state', 'table public.sends', 'table public.users']);
    expect(seen('SELECT * FROM LATE')).toEqual(['enum public.state', 'table public.sends', 'table public.users', 'view public.late']);
    expect(seen('SELECT 1')).toEqual([]);
  });

  it('is anything whose name is no plain word', async () => {
    const { objects } = await loadText(`export const odd = table('odd one', { columns: { id: bigint() }, primaryKey: ['id'] });`);
    expect([...sightOf(objects)('SELECT 1')]).toEqual(['table public."odd one"']);
  });
});
