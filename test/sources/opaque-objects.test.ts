/**
 * A live database beside a schema with opaque objects: what their SQL made is theirs, so that a
 * database which holds it has them; what is otherwise is named as a difference of the opaque object,
 * and the plan takes it away.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffScript } from '../../compiler/emit/diff-script.ts';
import { findDrift, type Finding } from '../../compiler/sources/drift.ts';
import { planDifference } from '../../compiler/sources/plan-difference.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { readSchema } from '../../compiler/sources/read-schema.ts';
import type { Source } from '../../compiler/sources/source.ts';
import { createProject } from '../commands/support.ts';
import { pull } from '../support/pull.ts';
import { startServer, testMajors, type TestServer } from '../support/servers.ts';
import { applyWithPsql, engines, runScript } from './support.ts';

const everything = { include: [], exclude: [] };
const working = engines();
afterAll(() => working.close());

const table = `
import { bigint, opaque, project, sql, table, text, view } from 'schemac';
export const settings = project({ postgres: 14, manages: { schemas: ['public'] } });
export const items = table('items', { columns: { id: bigint(), name: text({ nullable: true }) }, primaryKey: ['id'] });
`;

interface Case {
  readonly schema: string;
  /** What a database that has it holds. */
  readonly there: string;
  /** Makes it otherwise. */
  readonly otherwise: string;
  readonly object: string;
  /** What the difference names. */
  readonly attributes: readonly string[];
}

const items = 'CREATE TABLE items (id bigint PRIMARY KEY, name text);';

const cases: { readonly [name: string]: Case } = {
  'an aggregate that a view calls': {
    schema: `${table}
      export const joined = opaque('joined', {
        create: sql\`CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text, INITCOND = ''); COMMENT ON AGGREGATE joined(text) IS 'One of many.'\`,
        drop: sql\`DROP AGGREGATE joined(text)\`,
      });
      export const names = view('names', { query: sql\`SELECT joined(name) AS all_of_them FROM \${items}\`, dependsOn: [joined] });`,
    there: `${items} CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
      COMMENT ON AGGREGATE joined(text) IS 'One of many.';
      CREATE VIEW names AS SELECT joined(name) AS all_of_them FROM items;`,
    otherwise: `DROP VIEW names; DROP AGGREGATE joined(text); CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text, INITCOND = '!');
      COMMENT ON AGGREGATE joined(text) IS 'One of many.'; CREATE VIEW names AS SELECT joined(name) AS all_of_them FROM items;`,
    object: 'opaque joined',
    attributes: ['create'],
  },
  'a rule': {
    schema: `${table}
      export const kept = opaque('kept', {
        create: sql\`CREATE RULE kept AS ON DELETE TO \${items} WHERE old.id > 10 DO INSTEAD NOTHING\`,
        drop: sql\`DROP RULE kept ON \${items}\`,
      });`,
    there: `${items} CREATE RULE kept AS ON DELETE TO items WHERE old.id > 10 DO INSTEAD NOTHING;`,
    otherwise: 'DROP RULE kept ON items; CREATE RULE kept AS ON DELETE TO items WHERE old.id > 11 DO INSTEAD NOTHING;',
    object: 'opaque kept',
    attributes: ['create'],
  },
  'two of which one is gone': {
    schema: `${table}
      export const helpers = opaque('helpers', {
        create: sql\`CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text); CREATE OPERATOR ||| (LEFTARG = text, RIGHTARG = text, FUNCTION = textcat)\`,
        drop: sql\`DROP OPERATOR ||| (text, text); DROP AGGREGATE joined(text)\`,
      });`,
    there: `${items} CREATE AGGREGATE joined(text) (SFUNC = textcat, STYPE = text); CREATE OPERATOR ||| (LEFTARG = text, RIGHTARG = text, FUNCTION = textcat);`,
    otherwise: 'DROP OPERATOR ||| (text, text);',
    object: 'opaque helpers',
    attributes: ['create', 'drop', 'owns'],
  },
  'an event trigger and its function': {
    schema: `${table}
      export const watched = opaque('watched', {
        create: sql\`CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN END $f$; CREATE EVENT TRIGGER watched ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION watch()\`,
        drop: sql\`DROP EVENT TRIGGER watched; DROP FUNCTION watch()\`,
      });`,
    there: `${items} CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN END $f$;
      CREATE EVENT TRIGGER watched ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION watch();`,
    otherwise: 'ALTER EVENT TRIGGER watched DISABLE;',
    object: 'opaque watched',
    attributes: ['create'],
  },
};

async function schemaFrom(files: Iterable<readonly [string, string]>): Promise<Source> {
  const { root } = await createProject(Object.fromEntries([...files].map(([path, text]) => [`schema/${path}`, text])));
  return readSchema(join(root, 'schema'), 'schema', { root, loader: 'esbuild', engines: working });
}

async function findings(url: string, schema: Source): Promise<readonly Finding[]> {
  return (await findDrift(await readDatabase(url), schema, working)).findings;
}

async function script(from: Source, to: Source): Promise<string | undefined> {
  const { changes, renames, transactions, target } = await planDifference(from, to, everything, working);
  if (changes.length + renames.length === 0) return undefined;
  return diffScript({ from: from.name, to: to.name, target, summary: [], transactions });
}

describe.each(testMajors)('opaque objects and a database on PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
  });
  afterAll(() => server.stop());

  it.each(Object.entries(cases))('%s', async (_, { schema: text, there, otherwise, object, attributes }) => {
    const schema = await schemaFrom([['schema.ts', text]]);
    const url = await server.createDatabase();
    // Nothing of it is there: the opaque object is missing, and the plan makes it.
    await runScript(url, items);
    expect((await findings(url, schema)).map((each) => `${each.object} ${each.difference}`)).toContain(`${object} missing`);
    await applyWithPsql(url, (await script(await readDatabase(url), schema)) ?? '');
    expect(await findings(url, schema)).toEqual([]);
    // Made by hand, it is the same.
    const byHand = await server.createDatabase();
    await runScript(byHand, there);
    expect(await findings(byHand, schema)).toEqual([]);
    expect(await script(await readDatabase(byHand), schema)).toBeUndefined();
    expect(await script(schema, await readDatabase(byHand))).toBeUndefined();
    // Otherwise than the SQL makes it: one difference, of the opaque object, and a way back and there.
    await runScript(byHand, otherwise);
    const found = await findings(byHand, schema);
    expect(found.map((each) => ({ ...each, attributes: each.attributes.map(({ name }) => name) }))).toMatchObject([
      { object, difference: 'changed', attributes },
    ]);
    await applyWithPsql(url, (await script(schema, await readDatabase(byHand))) ?? '');
    expect(await findings(url, schema)).toEqual(found);
    await applyWithPsql(byHand, (await script(await readDatabase(byHand), schema)) ?? '');
    expect(await findings(byHand, schema)).toEqual([]);
  });

  it('constraints that pull left opaque, since they were never validated', async () => {
    const url = await server.createDatabase();
    await runScript(
      url,
      `${items} CREATE TABLE orders (id bigint PRIMARY KEY, item bigint NOT NULL);
      ALTER TABLE items ADD CONSTRAINT named CHECK (name <> '') NOT VALID;
      ALTER TABLE orders ADD CONSTRAINT of_item FOREIGN KEY (item) REFERENCES items NOT VALID;`,
    );
    const { authored } = await pull(url);
    expect(authored.opaque.map(({ object }) => object)).toEqual(['check public.items.named', 'foreign-key public.orders.of_item']);
    const schema = await schemaFrom(authored.files);
    expect(await findings(url, schema)).toEqual([]);
    await runScript(url, 'ALTER TABLE items VALIDATE CONSTRAINT named; ALTER TABLE orders DROP CONSTRAINT of_item');
    expect((await findings(url, schema)).map(({ object, difference }) => `${object} ${difference}`).sort()).toEqual([
      'opaque "check public.items.named" changed',
      'opaque "foreign-key public.orders.of_item" missing',
    ]);
    await applyWithPsql(url, (await script(await readDatabase(url), schema)) ?? '');
    expect(await findings(url, schema)).toEqual([]);
  });

  it('one that makes nothing that can be seen counts as there, and that is said', async () => {
    const filled = `export const filled = opaque('filled', { create: sql\`INSERT INTO \${items} VALUES (1)\`, drop: sql\`DELETE FROM \${items}\`, dependsOn: [items] });`;
    const schema = await schemaFrom([['schema.ts', table + filled]]);
    const url = await server.createDatabase();
    const empty = await planDifference(await readDatabase(url), schema, everything, working);
    expect(empty.changes.map((change) => change.change === 'added' && change.after.id)).toContain('opaque filled');
    await runScript(url, items);
    const drift = await findDrift(await readDatabase(url), schema, working);
    expect(drift.findings).toEqual([]);
    expect(drift.diagnostics.map(({ code, subject }) => `${code} ${subject ?? ''}`)).toEqual(['opaque-not-seen opaque filled']);
  });
});
