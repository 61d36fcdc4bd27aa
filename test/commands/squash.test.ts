/**
 * Old migrations are folded into one: a fresh database gets the same objects and rows both ways, one
 * that has them all goes on, one that has some is refused with the way out, and no file is lost.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squashCommand } from '../../compiler/commands/squash.ts';
import { statusCommand } from '../../compiler/commands/status.ts';
import { migrate } from '../../compiler/migrate/migrate.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { chainLock, hashMigration, readLock, writeLock } from '../../compiler/sql/migrations-lock.ts';
import { withClient } from '../support/database.ts';
import { newestMajor, startServer } from '../support/servers.ts';
import type { TestServer } from '../support/servers.ts';
import { query } from '../migrate/observe.ts';
import { schemaOf } from '../migrate/undo.ts';
import { createProject, expectDone, type Project } from './support.ts';

const project = `import { project } from 'schemac';\nexport default project({ title: 'Shop', purpose: 'A test.', postgres: 14 });\n`;

const shop = (more: string): string => `import { bigint, integer, sql, table, text } from 'schemac';
export const states = table('states', {
  doc: 'States.',
  columns: { code: text({ doc: 'Code.' }), label: text({ doc: 'Label.' }) },
  primaryKey: ['code'],
  rows: [{ code: 'new', label: 'New' }, { code: 'sent', label: 'Sent' }],
});
export const orders = table('orders', {
  doc: 'Orders.',
  columns: { id: bigint({ doc: 'Id.', identity: 'always' }), note: text({ doc: 'Note.', default: sql\`'none'\` }), ${more} },
  primaryKey: ['id'],
  checks: { orders_note: { doc: 'Known ones.', expression: sql\`note IN ('none', 'some')\` } },
});
`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer(newestMajor);
});
afterAll(() => server.stop());

function lockOf({ root }: Project): { readonly file: string; readonly text: string } {
  const file = join(root, 'generated/migrations/migrations.lock');
  return { file, text: readFileSync(file, 'utf8') };
}

/** A migration written by hand, with rows and a sequence that nobody declares. */
function addByHand(made: Project, name: string, sql: string): void {
  const { file, text } = lockOf(made);
  const lock = readLock(text, file);
  made.write({ [`generated/migrations/${name}.sql`]: sql });
  writeFileSync(file, writeLock([...lock, chainLock(lock.at(-1), name, hashMigration(sql))]));
}

function commit(made: Project): void {
  made.git('init', '-q');
  made.write({ '.gitignore': 'node_modules\n.schemac\n' });
  made.git('add', '-A');
  made.git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'all');
}

async function codesOf(run: Promise<{ readonly diagnostics: readonly { readonly code: string }[] }>): Promise<readonly string[]> {
  try {
    return (await run).diagnostics.map(({ code }) => code);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`);
  }
}

describe('squash', () => {
  let made: Project;
  const squash = (more: object = {}): ReturnType<typeof squashCommand> =>
    squashCommand({ root: made.root, loader: 'esbuild', report: () => undefined, ...more });

  it('folds what git has; fresh databases and old ones go on, those between are refused', async () => {
    made = await createProject({ 'schema/project.ts': project, 'schema/shop.ts': shop('') });
    expectDone(await made.compile());
    made.write({ 'schema/shop.ts': shop(`pieces: integer({ doc: 'Pieces.', default: sql\`1\` }),`) });
    expectDone(await made.compile());
    expect(await codesOf(squash())).toContain(
      'squash-uncommitted: generated/migrations/0001_initial_schema.sql would be removed, and git does not have it as it is',
    );
    commit(made);
    const generated = join(made.root, 'generated');
    const [old, partly, fresh] = [await server.createDatabase(), await server.createDatabase(), await server.createDatabase()];
    expect((await migrate({ generated, url: old })).diagnostics).toEqual([]);
    expect((await migrate({ generated, url: partly, to: 1 })).diagnostics).toEqual([]);

    const result = await squash();
    expect(result.lines.slice(0, 2)).toEqual(['wrote generated/migrations/0002_baseline.sql', '  folded 0001_initial_schema']);
    expect([...made.generated().keys()].filter((path) => path.startsWith('migrations/'))).toEqual([
      'migrations/0002_baseline.sql',
      'migrations/migrations.lock',
    ]);
    expect((await made.check()).exitCode).toBe(0);

    expect(await migrate({ generated, url: old })).toMatchObject({ applied: [], pending: [], diagnostics: [] });
    expect((await migrate({ generated, url: fresh })).applied).toEqual(['0002_baseline']);
    expect(await schemaOf(fresh)).toBe(await schemaOf(old));
    const states = 'SELECT code, label FROM public.states ORDER BY 1';
    expect(await withClient(fresh, (client) => query(client, states))).toEqual(await withClient(old, (client) => query(client, states)));
    expect(await codesOf(migrate({ generated, url: partly }))).toEqual(['squash-partly']);
    const [first] = (await migrate({ generated, url: partly })).diagnostics;
    expect(first?.message).toMatch(/folded into 0002_baseline: not 0002_add_column_orders_pieces$/);
    expect((await statusCommand({ generated, url: partly })).exitCode).toBe(2);
    expect((await statusCommand({ generated, url: old })).exitCode).toBe(0);
    expect(await codesOf(migrate({ generated, url: old, to: 1 }))).toEqual(['squash-folded']);
    expect(await codesOf(made.compile({ history: 'amend' }))).toEqual(['squash-amend']);

    // What comes after the baseline is the same to both, and is folded with it the next time.
    made.write({
      'schema/shop.ts': shop(`pieces: integer({ doc: 'Pieces.', default: sql\`1\` }), weight: integer({ doc: 'Grams.', nullable: true }),`),
    });
    expect((await made.compile()).lines[0]).toBe('wrote generated/migrations/0003_add_column_orders_weight.sql');
    for (const url of [old, fresh]) expect((await migrate({ generated, url })).applied).toEqual(['0003_add_column_orders_weight']);
    commit(made);
    expect((await squash()).exitCode).toBe(0);
    const { file, text } = lockOf(made);
    expect(readLock(text, file).map(({ name, folded }) => [name, folded?.map((entry) => entry.name)])).toEqual([
      ['0003_baseline', ['0001_initial_schema', '0002_add_column_orders_pieces', '0003_add_column_orders_weight']],
    ]);
    expect(await migrate({ generated, url: old })).toMatchObject({ applied: [], diagnostics: [] });
    expect((await statusCommand({ generated, url: old })).exitCode).toBe(0);
  }, 300_000);

  it('rows and sequences that hand-written SQL left are in the baseline, and what cannot be is said', async () => {
    made = await createProject({ 'schema/project.ts': project, 'schema/shop.ts': shop('') });
    expectDone(await made.compile());
    addByHand(made, '0002_rows', `INSERT INTO public.orders (note) VALUES ('some'), ('none');\n`);
    expect((await squash({ archive: 'folded' })).exitCode).toBe(0);
    expect(readFileSync(join(made.root, 'folded/migrations/0002_rows.sql'), 'utf8')).toContain('INSERT');
    const url = await server.createDatabase();
    expect((await migrate({ generated: join(made.root, 'generated'), url })).diagnostics).toEqual([]);
    await withClient(url, async (client) => {
      await client.query(`INSERT INTO public.orders (note) VALUES ('none')`);
      expect(await query(client, 'SELECT id::int, note FROM public.orders ORDER BY 1')).toEqual([
        [1, 'some'],
        [2, 'none'],
        [3, 'none'],
      ]);
    });
    addByHand(made, '0003_keyless', 'CREATE TABLE public.keyless (word text);\n');
    addByHand(made, '0004_row', `INSERT INTO public.keyless VALUES ('lost');\n`);
    const before = made.generated();
    expect(await codesOf(squash({ archive: 'folded' }))).toEqual([
      'squash-differs: a fresh database would not get the same from the baseline: rows of table public.keyless',
    ]);
    expect(made.generated()).toEqual(before);
    expect((await squash({ archive: 'folded', to: '3' })).exitCode).toBe(0);
  }, 300_000);
});
