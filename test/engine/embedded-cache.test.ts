/**
 * What the embedded engine keeps on disk: made once, never changed, rebuilt when broken, and states
 * that another process finds.
 */
import { createHash } from 'node:crypto';
import { closeSync, cpSync, existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { openEngine, openState } from '../../compiler/engine/open.ts';
import { otherProcess, removeFolder, temporaryFolder, type OtherProcess } from './support.ts';

const madeCache = temporaryFolder();
let other: OtherProcess;
let cacheFolder: string;

beforeAll(async () => {
  other = await otherProcess();
  // Two processes find no base at once: both must work, and what they leave must be one base.
  const answers = await Promise.all([other.query(madeCache, 'SELECT 1 AS one'), other.query(madeCache, 'SELECT 2 AS two')]);
  expect(answers).toEqual([[{ one: '1' }], [{ two: '2' }]]);
});
afterAll(() => {
  other.remove();
  removeFolder(madeCache);
});
beforeEach(() => {
  cacheFolder = temporaryFolder();
  cpSync(madeCache, cacheFolder, { recursive: true });
});
afterEach(() => removeFolder(cacheFolder));

const versionFolder = (): string => join(cacheFolder, readdirSync(cacheFolder)[0] ?? '');
const basePack = (): string => join(versionFolder(), 'base.pack');
const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

test('two processes that race to make the base leave one base and no temporary files', () => {
  expect(readdirSync(cacheFolder)).toHaveLength(1);
  expect(readdirSync(versionFolder())).toEqual(['base.pack']);
});

test('working in an engine never changes the base', async () => {
  const before = hash(basePack());
  const engine = await openEngine({ cacheFolder });
  await engine.execute(
    'CREATE TABLE made (id int); INSERT INTO made SELECT generate_series(1, 10000); DROP TABLE made; CREATE ROLE somebody',
  );
  await engine.execute('CHECKPOINT');
  await engine.close();
  expect(hash(basePack())).toBe(before);
  const again = await openEngine({ cacheFolder });
  expect(await again.query("SELECT count(*) FROM pg_roles WHERE rolname = 'somebody'")).toEqual([{ count: '0' }]);
  await again.close();
});

test('a kept state opens in another process, with what came after left out', async () => {
  const engine = await openEngine({ cacheFolder });
  await engine.execute(
    "CREATE TABLE kept (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text); INSERT INTO kept (name) VALUES ('first')",
  );
  await engine.keep('a key');
  await engine.execute("INSERT INTO kept (name) VALUES ('second')");
  await engine.close();
  expect(await other.query(cacheFolder, 'SELECT id, name FROM kept', 'a key')).toEqual([{ id: '1', name: 'first' }]);
  expect(await other.query(cacheFolder, 'SELECT 1', 'another key')).toBe(null);
});

test('a state grows into the next one, and both stay as they were', async () => {
  const engine = await openEngine({ cacheFolder });
  await engine.execute('CREATE TABLE first (id int)');
  await engine.keep('one');
  await engine.close();
  const second = await openState({ cacheFolder }, 'one');
  await second?.execute('CREATE TABLE second (id int); DROP TABLE first');
  await second?.keep('two');
  await second?.close();
  const tables = "SELECT string_agg(relname, ',' ORDER BY relname) AS names FROM pg_class WHERE relname IN ('first', 'second')";
  for (const [key, names] of [
    ['one', 'first'],
    ['two', 'second'],
  ] as const) {
    const engineAgain = await openState({ cacheFolder }, key);
    expect(await engineAgain?.query(tables)).toEqual([{ names }]);
    await engineAgain?.close();
  }
});

test('a state brings the extensions that it was made with', async () => {
  const engine = await openEngine({ cacheFolder, extensions: ['citext'] });
  await engine.execute("CREATE EXTENSION citext; CREATE TABLE words (word citext); INSERT INTO words VALUES ('A')");
  await engine.keep('with citext');
  await engine.close();
  const again = await openState({ cacheFolder }, 'with citext');
  expect(await again?.query("SELECT count(*) FROM words WHERE word = 'a'")).toEqual([{ count: '1' }]);
  await again?.close();
});

test('only the newest states stay, one that was opened counts as new', async () => {
  const engine = await openEngine({ cacheFolder });
  const states = join(versionFolder(), 'states');
  for (const [age, key] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    await engine.keep(key);
    const time = new Date(Date.now() - (10 - age) * 60_000);
    utimesSync(join(states, `${key}.pack`), time, time);
  }
  await (await openState({ cacheFolder }, 'a'))?.close();
  await engine.keep('f');
  expect(readdirSync(states).sort()).toEqual(['a.pack', 'c.pack', 'd.pack', 'e.pack', 'f.pack']);
  await engine.close();
});

test('a base cut short is rebuilt, and states that leaned on the old one are not found', async () => {
  const engine = await openEngine({ cacheFolder });
  await engine.keep('old');
  await engine.close();
  truncateSync(basePack(), Math.floor(statSync(basePack()).size / 2));
  const again = await openEngine({ cacheFolder });
  expect(await again.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
  await again.close();
  expect(await openState({ cacheFolder }, 'old')).toBe(undefined);
});

/** Overwrites the first half of a pack: its length and its footer stay as they were. */
function damage(path: string): void {
  const descriptor = openSync(path, 'r+');
  const half = Buffer.alloc(Math.floor(statSync(path).size / 2));
  writeSync(descriptor, half, 0, half.length, 0);
  closeSync(descriptor);
}

test('a base that is damaged inside is rebuilt, a state is not found', async () => {
  const engine = await openEngine({ cacheFolder });
  await engine.keep('damaged');
  await engine.close();
  damage(join(versionFolder(), 'states', 'damaged.pack'));
  expect(await openState({ cacheFolder }, 'damaged')).toBe(undefined);
  damage(basePack());
  const again = await openEngine({ cacheFolder });
  expect(await again.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
  await again.close();
});

test('a state cut short is not found', async () => {
  const engine = await openEngine({ cacheFolder });
  await engine.keep('short');
  await engine.close();
  const path = join(versionFolder(), 'states', 'short.pack');
  truncateSync(path, statSync(path).size - 1);
  expect(await openState({ cacheFolder }, 'short')).toBe(undefined);
});

test('any text is a key, and none leads out of the folder', async () => {
  const engine = await openEngine({ cacheFolder });
  const keys = ['../../outside', '', 'x'.repeat(500), 'ü "quoted" \n', 'plain'];
  for (const key of keys.slice(0, 4)) {
    await engine.keep(key);
    const state = await openState({ cacheFolder }, key);
    expect(await state?.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
    await state?.close();
  }
  expect(existsSync(join(cacheFolder, '..', 'outside.pack'))).toBe(false);
  expect(await openState({ cacheFolder }, 'plain')).toBe(undefined);
  await engine.close();
});
