/** Sequences, views and materialized views as objects: made, read back, altered in every attribute, renamed, dropped. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Kind } from '../../compiler/kinds/contract.ts';
import { materializedViewKind } from '../../compiler/kinds/materialized-view/kind.ts';
import type { MaterializedView } from '../../compiler/kinds/materialized-view/object.ts';
import { declareSequence } from '../../compiler/kinds/sequence/declare.ts';
import { sequenceKind } from '../../compiler/kinds/sequence/kind.ts';
import type { Sequence } from '../../compiler/kinds/sequence/object.ts';
import { viewKind } from '../../compiler/kinds/view/kind.ts';
import type { View } from '../../compiler/kinds/view/object.ts';
import type { SchemaObject } from '../../compiler/model/object.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import { alter, introspect, planContext, run, testEngine, testEngines, withAttributes } from './support.ts';

describe.each(testEngines)('on %s', (engine) => {
  const { current } = testEngine(engine);
  afterEach(async () => {
    await current().execute(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS other CASCADE`);
  });

  async function attributes<Object extends SchemaObject>(kind: Kind<Object>): Promise<readonly Object['attributes'][]> {
    return (await introspect(current(), kind)).map((object) => object.attributes as Object['attributes']);
  }

  describe('a sequence', () => {
    const plain = declareSequence({ path: ['public', 'Numbers'], type: 'bigint', needs: [] });
    const sequence = (input: Partial<Parameters<typeof declareSequence>[0]>): Sequence =>
      declareSequence({ path: ['public', 'Numbers'], type: 'bigint', needs: [], ...input });

    it.each<readonly [string, Sequence]>([
      ['usual', plain],
      ['smallint', sequence({ type: 'smallint' })],
      ['descending', sequence({ increment: -1 })],
      ['descending smallint', sequence({ type: 'smallint', increment: -2, start: -7 })],
      ['from 1000 by 10', sequence({ start: 1000, increment: 10, minimum: 100, maximum: 2000, cache: 5, cycle: true })],
    ])('is made and becomes another one, both ways: %s', async (_name, other) => {
      await run(current(), sequenceKind.create(other, planContext()));
      expect(await introspect(current(), sequenceKind)).toEqual([other]);
      await run(current(), sequenceKind.drop(other, planContext()));
      expect(await introspect(current(), sequenceKind)).toEqual([]);
      await run(current(), sequenceKind.create(sequence({ start: 100, minimum: -200 }), planContext()));
      const [before] = await introspect(current(), sequenceKind);
      if (before === undefined) throw new Error('the sequence is there');
      const small = withAttributes(before, { maximum: '30000', type: 'integer', start: '200', minimum: '1' });
      await run(current(), alter(sequenceKind, before, small));
      expect(await attributes(sequenceKind)).toEqual([small.attributes]);
      await run(current(), alter(sequenceKind, small, before));
      expect(await attributes(sequenceKind)).toEqual([before.attributes]);
    });

    it('says nothing that is usual', () => {
      expect(sequenceKind.create(plain, planContext()).map(({ sql }) => sql)).toEqual(['CREATE SEQUENCE public."Numbers"']);
      expect(sequenceKind.create(sequence({ type: 'integer' }), planContext()).map(({ sql }) => sql)).toEqual([
        'CREATE SEQUENCE public."Numbers" AS integer',
      ]);
    });

    it('is owned by a column, given away and set free; an identity is no object', async () => {
      await current().execute(`CREATE TABLE public.t (id bigint, other bigint, made bigint GENERATED ALWAYS AS IDENTITY)`);
      const owned = sequence({ ownedBy: 'column public.t.id' });
      await run(current(), sequenceKind.create(owned, planContext()));
      expect(await introspect(current(), sequenceKind)).toMatchObject([{ partOf: 'column public.t.id', attributes: owned.attributes }]);
      const given = withAttributes(owned, { ownedBy: 'column public.t.other' });
      await run(current(), alter(sequenceKind, owned, given));
      expect((await attributes(sequenceKind))[0]?.ownedBy).toBe('column public.t.other');
      await run(current(), alter(sequenceKind, given, plain));
      expect(await introspect(current(), sequenceKind)).toEqual([plain]);
      await run(current(), alter(sequenceKind, plain, owned));
      await current().execute(`DROP TABLE public.t`);
      expect(await introspect(current(), sequenceKind)).toEqual([]);
    });

    it('needs its column only for being owned', () => {
      const [make, own] = sequenceKind.create(
        { ...sequence({ ownedBy: 'column public.t.id' }), dependsOn: ['column public.t.id', 'table public.t'] },
        planContext(),
      );
      expect(make?.needs).toEqual([]);
      expect(own?.needs).toEqual(['sequence public."Numbers"', 'column public.t.id']);
    });

    it('is renamed and moved', async () => {
      await current().execute(`CREATE SCHEMA other`);
      await run(current(), sequenceKind.create(plain, planContext()));
      const after = declareSequence({ path: ['other', 'numbers'], type: 'bigint', needs: [] });
      await run(current(), sequenceKind.rename?.(plain, after, planContext()) ?? []);
      expect(await introspect(current(), sequenceKind)).toEqual([after]);
    });
  });

  describe('a view', () => {
    async function base(): Promise<void> {
      await current().execute(`CREATE TABLE public.t (id bigint, name text, at timestamptz)`);
    }
    async function read(): Promise<View> {
      const [view] = await introspect(current(), viewKind);
      if (view === undefined) throw new Error('the view is there');
      return view;
    }

    it('is made from what was read, and dropped', async () => {
      await base();
      await current().execute(
        `CREATE VIEW public."A view" ("the id", n) WITH (security_barrier = true, check_option = local) AS SELECT id, name AS n FROM public.t WHERE id > 0`,
      );
      const view = await read();
      await run(current(), viewKind.drop(view, planContext()));
      expect(await introspect(current(), viewKind)).toEqual([]);
      await run(current(), viewKind.create(view, planContext()));
      expect(await read()).toEqual(view);
      expect(view.attributes.options).toEqual({ check_option: 'local', security_barrier: 'true' });
      expect(view.facts?.['columns']).toMatchObject([
        { name: 'the id', type: 'bigint' },
        { name: 'n', type: 'text' },
      ]);
    });

    async function between(first: string, second: string): Promise<readonly [View, View]> {
      await base();
      await current().execute(`CREATE VIEW public.v AS ${second}`);
      const after = await read();
      await current().execute(`DROP VIEW public.v; CREATE VIEW public.v AS ${first}`);
      return [await read(), after];
    }

    it('is replaced in place where columns are only appended', async () => {
      const [before, after] = await between('SELECT id, name FROM public.t', 'SELECT id, upper(name) AS name, at FROM public.t');
      await current().execute(`CREATE VIEW public.above AS SELECT name FROM public.v`);
      expect(viewKind.alter.query.replaces?.(before, after, { major: 18 })).toBe(false);
      await run(current(), alter(viewKind, before, after));
      expect((await attributes(viewKind))[1]).toEqual(after.attributes);
    });

    it.each([
      ['a column goes', 'SELECT id FROM public.t'],
      ['columns change places', 'SELECT name, id FROM public.t'],
      ['a type changes', 'SELECT id, name::varchar(10) AS name FROM public.t'],
      ['a collation changes', 'SELECT id, name COLLATE "C" AS name FROM public.t'],
    ])('is dropped and made again where %s', async (_why, second) => {
      const [before, after] = await between('SELECT id, name FROM public.t', second);
      expect(viewKind.alter.query.replaces?.(before, after, { major: 18 })).toBe(true);
      await run(current(), alter(viewKind, before, after));
      expect(await attributes(viewKind)).toEqual([after.attributes]);
    });

    it('changes its options, both ways', async () => {
      const [before] = await between('SELECT id FROM public.t', 'SELECT id FROM public.t');
      const after = withAttributes(before, { options: { security_barrier: 'true' } });
      await run(current(), alter(viewKind, before, after));
      expect(await attributes(viewKind)).toEqual([after.attributes]);
      await run(current(), alter(viewKind, after, before));
      expect(await attributes(viewKind)).toEqual([before.attributes]);
    });

    it('is renamed, and drawn with its columns', async () => {
      const [before] = await between('SELECT id, name FROM public.t', 'SELECT id FROM public.t');
      await run(current(), viewKind.rename?.(before, { ...before, id: 'view public.w', path: ['public', 'w'] }, planContext()) ?? []);
      const after = await read();
      expect(after.id).toBe('view public.w');
      const nodes = viewKind.describe(after, { state: new Map(), annotation: () => ({}) });
      expect(nodes.map((node) => node.id)).toEqual(['view public.w', 'column public.w.id', 'column public.w.name']);
    });
  });

  describe('a materialized view', () => {
    async function read(): Promise<MaterializedView> {
      const [view] = await introspect(current(), materializedViewKind);
      if (view === undefined) throw new Error('the materialized view is there');
      return view;
    }
    const count = async (): Promise<unknown> => (await current().query(`SELECT count(*) AS count FROM public.m`))[0]?.['count'];

    it('over an old table is made empty, then filled; over a new one at once', async () => {
      await current().execute(
        `CREATE TABLE public.t (id bigint); INSERT INTO public.t VALUES (1), (2); CREATE MATERIALIZED VIEW public.m WITH (fillfactor = 90) AS SELECT id FROM public.t`,
      );
      const view = { ...(await read()), dependsOn: ['table public.t'] };
      await run(current(), materializedViewKind.drop(view, planContext()));
      expect(await introspect(current(), materializedViewKind)).toEqual([]);
      const steps = materializedViewKind.create(view, planContext({ made: [view.id] }));
      expect(steps.map(({ step }) => step)).toEqual(['transactional', 'validate']);
      await run(current(), steps.slice(0, 1));
      await expect(count()).rejects.toThrow(/has not been populated/);
      await run(current(), steps.slice(1));
      expect(await count()).toBe('2');
      expect(await read()).toEqual({ ...view, dependsOn: [] });
      expect(materializedViewKind.create(view, planContext({ made: [view.id, 'table public.t'] }))).toHaveLength(1);
    });

    it('says that it cannot be read while it is made again', async () => {
      const view: MaterializedView = {
        kind: 'materialized-view',
        id: 'materialized-view public.m',
        path: ['public', 'm'],
        attributes: { query: 'SELECT 1', storageParameters: {} },
        dependsOn: ['table public.t'],
      };
      const names = (steps: readonly Statement[]): readonly string[] => steps.flatMap(({ hazards }) => hazards.map(({ hazard }) => hazard));
      expect(names(materializedViewKind.create(view, planContext()))).toEqual(['long-scan']);
      expect(names(materializedViewKind.create(view, planContext({ before: [view] })))).toEqual(['long-scan', 'blocks-reads']);
    });

    it('changes its query and its storage, and is renamed', async () => {
      await current().execute(`CREATE TABLE public.t (id bigint, v text); CREATE MATERIALIZED VIEW public.m AS SELECT v FROM public.t`);
      const after = await read();
      await current().execute(`DROP MATERIALIZED VIEW public.m; CREATE MATERIALIZED VIEW public.m AS SELECT id FROM public.t`);
      const before = await read();
      await run(current(), alter(materializedViewKind, before, after));
      expect((await read()).attributes).toEqual(after.attributes);
      const stored = withAttributes(after, { storageParameters: { fillfactor: '80' } });
      await run(current(), alter(materializedViewKind, after, stored));
      expect((await read()).attributes).toEqual(stored.attributes);
      await run(current(), materializedViewKind.rename?.(stored, { ...stored, path: ['public', 'w'] }, planContext()) ?? []);
      expect((await read()).id).toBe('materialized-view public.w');
    });
  });
});
