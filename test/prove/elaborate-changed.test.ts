/**
 * Elaborating what changed alone gives what elaborating everything gives, for random schemas and
 * random edits; and where a name may mean something else than before, everything is elaborated.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { load } from '../../compiler/load/load.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import { diff } from '../../compiler/diff/diff.ts';
import { stateOf, type State } from '../../compiler/model/object.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { elaborate } from '../../compiler/prove/elaborate.ts';
import { elaborateChanged, hashesOf, type Places } from '../../compiler/prove/elaborate-changed.ts';

const dslModule = fileURLToPath(new URL('../../compiler/dsl/index.ts', import.meta.url));
let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
});

afterAll(() => engine.close());

/** A table of a random schema: what it has beside its key, and which earlier table it refers to. */
interface Shape {
  readonly type: string;
  readonly bound: number;
  readonly extra: boolean;
  readonly index: 'none' | 'plain' | 'partial' | 'expression';
  readonly parent: number;
  readonly view: boolean;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  type: fc.constantFrom('integer({', 'bigint({', 'varchar({ length: 9,', 'numeric({ precision: 9, scale: 2,'),
  bound: fc.integer({ min: 1, max: 3 }),
  extra: fc.boolean(),
  index: fc.constantFrom('none', 'plain', 'partial', 'expression'),
  parent: fc.integer({ min: 0, max: 5 }),
  view: fc.boolean(),
});

function indexOf(name: string, { index }: Shape): string {
  const on = {
    none: '',
    plain: "on: ['amount']",
    partial: "on: ['amount'], where: sql`amount::text <> '7'`",
    expression: 'on: [sql`(amount::text || id::text)`]',
  }[index];
  return on === '' ? '' : `indexes: { ${name}_amount: { ${on}, doc: 'Index.' } },`;
}

function tableText(place: number, own: Shape): string {
  const name = `t${place}`;
  const parent = place === 0 ? '' : `parent: references(() => t${own.parent % place}, 'id', { doc: 'Up.', nullable: true }),`;
  const view = own.view
    ? `export const v${place} = view('v${place}', { doc: 'View.', query: sql\`SELECT id, coalesce(amount, '5') AS amount FROM public.${name} WHERE amount IS NOT NULL\`, dependsOn: [${name}] });`
    : '';
  return `export const ${name} = table('${name}', { doc: 'T.', columns: {
    ${own.extra ? "extra: text({ doc: 'More.', default: sql`upper('a'::varchar)` })," : ''}
    id: bigint({ doc: 'Id.', identity: 'always' }), ${parent} amount: ${own.type} doc: 'Amount.' }) },
    primaryKey: ['id'], ${indexOf(name, own)} checks: { ${name}_amount: { expression: sql\`amount::text <> '${own.bound}'\`, doc: 'Check.' } } });\n${view}`;
}

async function declare(shapes: readonly Shape[]): Promise<DeclaredSchema> {
  const root = mkdtempSync(join(tmpdir(), 'schemac-changed-'));
  try {
    mkdirSync(join(root, 'schema'));
    const head = "import { bigint, integer, numeric, references, sql, table, text, varchar, view } from 'schemac';\n";
    writeFileSync(join(root, 'schema', 'all.ts'), head + shapes.map((own, place) => tableText(place, own)).join('\n'));
    return await load({ root, folder: 'schema', loader: 'esbuild', dslModule });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const beside: Places = { holding: undefined, empty: () => Promise.resolve(engine) };

/** An engine that holds a schema as it was declared; asked for an empty one too, it would not be the place. */
async function holding(declared: DeclaredSchema): Promise<Engine> {
  const held = await openEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
  const [before, after] = [new Map(), stateOf(declared.objects)];
  const plan = makePlan({ before, after, changes: diff(before, after), major: held.identity.major, annotation: () => ({}) });
  await held.execute(plan.statements.map(({ sql }) => sql).join(';\n'));
  return held;
}

async function inPlace<Result>(before: DeclaredSchema, use: (places: Places) => Promise<Result>): Promise<Result> {
  const held = await holding(before);
  try {
    return await use({ holding: held, empty: () => Promise.reject(new Error('not in place')) });
  } finally {
    await held.close();
  }
}

/** Without the places of columns, which in the known state are those of the table as it grew. */
function comparable(state: State): unknown {
  const entries = [...state.values()].map(({ facts, ...object }) => [object.id, { ...object, source: facts?.['source'] }] as const);
  return Object.fromEntries(entries);
}

const shapes = fc.array(shape, { minLength: 2, maxLength: 5 });
const edit = fc.record({ at: fc.nat(4), to: shape });

test('what changed alone is spelled as everything would be, beside what it needs and in place', async () => {
  const partial = [0, 0];
  await fc.assert(
    fc.asyncProperty(shapes, fc.array(edit, { minLength: 1, maxLength: 2 }), async (first, edits) => {
      const before = await declare(first);
      const known = { state: await elaborate(engine, before), hashes: hashesOf(before) };
      const second = [...first];
      for (const { at, to } of edits) {
        const place = at % first.length;
        // Views come and go in some other test: a new one is elaborated with everything.
        second[place] = { ...to, view: first[place]?.view ?? false };
      }
      const after = await declare(second);
      const changed = await elaborateChanged(beside, after, known);
      const held = await inPlace(before, async (places) => {
        const first = await elaborateChanged(places, after, known);
        // The engine is left as it was.
        expect(await elaborateChanged(places, after, known)).toEqual(first);
        return first;
      });
      const whole = comparable(await elaborate(engine, after));
      for (const [place, state] of [changed, held].entries()) {
        if (state === undefined) continue;
        partial[place] = (partial[place] ?? 0) + 1;
        expect(comparable(state)).toEqual(whole);
      }
    }),
    { numRuns: 25, seed: 7 },
  );
  for (const count of partial) expect(count).toBeGreaterThan(10);
}, 180_000);

const plain: Shape = { type: 'integer({', bound: 1, extra: false, index: 'plain', parent: 0, view: false };

test('a table, a type or a view that is new or gone asks for everything', async () => {
  const before = await declare([plain, plain]);
  const known = { state: await elaborate(engine, before), hashes: hashesOf(before) };
  expect(await elaborateChanged(beside, await declare([plain, plain, plain]), known)).toBeUndefined();
  expect(await elaborateChanged(beside, await declare([plain]), known)).toBeUndefined();
  expect(await elaborateChanged(beside, await declare([plain, { ...plain, view: true }]), known)).toBeUndefined();
});

test('the type of a key is spelled anew where another table refers to it, and what PostgreSQL refuses is left to the whole', async () => {
  const before = await declare([plain, plain]);
  const known = { state: await elaborate(engine, before), hashes: hashesOf(before) };
  const wrong = await declare([{ ...plain, type: 'text({ default: sql`nonsense(1)`,' }, plain]);
  expect(await elaborateChanged(beside, wrong, known)).toBeUndefined();
  const same = await elaborateChanged(beside, before, known);
  expect(comparable(same ?? new Map())).toEqual(comparable(known.state));
});
