/**
 * What is read of privileges, owners and policies in databases that this tool did not make: grants by
 * several grantors, lost rights of owners, the schema public, objects of other roles.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { introspect, pinnedSettings, type IntrospectionOptions } from '../../compiler/introspect/introspect.ts';
import { parseAddress } from '../../compiler/model/address.ts';
import type { SchemaObject } from '../../compiler/model/object.ts';
import { kindOf } from '../../compiler/kinds/registry.ts';
import { grantAddress } from '../../compiler/kinds/privilege-targets.ts';
import { granteeOf, granteeSql, roleOf } from '../../compiler/kinds/grantee.ts';
import { privilegeChanges, type GrantedPrivilege } from '../../compiler/kinds/privileges.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
  await engine.execute(`CREATE ROLE reader; CREATE ROLE writer; CREATE ROLE "PUBLIC"; CREATE ROLE "OWNER"`);
  await engine.execute('BEGIN');
});
const startOver = async (): Promise<void> => {
  await engine.execute('ROLLBACK');
  await engine.execute('BEGIN');
};
afterEach(startOver);
afterAll(() => engine.close());

async function read(sql: string, options: IntrospectionOptions = {}): Promise<ReadonlyMap<string, SchemaObject>> {
  await engine.execute(sql);
  await engine.execute(pinnedSettings.join(';'));
  return introspect(engine, 18, options);
}

/** The objects about privileges and owners, their attributes by address. */
async function access(sql: string): Promise<{ readonly [id: string]: unknown }> {
  const objects = [...(await read(sql)).values()].filter((object) => kindOf(object).concerns === 'privileges');
  return Object.fromEntries(
    objects.map(({ id, attributes }) => {
      const { on: _on, grantee: _grantee, ...rest } = attributes as { readonly [name: string]: unknown };
      return [id, rest];
    }),
  );
}

const plain = (privilege: string, columns?: readonly string[]): GrantedPrivilege => ({
  privilege,
  ...(columns === undefined ? {} : { columns }),
  option: 'none',
});
const table = 'CREATE TABLE public.t (id int, name text)';

describe('privileges', () => {
  it('an object with what PostgreSQL gives by itself has none', async () => {
    expect(
      await access(
        `${table}; CREATE TYPE public.e AS ENUM (); CREATE SEQUENCE public.s; CREATE SCHEMA a; GRANT ALL ON public.t TO CURRENT_USER`,
      ),
    ).toEqual({});
  });

  it('grants of several grantors are one, with a grant option where one has it', async () => {
    expect(
      await access(`${table}; GRANT SELECT ON public.t TO writer WITH GRANT OPTION; GRANT SELECT, INSERT ON public.t TO reader;
        SET LOCAL ROLE writer; GRANT SELECT ON public.t TO reader WITH GRANT OPTION; RESET ROLE`),
    ).toEqual({
      'grant table public.t.reader': {
        privileges: [plain('insert'), { privilege: 'select', option: 'with grant option' }],
        revoked: [],
      },
      'grant table public.t.writer': { privileges: [{ privilege: 'select', option: 'with grant option' }], revoked: [] },
    });
  });

  it('columns stand with their table, sorted by name', async () => {
    expect(
      await access(`${table}; GRANT UPDATE (name, id), SELECT (id) ON public.t TO reader; GRANT SELECT ON public.t TO PUBLIC`),
    ).toEqual({
      'grant table public.t.PUBLIC': { privileges: [plain('select')], revoked: [] },
      'grant table public.t.reader': { privileges: [plain('select', ['id']), plain('update', ['id', 'name'])], revoked: [] },
    });
    const state = await read('SELECT');
    expect(state.get('grant table public.t.reader')?.dependsOn).toEqual(['column public.t.id', 'column public.t.name', 'table public.t']);
  });

  it('what an owner or everybody lost is said, and all of it where nothing is left', async () => {
    expect(
      await access(`${table}; REVOKE DELETE, UPDATE ON public.t FROM CURRENT_USER; CREATE TYPE public.e AS ENUM (); REVOKE ALL ON TYPE public.e FROM PUBLIC;
        CREATE SEQUENCE public.s; REVOKE ALL ON SEQUENCE public.s FROM CURRENT_USER`),
    ).toEqual({
      'grant enum public.e.PUBLIC': { privileges: [], revoked: ['usage'] },
      'grant sequence public.s.OWNER': { privileges: [], revoked: ['select', 'update', 'usage'] },
      'grant table public.t.OWNER': { privileges: [], revoked: ['delete', 'update'] },
    });
  });

  it('roles named PUBLIC and OWNER are neither', async () => {
    expect(Object.keys(await access(`${table}; GRANT SELECT ON public.t TO "PUBLIC", "OWNER"`))).toEqual([
      'grant table public.t."OWNER"',
      'grant table public.t."PUBLIC"',
    ]);
  });

  it('the schema public is compared with what initdb leaves', async () => {
    expect(await access('REVOKE USAGE ON SCHEMA public FROM PUBLIC; GRANT CREATE, USAGE ON SCHEMA public TO writer')).toEqual({
      'grant schema public.PUBLIC': { privileges: [], revoked: ['usage'] },
      'grant schema public.writer': { privileges: [plain('create'), plain('usage')], revoked: [] },
    });
    await startOver();
    expect(await access('DROP SCHEMA public; CREATE SCHEMA public')).toEqual({
      'grant schema public.PUBLIC': { privileges: [], revoked: ['usage'] },
    });
  });

  it('what an identity column and an extension bring has none of its own', async () => {
    expect(
      await access(`CREATE TABLE public.t (id int GENERATED ALWAYS AS IDENTITY); GRANT USAGE ON SEQUENCE public.t_id_seq TO reader;
      GRANT USAGE ON LANGUAGE plpgsql TO reader; GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO reader`),
    ).toEqual({});
  });

  it('are left out when asked, policies are not', async () => {
    const sql = `${table}; GRANT SELECT ON public.t TO reader; ALTER TABLE public.t OWNER TO writer; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
      CREATE POLICY p ON public.t TO reader USING (true)`;
    const all = [...(await read(sql)).keys()];
    expect(all).toEqual(
      expect.arrayContaining([
        'grant table public.t.reader',
        'owner table public.t',
        'default-privilege *.tables.reader',
        'policy public.t.p',
      ]),
    );
    const without = [...(await read('SELECT', { privileges: 'ignored' })).keys()];
    expect(without).toEqual(all.filter((id) => !/^(grant|owner|default-privilege) /.test(id)));
  });
});

describe('owners', () => {
  it('are said where they are not the role that runs migrations', async () => {
    expect(
      await access(
        `${table}; CREATE TABLE public.other (id serial); ALTER TABLE public.other OWNER TO writer; CREATE TYPE public.e AS ENUM (); ALTER TYPE public.e OWNER TO reader`,
      ),
    ).toEqual({ 'owner enum public.e': { role: 'reader' }, 'owner table public.other': { role: 'writer' } });
  });

  it('the role that owns our own schema is the one that runs migrations', async () => {
    expect(
      await access(
        `CREATE SCHEMA schemac; ALTER SCHEMA schemac OWNER TO writer; ${table}; ALTER TABLE public.t OWNER TO writer; CREATE TABLE public.u ()`,
      ),
    ).toEqual({
      'owner table public.u': { role: 'postgres' },
    });
  });
});

describe('default privileges', () => {
  it('of every schema are compared with what PostgreSQL gives, those of one are added', async () => {
    expect(
      await access(`CREATE SCHEMA "a.b"; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES IN SCHEMA "a.b" GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
        ALTER DEFAULT PRIVILEGES FOR ROLE writer GRANT SELECT ON TABLES TO reader WITH GRANT OPTION; ALTER DEFAULT PRIVILEGES REVOKE TRUNCATE ON TABLES FROM CURRENT_USER`),
    ).toEqual({
      'default-privilege "a.b".functions.PUBLIC': { schema: 'a.b', objects: 'functions', privileges: [plain('execute')], revoked: [] },
      'default-privilege *.functions.PUBLIC': { objects: 'functions', privileges: [], revoked: ['execute'] },
      'default-privilege *.tables.OWNER': { objects: 'tables', privileges: [], revoked: ['truncate'] },
      'default-privilege writer.*.tables.reader': {
        role: 'writer',
        objects: 'tables',
        privileges: [{ privilege: 'select', option: 'with grant option' }],
        revoked: [],
      },
    });
  });
});

describe('names', () => {
  const hostile = ['app', 'App', 'PUBLIC', 'a.b', 'a "b"', ' ', 'user', 'x\ny', 'ü', "o'clock", 'to app'];

  it.each(hostile)('%j is a role in addresses and in SQL', (name) => {
    const grantee = granteeOf(name);
    expect(roleOf(grantee)).toBe(name);
    expect(granteeSql(grantee)).not.toBe('PUBLIC');
    expect(parseAddress(grantAddress('table "Odd s".t', grantee))).toEqual({ kind: 'grant', path: ['table Odd s', 't', name] });
  });
});

describe('changes of privileges', () => {
  const select = plain('select');
  it('REVOKE on a table takes the columns along, so they are granted again', () => {
    expect(privilegeChanges([select, plain('select', ['a'])], [plain('select', ['a'])])).toEqual({
      lost: [select],
      optionLost: [],
      added: [plain('select', ['a'])],
    });
  });
  it('a grant option comes and goes by itself', () => {
    const withOption: GrantedPrivilege = { privilege: 'select', option: 'with grant option' };
    expect(privilegeChanges([select], [withOption])).toEqual({ lost: [], optionLost: [], added: [withOption] });
    expect(privilegeChanges([withOption], [select])).toEqual({
      lost: [],
      optionLost: [select].map((each) => ({ ...each, option: 'with grant option' })),
      added: [],
    });
  });
});
