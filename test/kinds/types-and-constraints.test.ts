/** Domains, extensions, exclusion constraints and opaque objects: made, read back, altered in every attribute, dropped. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { declareDomain } from '../../compiler/kinds/domain/declare.ts';
import { domainKind } from '../../compiler/kinds/domain/kind.ts';
import type { Domain } from '../../compiler/kinds/domain/object.ts';
import { declareExclusion } from '../../compiler/kinds/exclusion/declare.ts';
import { exclusionKind } from '../../compiler/kinds/exclusion/kind.ts';
import { declareExtension } from '../../compiler/kinds/extension/declare.ts';
import { extensionKind } from '../../compiler/kinds/extension/kind.ts';
import { declareOpaque } from '../../compiler/kinds/opaque/declare.ts';
import { opaqueKind } from '../../compiler/kinds/opaque/kind.ts';
import type { SchemaObject } from '../../compiler/model/object.ts';
import type { Statement } from '../../compiler/model/statement.ts';
import { alter, introspect, planContext, run, testEngine, testEngines, withAttributes } from './support.ts';

describe.each(testEngines)('on %s', (engine) => {
  const { current } = testEngine(engine, ['citext', 'btree_gist']);
  beforeEach(async () => {
    await current().execute(`CREATE SCHEMA other`);
  });
  afterEach(async () => {
    await current().execute(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA other CASCADE`);
  });

  describe('a domain', () => {
    const plain = declareDomain({ path: ['public', 'E-mail'], type: 'text', nullable: true, checks: [], needs: [] });
    const strict = withAttributes(plain, {
      nullable: false,
      default: `'a@b'::text`,
      checks: [
        { name: 'long', expression: '(length(VALUE) < 200)' },
        { name: 'with at', expression: `(VALUE ~~ '%@%'::text)` },
      ],
    });
    const column: SchemaObject = {
      kind: 'column',
      id: 'column public.t.m',
      path: ['public', 't', 'm'],
      partOf: 'table public.t',
      attributes: { type: '"E-mail"', nullable: true },
      dependsOn: [plain.id],
    };
    const table: SchemaObject = { kind: 'table', id: 'table public.t', path: ['public', 't'], attributes: {}, dependsOn: [] };

    it.each<readonly [string, Domain]>([
      ['plain', plain],
      ['strict', strict],
      ['collated', withAttributes(plain, { collation: '"C"' })],
      ['numeric', withAttributes(plain, { type: 'numeric(10,2)' })],
    ])('is made, read back, moved, dropped: %s', async (_name, domain) => {
      await run(current(), domainKind.create(domain, planContext()));
      expect(await introspect(current(), domainKind)).toEqual([domain]);
      const moved = declareDomain({ ...domain.attributes, path: ['other', 'mail'], needs: [] });
      await run(current(), domainKind.rename?.(domain, moved, planContext()) ?? []);
      expect(await introspect(current(), domainKind)).toEqual([moved]);
      await run(current(), domainKind.drop(moved, planContext()));
      expect(await introspect(current(), domainKind)).toEqual([]);
    });

    it.each<readonly [string, Domain, readonly SchemaObject[]]>([
      ['that nobody uses', strict, []],
      ['that a table uses', strict, [table, column]],
      ['of another type', withAttributes(strict, { type: 'character varying(300)', checks: [], default: `'a@b'::character varying` }), []],
    ])('changes in everything, both ways: one %s', async (_name, other, users) => {
      await run(current(), domainKind.create(plain, planContext()));
      if (users.length > 0) await current().execute(`CREATE TABLE public.t (m public."E-mail"); INSERT INTO public.t VALUES ('x@y')`);
      await run(current(), alter(domainKind, plain, other, users));
      expect(await introspect(current(), domainKind)).toEqual([other]);
      await run(current(), alter(domainKind, other, plain, users));
      expect(await introspect(current(), domainKind)).toEqual([plain]);
    });

    it('swaps a changed check, and says what it blocks', async () => {
      const changed = withAttributes(strict, { checks: [{ name: 'long', expression: '(length(VALUE) < 100)' }] });
      await run(current(), domainKind.create(strict, planContext()));
      await current().execute(`CREATE TABLE public.t (m public."E-mail"); INSERT INTO public.t VALUES ('x@y')`);
      const steps = alter(domainKind, strict, changed, [table, column]);
      const validate = steps.find(({ step }) => step === 'validate');
      expect(validate?.locks).toEqual([{ mode: 'ShareLock', relation: 'table public.t' }]);
      expect(validate?.hazards.map(({ hazard }) => hazard)).toEqual(['blocks-writes', 'data-dependent']);
      await run(current(), steps);
      expect(await introspect(current(), domainKind)).toEqual([changed]);
    });

    it('keeps its type while a table uses it', () => {
      expect(() => alter(domainKind, plain, withAttributes(plain, { type: 'integer' }), [table, column])).toThrow(
        /cannot change the type of domain/,
      );
    });
  });

  describe('an extension', () => {
    afterEach(async () => {
      await current().execute(`DROP EXTENSION IF EXISTS citext CASCADE`);
    });

    it('is made, read back with what it owns, moved and dropped', async ({ skip }) => {
      if (!current().has('extension citext')) skip('this server has no citext');
      const extension = declareExtension({ name: 'citext', schema: 'public', needs: [] });
      await run(current(), extensionKind.create(extension, planContext()));
      const [found] = await introspect(current(), extensionKind);
      expect(found).toMatchObject({ id: 'extension citext', attributes: { schema: 'public' } });
      expect(found?.attributes.version).toBeUndefined();
      if (found === undefined) return;
      const moved = withAttributes(found, { schema: 'other' });
      await run(current(), alter(extensionKind, found, moved));
      expect((await introspect(current(), extensionKind))[0]?.attributes).toEqual({ schema: 'other' });
      await run(current(), extensionKind.drop(moved, planContext()));
      expect(await introspect(current(), extensionKind)).toEqual([]);
    });

    it('of an older version says so, and is updated', async ({ skip }) => {
      if (!current().has('extension citext')) skip('this server has no citext');
      const old = declareExtension({ name: 'citext', schema: 'public', version: '1.5', needs: [] });
      await run(current(), extensionKind.create(old, planContext()));
      const [found] = await introspect(current(), extensionKind);
      expect(found?.attributes.version).toBe('1.5');
      const updated = declareExtension({ name: 'citext', schema: 'public', needs: [] });
      await run(current(), alter(extensionKind, old, updated));
      expect((await introspect(current(), extensionKind))[0]?.attributes).toEqual({ schema: 'public' });
    });

    it('that cannot move is left where it is', () => {
      const fixed = { ...declareExtension({ name: 'fixed', schema: 'public', needs: [] }), facts: { relocatable: false } };
      expect(() => alter(extensionKind, fixed, withAttributes(fixed, { schema: 'other' }))).toThrow(/not relocatable/);
      expect(extensionKind.requires?.(fixed)).toEqual(['extension fixed']);
    });
  });

  describe('an exclusion constraint', () => {
    const on = 'table public."B"';
    const exclusion = declareExclusion({
      on,
      path: ['public', 'B', 'no overlap'],
      definition: `EXCLUDE USING gist (during WITH &&) WHERE ((room > 0)) DEFERRABLE`,
      needs: [],
    });

    it('is made, read back, replaced, renamed and dropped', async () => {
      await current().execute(`CREATE TABLE public."B" (room bigint, during tsrange)`);
      await run(current(), exclusionKind.create(exclusion, planContext()));
      const elements = [{ text: 'during', operator: '&&', order: 'ascending', nulls: 'last' }];
      const parts = { method: 'gist', elements, include: [], where: '(room > 0)', deferral: 'deferrable' };
      expect(await introspect(current(), exclusionKind)).toEqual([{ ...exclusion, dependsOn: [], facts: { parts } }]);
      const other = withAttributes(exclusion, { definition: 'EXCLUDE USING gist (during WITH &&)' });
      await run(current(), exclusionKind.replace?.(exclusion, other, planContext()) ?? []);
      expect((await introspect(current(), exclusionKind))[0]?.attributes).toEqual(other.attributes);
      await run(current(), exclusionKind.rename?.(other, { ...other, path: ['public', 'B', 'apart'] }, planContext()) ?? []);
      const [renamed] = await introspect(current(), exclusionKind);
      expect(renamed?.id).toBe('exclusion public."B".apart');
      await run(current(), exclusionKind.drop(renamed ?? other, planContext()));
      expect(await introspect(current(), exclusionKind)).toEqual([]);
    });

    it('is a clause of a new table, and blocks an old one', () => {
      const [clause] = exclusionKind.create(exclusion, planContext({ made: [on] }));
      expect(clause?.fold?.clause).toBe(`CONSTRAINT "no overlap" ${exclusion.attributes.definition}`);
      expect(clause?.hazards).toEqual([]);
      const [old] = exclusionKind.create(exclusion, planContext());
      expect(old?.fold).toBeUndefined();
      expect(old?.hazards.map(({ hazard }) => hazard)).toEqual(['blocks-reads', 'index-build', 'data-dependent']);
    });
  });

  describe('an opaque object', () => {
    const opaque = declareOpaque({
      name: 'touch',
      create: `CREATE FUNCTION public.touch() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n-- and one more\nCREATE TABLE public.touched ();`,
      drop: 'DROP TABLE public.touched; DROP FUNCTION public.touch()',
      needs: ['table public.t'],
    });

    it('is made and dropped by its own SQL, statement by statement', async () => {
      const steps = opaqueKind.create(opaque, planContext());
      expect(steps).toHaveLength(2);
      await run(current(), steps);
      expect(await current().query(`SELECT public.touch() AS one, to_regclass('public.touched') AS touched`)).toEqual([
        { one: '1', touched: 'public.touched' },
      ]);
      await run(current(), opaqueKind.drop(opaque, planContext()));
      expect(await current().query(`SELECT to_regproc('public.touch') AS f, to_regclass('public.touched') AS t`)).toEqual([
        { f: null, t: null },
      ]);
      expect(await introspect(current(), opaqueKind)).toEqual([]);
    });

    it('carries its text, and its end', async () => {
      const carried = (steps: readonly Statement[]): unknown => steps.flatMap(({ carries }) => (carries === undefined ? [] : [carries]));
      expect(carried(opaqueKind.create(opaque, planContext()))).toEqual([
        { object: 'opaque touch', attribute: '*', value: opaque.attributes, dependsOn: ['table public.t'] },
      ]);
      expect(carried(opaqueKind.drop(opaque, planContext()))).toEqual([{ object: 'opaque touch', attribute: '*', value: null }]);
      const other = withAttributes(opaque, { drop: 'DROP FUNCTION public.touch() CASCADE' });
      const note = alter(opaqueKind, opaque, other);
      expect(carried(note)).toEqual([{ object: 'opaque touch', attribute: '*', value: other.attributes, dependsOn: ['table public.t'] }]);
      await run(current(), note);
    });

    it('holds SQL alone', () => {
      expect(() => opaqueKind.create(withAttributes(opaque, { create: `SELECT 'DROP TABLE x' \\gexec` }), planContext())).toThrow(
        /psql command/,
      );
    });
  });
});
