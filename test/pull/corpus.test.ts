/**
 * Both schemas of every case of the corpus, built in a database and pulled: the result, loaded and built
 * anew, is what the database holds; prettier leaves every file as it is; TypeScript finds no mistake.
 * Every kind, attribute and hostile name that the corpus has is a case here.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEngines, type Engines } from '../../compiler/sources/engines.ts';
import { loadFile } from '../support/corpus.ts';
import { build, prove, pull, typeErrors, unformatted, writeTo } from '../support/pull.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { leftOpaque } from './exceptions.ts';

const folder = fileURLToPath(new URL('../corpus/', import.meta.url));
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((entry) => ['before', 'after'].map((side) => `${entry.name} ${side}`))
  .sort();

describe.each(testMajors)('pulled from PostgreSQL %i', (major) => {
  const written = mkdtempSync(join(tmpdir(), 'schemac-pulled-'));
  let server: TestServer;
  let engines: Engines;
  let url: string;
  beforeAll(async () => {
    server = await startServer(major);
    url = await server.createDatabase();
    engines = makeEngines({ cacheFolder: join(tmpdir(), 'schemac-test-cache'), using: server.url });
  });
  afterAll(async () => {
    await engines.close();
    await server.stop();
    rmSync(written, { recursive: true, force: true });
  });

  it.each(cases)('%s', async (name) => {
    const [folderName = '', side = ''] = name.split(' ');
    const declared = await loadFile(join(folder, folderName, `${side}.ts`));
    if (declared.project.postgres > major) return;
    await build(url, declared, major);
    const pulled = await pull(url);
    writeTo(join(written, folderName, side), pulled.authored);
    await prove(pulled, engines);
    expect(await unformatted(pulled.authored)).toEqual([]);
    expect(pulled.authored.opaque).toEqual(leftOpaque[name] ?? []);
  });

  it('all of it is right by its types', () => {
    expect(typeErrors(written)).toBe('');
  }, 120_000);
});
