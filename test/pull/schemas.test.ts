/**
 * Real schemas, from public projects and this repository's own: loaded into a server, pulled, loaded
 * and built anew, the same. The public ones lie beside the repository (../shared/schemas) and are left
 * out where they are not.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../compiler/diff/diff.ts';
import { load } from '../../compiler/load/load.ts';
import { stateOf, type State } from '../../compiler/model/object.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { makeEngines, type Engines } from '../../compiler/sources/engines.ts';
import { withClient } from '../support/database.ts';
import { build, prove, pull, repository, typeErrors, unformatted, writeTo } from '../support/pull.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { unmodelled } from './exceptions.ts';

const shared = join(repository, '..', 'shared', 'schemas');
const names = ['chinook', 'temporal', 'adventureworks', 'pagila'];

describe.each(testMajors)('pulled from PostgreSQL %i', (major) => {
  let server: TestServer;
  let engines: Engines;
  beforeAll(async () => {
    server = await startServer(major);
    engines = makeEngines({ cacheFolder: join(tmpdir(), 'schemac-test-cache'), using: server.url });
  });
  afterAll(async () => {
    await engines.close();
    await server.stop();
  });

  it.each(names)('%s', async (name) => {
    const file = join(shared, `${name}.sql`);
    if (!existsSync(file)) return expect(existsSync(shared), 'the folder is there, but not the file').toBe(false);
    const url = await server.createDatabase();
    // Without psql's own commands and data, each is one text that a server takes as it is.
    await withClient(url, (client) => client.query(readFileSync(file, 'utf8')));
    const pulled = await pull(url);
    expect(await unformatted(pulled.authored)).toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), 'schemac-pulled-'));
    writeTo(folder, pulled.authored);
    expect(typeErrors(folder)).toBe('');
    rmSync(folder, { recursive: true });
    const gap = unmodelled[name];
    if (gap === undefined) await prove(pulled, engines);
    else await expect(prove(pulled, engines), `passes now: take it out (${gap})`).rejects.toThrow();
  });

  it("this repository's own schema comes back as it was declared", async () => {
    const declared = await load({
      root: repository,
      folder: 'schema',
      loader: 'esbuild',
      dslModule: join(repository, 'compiler/dsl/index.ts'),
    });
    const url = await server.createDatabase();
    await build(url, declared, major);
    const externals = new Set(['table public.users', 'table public.email_logs']);
    const pulled = await pull(url, { externals });
    await prove(pulled, engines);
    expect(await unformatted(pulled.authored)).toEqual([]);
    expect(pulled.authored.opaque).toEqual([]);
    // Not only equal to the database, but to what was declared, elaborated as every compile does.
    const [wanted, hasLz4] = await engines.borrow(
      [],
      async (engine) => [await elaborate(engine, declared), engine.has('compression lz4')] as const,
    );
    const ours = (state: State) => stateOf([...state.values()].filter(({ path }) => path[1] !== 'users' && path[1] !== 'email_logs'));
    const differences = diff(ours(pulled.recognised.state), ours(wanted)).map((change) =>
      change.change === 'altered' ? `${change.after.id}: ${change.attributes.join()}` : `${change.change}`,
    );
    // A server that was built without lz4 cannot hold what the schema asks for.
    const compressed = ['digest_payloads.html', 'digest_payloads.plain_text', 'digest_sends.provider_response', 'digests.content'];
    expect(differences).toEqual(hasLz4 ? [] : compressed.map((column) => `column public.${column}: compression`));
  });
});
