/** What the SQL of opaque objects makes is found, by its oid and, where it has none, by looking at each of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { isOpaque } from '../../compiler/kinds/guards.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { loadText } from '../load/project.ts';

let engine: Engine;
let cacheFolder: string;
let queries = 0;
beforeAll(async () => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'schemac-owned-'));
  const opened = await openEngine({ cacheFolder });
  engine = {
    identity: opened.identity,
    has: (capability) => opened.has(capability),
    query: (sql) => {
      queries += 1;
      return opened.query(sql);
    },
    execute: (sql) => opened.execute(sql),
    keep: (key) => opened.keep(key),
    close: () => opened.close(),
  };
});
afterAll(async () => {
  await engine.close();
  rmSync(cacheFolder, { recursive: true, force: true });
});

const declared = `
export const items = table('items', { columns: { id: bigint(), name: text() }, primaryKey: ['id'], grants: [{ to: 'nobody_here', privileges: ['select'] }] });
export const joined = opaque('joined', {
  create: sql\`CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text); COMMENT ON AGGREGATE joined(text) IS 'One of many.'\`,
  drop: sql\`DROP AGGREGATE joined(text)\`,
});
export const kept = opaque('kept', {
  create: sql\`CREATE TABLE others (id integer PRIMARY KEY); CREATE RULE kept AS ON DELETE TO \${items} DO INSTEAD NOTHING\`,
  drop: sql\`DROP RULE kept ON \${items}; DROP TABLE others\`,
});
`;
const made = {
  joined: ['aggregate public.joined(text)', 'comment aggregate public.joined(text)'],
  kept: ['column public.others.id', 'primary-key public.others.others_pkey', 'rule public.items.kept', 'table public.others'],
};

async function ownersOf(text: string): Promise<{ readonly [name: string]: readonly string[] }> {
  const state = await elaborate(engine, await loadText(text));
  return Object.fromEntries([...state.values()].filter(isOpaque).map(({ path, attributes }) => [path[0] ?? '', attributes.owns]));
}

test('by their oids, in one read however many there are', async () => {
  queries = 0;
  expect(await ownersOf(declared)).toEqual(made);
  const few = queries;
  const more = Array.from({ length: 20 }, (_, number) => {
    const name = `more_${String(number)}`;
    return `export const ${name} = opaque('${name}', { create: sql\`CREATE AGGREGATE ${name}(text) (SFUNC = textcat, STYPE = text)\`, drop: sql\`DROP AGGREGATE ${name}(text)\` });`;
  });
  queries = 0;
  expect(await ownersOf(declared + more.join('\n'))).toMatchObject({ ...made, more_7: ['aggregate public.more_7(text)'] });
  // Two notes of the counter each.
  expect(queries).toBeLessThanOrEqual(few + 40);
});

test('one by one where something has no oid, as a comment on what is declared', async () => {
  const remark = `export const remark = opaque('remark', { create: sql\`COMMENT ON TABLE \${items} IS 'Things.'\`, drop: sql\`COMMENT ON TABLE \${items} IS NULL\`, dependsOn: [items] });`;
  expect(await ownersOf(declared + remark)).toEqual({ ...made, remark: ['comment table public.items'] });
});
