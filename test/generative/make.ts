/**
 * Makes a world from nothing, with names that a careless writer of SQL would trip over, and edits one:
 * a handful of changes as people make them. Every choice comes from the seed.
 */
import type { Random } from './random.ts';
import { keyOf, withoutDangling, type World, type WorldColumn, type WorldIndex, type WorldTable, type WorldView } from './world.ts';

/** Keywords, quotes, comments, dollars, capitals, spaces, newlines, other scripts. */
const hostile = [
  'order',
  'Mixed',
  'a b',
  'semi;colon',
  'quo"te',
  "apo'strophe",
  '$$',
  '--dash',
  '/*star',
  'new\nline',
  'größe',
  '数',
  'select',
  '1st',
  'per%cent',
  'back\\slash',
];
const plain = [
  'alpha',
  'beta',
  'gamma',
  'delta',
  'epsilon',
  'zeta',
  'eta',
  'theta',
  'iota',
  'kappa',
  'lambda',
  'mu',
  'nu',
  'xi',
  'pi',
  'rho',
];

/** Types with a default each, and a condition on `%`. */
const types: readonly { readonly type: string; readonly values: readonly string[]; readonly condition: string; readonly key: boolean }[] = [
  { type: 'integer', values: ['0', '7', '(2 + 3)'], condition: '% > 0', key: true },
  { type: 'bigint', values: ['1'], condition: '% BETWEEN 1 AND 1000', key: true },
  { type: 'text', values: [`''`, `'it''s'`, `lower('ABC')`], condition: `% <> '' AND % IN ('a', 'b')`, key: true },
  { type: 'character varying(40)', values: [`'x'`], condition: `% IN ('a', 'b') OR length(%) > 3`, key: true },
  { type: 'numeric(10,2)', values: ['1.5'], condition: '% >= 0.0', key: false },
  { type: 'boolean', values: ['true'], condition: '% IS NOT FALSE', key: false },
  { type: 'timestamp with time zone', values: ['now()', `'2026-01-01 00:00:00+00'`], condition: `% > '2020-01-01'`, key: false },
  { type: 'date', values: [`'2026-01-01'`], condition: `% >= '2020-01-01'::date`, key: false },
  { type: 'uuid', values: ['gen_random_uuid()'], condition: '% IS NOT NULL', key: true },
  { type: 'jsonb', values: [`'{}'`], condition: `jsonb_typeof(%) = 'object'`, key: false },
  { type: 'text[]', values: [`'{}'`], condition: 'cardinality(%) < 9', key: false },
];

export interface Maker {
  readonly random: Random;
  readonly name: () => string;
}

/** Names never repeat in a run: what is dropped and what is added have nothing to do with each other. */
export function makerFrom(random: Random): Maker {
  let count = 0;
  return {
    random,
    name: () => {
      count += 1;
      return `${random.pick(random.chance(0.3) ? hostile : plain)}_${String(count)}`;
    },
  };
}

export function makeWorld(maker: Maker): World {
  const { random, name } = maker;
  const times = <Item>(count: number, make: () => Item): readonly Item[] => Array.from({ length: count }, make);
  const schemas = times(1 + random.below(2), () => `generated_${name()}`);
  const named = (): { readonly schema: string; readonly name: string } => ({ schema: random.pick(schemas), name: name() });
  let world: World = {
    schemas,
    enums: times(random.below(3), () => ({ ...named(), values: times(1 + random.below(4), name) })),
    domains: times(random.below(2), () => ({ ...named(), base: 'integer', ...(random.chance(0.5) ? { check: 'VALUE > 0' } : {}) })),
    composites: times(random.below(2), () => ({ ...named(), attributes: times(1 + random.below(3), name) })),
    sequences: times(random.below(2), () => ({ ...named(), increment: 1 + random.below(9) })),
    functions: times(random.below(3), () => makeFunction(maker, named())),
    tables: [],
    views: [],
  };
  for (let count = 1 + random.below(5); count > 0; count -= 1) world = { ...world, tables: [...world.tables, makeTable(maker, world)] };
  for (let count = random.below(3); count > 0; count -= 1) world = { ...world, views: [...world.views, makeView(maker, world)] };
  return withoutDangling(world);
}

function makeFunction({ random }: Maker, named: { readonly schema: string; readonly name: string }): World['functions'][number] {
  return { ...named, kind: random.chance(0.6) ? 'trigger' : 'plain', text: random.pick(['one', "it's", '$$ two', 'three\\n']) };
}

export function makeColumn({ random, name }: Maker, world: World): WorldColumn {
  const own = [...world.enums, ...world.domains, ...world.composites];
  const base = { name: name(), nullable: random.chance(0.6), ...(random.chance(0.2) ? { comment: random.pick(hostile) } : {}) };
  if (own.length > 0 && random.chance(0.25)) {
    const type = random.pick(own);
    return {
      ...base,
      nullable: true,
      type: `"${type.schema.replaceAll('"', '""')}"."${type.name.replaceAll('"', '""')}"`,
      ofType: keyOf(type),
    };
  }
  const { type, values } = random.pick(types);
  const collation = type === 'text' && random.chance(0.2) ? { collation: '"C"' } : {};
  return { ...base, type, ...collation, ...(random.chance(0.35) ? { default: random.pick(values) } : {}) };
}

function makeTable(maker: Maker, world: World): WorldTable {
  const { random, name } = maker;
  const key: WorldColumn = { name: name(), type: random.pick(['integer', 'bigint', 'uuid', 'text']), nullable: false };
  const identity = (key.type === 'integer' || key.type === 'bigint') && random.chance(0.4);
  const columns = [
    identity ? { ...key, identity: random.pick(['ALWAYS', 'BY DEFAULT'] as const) } : key,
    ...Array.from({ length: 1 + random.below(6) }, () => makeColumn(maker, world)),
  ];
  const empty: WorldTable = {
    schema: random.pick(world.schemas),
    name: name(),
    columns,
    primaryKey: random.chance(0.85) ? [key.name] : [],
    uniques: [],
    checks: [],
    references: [],
    indexes: [],
    statistics: [],
    triggers: [],
    policies: [],
    grants: [],
    rowSecurity: false,
    ...(random.chance(0.2) ? { partitions: 2 + random.below(2) } : {}),
    ...(random.chance(0.3) ? { comment: random.pick(hostile) } : {}),
  };
  let table = empty;
  for (let count = random.below(6); count > 0; count -= 1) table = withPart(maker, table, world);
  return table;
}

/** Adds one constraint, index, trigger, policy or grant. */
export function withPart(maker: Maker, table: WorldTable, world: World): WorldTable {
  const { random, name } = maker;
  const simple = table.columns.filter(({ ofType, generated }) => ofType === undefined && generated === undefined);
  const ordered = simple.filter(({ type }) => type !== 'jsonb');
  const first = table.primaryKey.slice(0, table.partitions === undefined ? 0 : 1);
  const choices: readonly (() => WorldTable)[] = [
    () => ({ ...table, uniques: [...table.uniques, { name: name(), columns: [...new Set([...first, random.pick(ordered).name])] }] }),
    () => {
      const column = random.pick(simple);
      const condition = types.find(({ type }) => type === column.type)?.condition ?? '% IS NOT NULL';
      return { ...table, checks: [...table.checks, { name: name(), column: column.name, condition }] };
    },
    () => ({ ...table, indexes: [...table.indexes, makeIndex(maker, table, ordered)] }),
    () => ({ ...table, indexes: [...table.indexes, makeIndex(maker, table, ordered)] }),
    () => {
      const to = random.pick([...world.tables, table]);
      const key = to.columns.find((column) => column.name === to.primaryKey[0]);
      if (key === undefined) return table;
      const column: WorldColumn = { name: name(), type: key.type, nullable: true };
      const onDelete = random.pick(['NO ACTION', 'CASCADE', 'SET NULL', 'RESTRICT']);
      return {
        ...table,
        columns: [...table.columns, column],
        references: [...table.references, { name: name(), column: column.name, to: keyOf(to), onDelete }],
      };
    },
    () => ({
      ...table,
      statistics: [
        ...table.statistics,
        {
          name: name(),
          columns: random
            .some(ordered, 2)
            .map((column) => column.name)
            .slice(0, 4),
        },
      ],
    }),
    () => {
      const functions = world.functions.filter(({ kind }) => kind === 'trigger');
      if (functions.length === 0) return table;
      const when = random.pick(['BEFORE INSERT', 'AFTER UPDATE', 'BEFORE INSERT OR DELETE']);
      return { ...table, triggers: [...table.triggers, { name: name(), when, function: keyOf(random.pick(functions)) }] };
    },
    () => ({ ...table, rowSecurity: true, policies: [...table.policies, { name: name(), column: random.pick(simple).name }] }),
    () => ({
      ...table,
      grants: [
        ...table.grants,
        { privilege: random.pick(['SELECT', 'INSERT', 'UPDATE']), role: random.pick(['generated reader', 'generated_writer']) },
      ],
    }),
    () => {
      const from = simple.find(({ type, identity }) => type === 'integer' && identity === undefined);
      if (from === undefined) return table;
      const expression = random.pick(['% * 2', '% + 1']);
      return {
        ...table,
        columns: [...table.columns, { name: name(), type: 'integer', nullable: true, generated: { from: from.name, expression } }],
      };
    },
  ];
  return random.pick(choices)();
}

function makeIndex({ random, name }: Maker, table: WorldTable, ordered: readonly WorldColumn[]): WorldIndex {
  const texts = ordered.filter(({ type }) => type === 'text');
  const index = {
    name: name(),
    columns: random
      .some(ordered, 1)
      .map((column) => column.name)
      .slice(0, 3),
    unique: random.chance(0.2) && table.partitions === undefined,
    descending: random.chance(0.3),
    ...(random.chance(0.2) ? { comment: random.pick(hostile) } : {}),
  };
  if (random.chance(0.2)) return { ...index, whereNotNull: random.pick(ordered).name };
  return texts.length > 0 && random.chance(0.2) ? { ...index, lower: random.pick(texts).name } : index;
}

export function makeView({ random, name }: Maker, world: World): WorldView {
  const table = random.pick(world.tables);
  return {
    schema: random.pick(world.schemas),
    name: name(),
    table: keyOf(table),
    columns: random.some(table.columns, 1).map((column) => column.name),
    materialized: random.chance(0.3),
    ...(random.chance(0.3) ? { comment: random.pick(hostile) } : {}),
  };
}
