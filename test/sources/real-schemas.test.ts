/**
 * Real schemas of public projects, from ../shared/schemas where that is: loaded, compared, made anew
 * in an empty database by what `diff` prints, and compared across majors. What other kinds must bring
 * is pinned by name, and fails the day it passes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { dumpSchema, runPsql } from '../support/dump.ts';
import { differentLines } from '../support/different-lines.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { applyWithPsql, diff, runScript } from './support.ts';

const folder = fileURLToPath(new URL('../../../shared/schemas/', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.log(`no ${folder}: the real schemas are not tested`);

/** What does not come through, with the reason. */
const knownGaps: { readonly [schema: string]: string } = {};
/** Where the dumps differ though nothing is missed in the plan. */
const knownDumpGaps: { readonly [schema: string]: string } = {};

const names = ['chinook', 'pagila', 'adventureworks', 'temporal'];

async function load(server: TestServer, name: string): Promise<string> {
  const url = await server.createDatabase();
  const loaded = await runPsql(url, `${folder}${name}.sql`);
  if (loaded === undefined) await runScript(url, readFileSync(`${folder}${name}.sql`, 'utf8'));
  else expect(loaded.exitCode, loaded.errors).toBe(0);
  return url;
}

describe.runIf(isThere).each(testMajors)('on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  describe.each(names)('%s', (name) => {
    let url: string;
    beforeAll(async () => {
      url = await load(server, name);
    });

    it('is the same as itself', async () => {
      expect(await diff(url, url)).toMatchObject({ exitCode: 0, lines: ['-- no difference'], diagnostics: [] });
    });

    it('is the same as its file', async () => {
      const result = await diff(`${folder}${name}.sql`, url, { root: '/', format: 'summary' });
      expect(result.lines).toEqual(['no difference']);
    });

    it('is made in an empty database, and taken away again', async () => {
      const empty = await server.createDatabase();
      const create = async (): Promise<void> => {
        await applyWithPsql(empty, (await diff(empty, url)).lines.join('\n'));
        expect((await diff(empty, url, { format: 'summary' })).lines).toEqual(['no difference']);
      };
      const gap = knownGaps[name];
      if (gap !== undefined) return expect(create(), `passes now: take it out of the known gaps (${gap})`).rejects.toThrow();
      await create();
      await compareDumps(empty, url, name);
      const nothing = await server.createDatabase();
      await applyWithPsql(empty, (await diff(empty, nothing)).lines.join('\n'));
      expect([...(await readDatabase(empty)).state.keys()]).toEqual([...(await readDatabase(nothing)).state.keys()]);
    });
  });
});

async function compareDumps(made: string, given: string, name: string): Promise<void> {
  const [left, right] = [await dumpSchema(made), await dumpSchema(given)];
  if (left === undefined || right === undefined) return;
  const different = differentLines(left, right);
  const gap = knownDumpGaps[name];
  if (gap === undefined) expect(different).toEqual([]);
  else expect(different, `passes now: take it out of the known gaps (${gap})`).not.toEqual([]);
}

describe.runIf(isThere && testMajors.length > 1)('from one major to another', () => {
  const [oldest, newest] = [testMajors[0] ?? 14, testMajors.at(-1) ?? 18];
  let servers: readonly TestServer[];
  beforeAll(async () => {
    servers = await Promise.all([startServer(oldest), startServer(newest)]);
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it.each(names)('%s has no phantom difference', async (name) => {
    const [old, now] = await Promise.all(servers.map((server) => load(server, name)));
    for (const [from, to] of [
      [old, now],
      [now, old],
    ])
      expect(await diff(from ?? '', to ?? '', { format: 'summary' })).toMatchObject({ exitCode: 0, lines: ['no difference'] });
  });
});
