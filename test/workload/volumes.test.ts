/**
 * `schemac volumes` on a real server: what it writes from statistics gives the same plans as what a
 * person declared, brings no value of a column along, and says what it could not see.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { volumesCommand, type VolumesArguments } from '../../compiler/commands/volumes.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import { DiagnosticError } from '../../compiler/model/diagnostic.ts';
import { planLinesWithoutFigures } from './support.ts';
import { fillDatabase } from '../../compiler/workload/fill-database.ts';
import { volumesOf } from '../../compiler/workload/volumes.ts';
import { createProject, type Project } from '../commands/support.ts';
import { loadFiles } from '../load/project.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { engineOf, gateOf } from './support.ts';

const words = 'table bigint text boolean timestamptz references enumType ofType desc range query sql';
const imports = `import { ${words.split(' ').join(', ')} } from 'schemac';`;

/** `figure` keeps what a person declares, or leaves it out. */
function schemaText(figure: (text: string) => string): string {
  return `${imports}
  export const plan = enumType('plan', ['free', 'paid', 'gone']);
  export const users = table('users', { columns: {
      id: bigint(), email: text({ pii: 'an address'${figure(', values: { width: 22 }')} }), plan: ofType(plan, {${figure('values: { common: { free: 0.9, paid: 0.08, gone: 0.02 } }')}}),
      bio: text({ nullable: true${figure(', values: { nulls: 0.4, width: 90 }')} }) },
    primaryKey: ['id'], uniques: { users_email: { columns: ['email'] } }${figure(', expectedRows: 20_000')} });
  export const orders = table('orders', { columns: {
      id: bigint(), user_id: references(() => users, 'id'${figure(', { values: { distinct: 4_000 } }')}), placed_at: timestamptz(),
      state: text({${figure('values: { common: { done: 0.95, open: 0.05 }, width: 4 }')}}), city: text({ pii: 'where they live'${figure(', values: { distinct: 300, width: 12 }')} }),
      note: text({ nullable: true${figure(', values: { nulls: 0.97, width: 40 }')} }) },
    primaryKey: ['id', 'placed_at']${figure(', expectedRows: 60_000')},
    indexes: { orders_user: { on: ['user_id', desc('placed_at')] }, orders_open: { on: ['placed_at'], where: sql\`state = 'open'\` }, orders_city: { on: ['city'] } },
    partitionBy: range('placed_at', { every: '1 month', premake: 1, retain: '2 months' }) });
  export const idle = table('idle', { columns: { id: bigint() }, primaryKey: ['id']${figure(', expectedRows: 100')} });
  const q = (name, text, samples) => query(name, { purpose: 'Asked.', sql: text, samples });
  export const queries = [
    q('by_key', sql\`SELECT * FROM \${users} WHERE id = :id\`, { id: 4242 }),
    q('paying', sql\`SELECT id FROM \${users} WHERE plan = 'paid'\`, {}),
    q('latest', sql\`SELECT id FROM \${orders} WHERE user_id = :id ORDER BY placed_at DESC LIMIT 5\`, { id: 4242 }),
    q('open', sql\`SELECT id FROM \${orders} WHERE state = 'open' ORDER BY placed_at LIMIT 50\`, {}),
    q('of_city', sql\`SELECT id FROM \${orders} WHERE city = :city\`, { city: 'Ulm' }),
    q('noted', sql\`SELECT count(*) FROM \${orders} WHERE note IS NOT NULL\`, {}),
    q('with_user', sql\`SELECT u.email, o.id FROM \${orders} o JOIN \${users} u ON u.id = o.user_id WHERE o.placed_at >= :first\`, { first: '2026-01-14 00:00+00' }),
  ];`;
}
const declaredText = schemaText((text) => text);
const bareText = schemaText(() => '');

describe.runIf(testMajors.includes(18))('on PostgreSQL 18, the major of the embedded engine', () => {
  let server: TestServer;
  let client: pg.Client;
  let url: string;
  let project: Project;

  beforeAll(async () => {
    server = await startServer(18);
    url = await server.createDatabase();
    client = new pg.Client({ connectionString: url });
    await client.connect();
    const declared = await loadFiles({ 'schema/main.ts': declaredText });
    expect(declared.diagnostics).toEqual([]);
    await fillDatabase(engineOf(client), {
      declared,
      volumes: volumesOf(declared),
      seed: 1,
      report: () => undefined,
      statisticsTarget: 1000,
    });
    await client.query('DROP TABLE idle; CREATE TABLE idle (id bigint PRIMARY KEY); INSERT INTO idle VALUES (1)');
    project = await createProject({ 'schema/main.ts': bareText });
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  const given = (more: Partial<VolumesArguments> = {}): VolumesArguments => ({
    root: project.root,
    loader: 'esbuild',
    url,
    values: [],
    writing: 'write',
    existing: 'keep',
    report: () => undefined,
    ...more,
  });
  const refusal = async (command: Promise<CommandResult>): Promise<string> =>
    command.then(
      () => 'done',
      (error: unknown) => (error instanceof DiagnosticError ? error.diagnostics.map(({ code }) => code).join(' ') : String(error)),
    );

  it('writes what differs from what types and keys say, and no value but those that the schema lists', async () => {
    const { exitCode, diagnostics } = await volumesCommand(given());
    const text = project.read('schema/volumes.ts');
    expect(exitCode).toBe(0);
    expect(text).toContain(`volume('table public.users', {\n    expectedRows: 20_000,`);
    expect(text).toMatch(/plan: \{ .*common: \{ free: 0\.\d+, paid: 0\.0\d+, gone: 0\.0\d+ \} \}/);
    expect(text).toMatch(/bio: \{ .*nulls: 0\.(39\d*|4\d*), width: (89|90|91)/);
    expect(text).toMatch(/city: \{ distinct: 300, width: 1[12]/);
    expect(text).toMatch(/user_id: \{ distinct: (39|40)\d\d /);
    expect(text).toContain(`volume('table public.orders', {\n    expectedRows: 60_000,`);
    expect(text).not.toMatch(/done|open|Ulm|@/);
    expect(diagnostics.map(({ code, subject }) => `${code} ${subject ?? ''}`.trim())).toEqual([
      'statistics-missing table public.idle',
      'values-not-written column public.orders.state',
    ]);
  });

  it('gives the plans that declared figures give, at costs within 10 percent', async () => {
    await volumesCommand(given({ values: ['orders.state'], existing: 'overwrite' }));
    const written = project.read('schema/volumes.ts');
    expect(written).toMatch(/common: \{ done: 0\.9\d*, open: 0\.0\d* \}/);
    const [declared, measured, bare] = await Promise.all([
      loadFiles({ 'schema/main.ts': declaredText }),
      loadFiles({ 'schema/main.ts': bareText, 'schema/volumes.ts': written }),
      loadFiles({ 'schema/main.ts': bareText }),
    ]);
    expect(measured.diagnostics).toEqual([]);
    const byHand = await gateOf(declared);
    const byStatistics = await gateOf(measured);
    expect(byStatistics.plans.map(planLinesWithoutFigures)).toEqual(byHand.plans.map(planLinesWithoutFigures));
    for (const [at, { query, cost }] of byHand.plans.entries()) {
      expect(`${query} ${((byStatistics.plans[at]?.cost ?? 0) / cost).toFixed(2)}`).toMatch(/ (0\.9\d|1\.0\d|1\.10)$/);
    }
    expect((await gateOf(bare)).plans.map(({ cost }) => cost)).not.toEqual(byHand.plans.map(({ cost }) => cost));
  });

  it('says the same twice, and leaves what it has not written alone', async () => {
    await volumesCommand(given());
    const first = project.read('schema/volumes.ts');
    await volumesCommand(given());
    expect(project.read('schema/volumes.ts')).toBe(first);
    project.write({ 'schema/volumes.ts': 'export const mine = [];\n' });
    expect(await refusal(volumesCommand(given()))).toBe('file-exists');
    expect(project.read('schema/volumes.ts')).toBe('export const mine = [];\n');
    const shown = await volumesCommand(given({ writing: 'show' }));
    expect(`${shown.lines.join('\n')}\n`).toBe(first);
    await volumesCommand(given({ existing: 'overwrite' }));
    expect(project.read('schema/volumes.ts')).toBe(first);
  });

  it('reads no values of personal data, whoever asks', async () => {
    expect(await refusal(volumesCommand(given({ values: ['orders.city', 'users.email'] })))).toBe('personal-values personal-values');
    expect(await refusal(volumesCommand(given({ values: ['orders.town'] })))).toBe('unknown-column');
  });

  it('needs no right but to see: without SELECT it has rows alone, and says so', async () => {
    await client.query(`DROP ROLE IF EXISTS volumes_reader`);
    await client.query(
      `CREATE ROLE volumes_reader LOGIN PASSWORD 'reader'; GRANT CONNECT ON DATABASE ${new URL(url).pathname.slice(1)} TO volumes_reader`,
    );
    const role = new URL(url);
    role.username = 'volumes_reader';
    role.password = 'reader';
    try {
      const { diagnostics, lines } = await volumesCommand(given({ url: role.href, writing: 'show' }));
      expect(lines).toContain(`  volume('table public.users', { expectedRows: 20_000 }),`);
      expect(diagnostics.map(({ message }) => message)).toEqual(
        expect.arrayContaining(['table public.orders: of some of its columns no statistics are to be seen']),
      );
      expect(JSON.stringify(diagnostics)).not.toContain('reader:');
    } finally {
      await client.query(`REVOKE ALL ON DATABASE ${new URL(url).pathname.slice(1)} FROM volumes_reader; DROP ROLE volumes_reader`);
    }
  });

  it('writes nothing where nothing is known', async () => {
    const empty = await server.createDatabase();
    const other = await createProject({ 'schema/main.ts': bareText });
    const { exitCode, diagnostics } = await volumesCommand(given({ root: other.root, url: empty }));
    expect(exitCode).toBe(1);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['statistics-missing']));
    expect(existsSync(join(other.root, 'schema/volumes.ts'))).toBe(false);
    expect(readFileSync(join(other.root, 'schema/main.ts'), 'utf8')).toBe(bareText);
  });
});
