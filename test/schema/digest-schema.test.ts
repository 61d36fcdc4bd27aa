/**
 * The repo's own schema is what it claims to be: no mistakes, everything documented, every requirement
 * traced, every query understood by PostgreSQL on the tables as declared.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import type { State } from '../../compiler/model/object.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { seedRows } from '../../compiler/prove/rows.ts';
import { parseStatements } from '../sql/parser.ts';
import { buildDatabase, loadDigestSchema, numbered, openEmpty } from './support.ts';

const declared: DeclaredSchema = await loadDigestSchema();

/** Everything that a reader asks the purpose of. Defaults, comments and partition rules are said with their owner. */
const documented = ['schema', 'table', 'column', 'primary-key', 'unique', 'check', 'foreign-key', 'exclusion', 'index'];

const requirements = [
  'Preferences of each user',
  'Generated content and metadata',
  'Delivery attempts and status',
  'Interactions',
  'Historical queries for analytics',
  'A million active users and more',
  'Preferences in under 10 ms',
  'Large payloads stored efficiently',
  'Partitions by date for archives',
  'Foreign key to users',
  'Delivery tracking through the e-mail log',
  'Indexes for performance-critical queries',
  'Migration written and tested',
  'Review and approval by the backend team',
];

describe('declarations', () => {
  it('have no mistakes', () => {
    expect(declared.diagnostics).toEqual([]);
  });

  it('say what every table, column, index and constraint is for', () => {
    const silent = declared.objects
      .filter((object) => documented.includes(object.kind))
      .filter((object) => (declared.annotations.get(object.id)?.doc ?? '').trim().length < 10);
    expect(silent.map((object) => object.id)).toEqual([]);
    expect(declared.objects.filter((object) => object.kind === 'index').length).toBeGreaterThan(5);
    expect(declared.softReferences.filter((reference) => reference.doc === undefined)).toEqual([]);
  });

  it('give every table of ours an owner, a group and expected rows', () => {
    const ours = declared.objects.filter((object) => object.kind === 'table' && declared.annotations.get(object.id)?.external !== true);
    expect(ours).toHaveLength(6);
    for (const { id } of ours) {
      expect(declared.annotations.get(id), id).toMatchObject({
        owner: 'digest team',
        group: expect.any(String),
        expectedRows: expect.any(Number),
      });
    }
  });

  it('leave the tables of other teams to them', () => {
    const theirs = [...declared.annotations].filter(([id, annotation]) => id.startsWith('table ') && annotation.external === true);
    expect(theirs.map(([id]) => id)).toEqual(['table public.email_logs', 'table public.users']);
  });

  it('make only the references to users hard', () => {
    const hard = declared.objects.filter((object) => object.kind === 'foreign-key').map((object) => object.id);
    expect(hard.sort()).toEqual([
      'foreign-key public.digests.digests_user_id_fkey',
      'foreign-key public.user_digest_preferences.user_digest_preferences_user_id_fkey',
    ]);
    expect(declared.softReferences.map(({ from, to }) => `${from} -> ${to}`).sort()).toEqual([
      'table public.digest_interactions -> table public.digests',
      'table public.digest_payloads -> table public.digests',
      'table public.digest_sends -> table public.digests',
      'table public.digest_sends -> table public.email_logs',
      'table public.digest_sends -> table public.users',
    ]);
  });
});

describe('design', () => {
  it('declares every requirement, in the order of the request', () => {
    expect(declared.requirements.map((each) => each.name).sort()).toEqual([...requirements].sort());
  });

  it('traces every requirement but the one that only people can meet, which blocks until they do', () => {
    const untraced = declared.requirements.filter((each) => each.metBy.length === 0).map((each) => each.name);
    expect(untraced).toEqual(declared.reviews.length === 0 ? ['Review and approval by the backend team'] : []);
    const blocking = declared.openQuestions.filter((each) => each.blocking).map((each) => each.owner);
    expect(blocking).toEqual(declared.reviews.length === 0 ? ['backend team'] : []);
  });

  it('answers the three questions of the request, each with a reason and what else there was', () => {
    const names = declared.decisions.map((each) => each.name);
    expect(names).toEqual(
      expect.arrayContaining(['Partitioning or an archive table', 'How long old digests are kept', 'Which query patterns are expected']),
    );
    for (const each of declared.decisions) {
      expect(each.because.length, each.name).toBeGreaterThan(80);
      expect(each.alternatives.length, each.name).toBeGreaterThan(0);
      expect(each.concerns.length, each.name).toBeGreaterThan(0);
    }
  });

  it('has no index that serves no declared query', () => {
    const indexes = declared.objects.filter((object) => object.kind === 'index' || object.kind === 'primary-key');
    const idle = indexes.filter((object) => {
      if (declared.annotations.get(object.id)?.external === true) return false;
      const doc = declared.annotations.get(object.id)?.doc ?? '';
      return !declared.queries.some((query) => doc.includes(query.name)) && !/repeatable|unrepeatable/.test(doc);
    });
    expect(idle.map((object) => object.id)).toEqual([]);
  });
});

describe('in PostgreSQL', () => {
  let engine: Engine;
  let state: State;

  beforeAll(async () => {
    engine = await openEmpty();
    state = await elaborate(engine, declared);
    await buildDatabase(engine, declared);
  });
  afterAll(() => engine?.close());

  it('is what was declared', () => {
    const missing = declared.objects.filter((object) => !state.has(object.id));
    expect(missing.map((object) => object.id)).toEqual([]);
  });

  it('has partitions ready for what is written today', async () => {
    const rows = await engine.query(`
      SELECT parent.relname AS table, count(*)::text AS partitions
      FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class child ON child.oid = inhrelid
      WHERE parent.relkind = 'p' GROUP BY 1 ORDER BY 1`);
    expect(rows).toEqual([
      { table: 'digest_interactions', partitions: '4' },
      { table: 'digest_payloads', partitions: '8' },
      { table: 'digest_sends', partitions: '5' },
      { table: 'digests', partitions: '4' },
    ]);
  });

  it.each(declared.queries.map((query) => [query.name, query.sql] as const))('prepares the query %s', async (name, sql) => {
    expect(parseStatements(numbered(sql).sql)).toHaveLength(1);
    const { sql: text, parameters } = numbered(sql);
    await engine.execute(`PREPARE ${name} AS ${text}`);
    const [row] = await engine.query(
      `SELECT cardinality(parameter_types)::text AS count FROM pg_prepared_statements WHERE name = '${name}'`,
    );
    expect(row).toEqual({ count: String(parameters.length) });
    await engine.execute(`DEALLOCATE ${name}`);
  });

  it('can be filled with rows, so that later migrations are proven on some', async () => {
    const tables = declared.objects.filter((object) => object.kind === 'table').map((object) => object.id);
    const { unseeded } = await seedRows(engine, tables);
    expect(unseeded).toEqual([]);
  });
});
