/** Edits a world as people do: some of everything that can be added, changed and taken away. */
import { makeColumn, makeView, withPart, type Maker } from './make.ts';
import { withoutDangling, type World, type WorldColumn, type WorldTable } from './world.ts';

export function editWorld(maker: Maker, world: World, edits: number): World {
  let edited = world;
  for (let count = 0; count < edits; count += 1) edited = withoutDangling(editOnce(maker, edited));
  return edited;
}

function editOnce(maker: Maker, world: World): World {
  const { random } = maker;
  return world.tables.length > 0 && random.chance(0.75) ? editTable(maker, world) : editWhole(maker, world);
}

function without<Item>({ random }: Maker, items: readonly Item[]): readonly Item[] {
  if (items.length === 0) return items;
  const gone = random.below(items.length);
  return items.filter((_, place) => place !== gone);
}

function changed<Item>({ random }: Maker, items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  if (items.length === 0) return items;
  const place = random.below(items.length);
  return items.map((item, at) => (at === place ? change(item) : item));
}

function editWhole(maker: Maker, world: World): World {
  const { random, name } = maker;
  const named = (): { readonly schema: string; readonly name: string } => ({ schema: random.pick(world.schemas), name: name() });
  const edits: readonly (() => World)[] = [
    () => ({ ...world, views: without(maker, world.views) }),
    () => (world.tables.length === 0 ? world : { ...world, views: [...world.views, makeView(maker, world)] }),
    () => ({ ...world, views: changed(maker, world.views, (view) => ({ ...view, columns: random.some(view.columns, 1) })) }),
    () => ({ ...world, tables: without(maker, world.tables) }),
    () => ({ ...world, enums: [...world.enums, { ...named(), values: [name(), name()] }] }),
    () => ({ ...world, enums: changed(maker, world.enums, (type) => ({ ...type, values: [...type.values, name()] })) }),
    () => ({ ...world, enums: changed(maker, world.enums, (type) => ({ ...type, values: [name(), ...type.values] })) }),
    () => ({ ...world, enums: without(maker, world.enums) }),
    () => ({ ...world, domains: [...world.domains, { ...named(), base: 'integer', check: 'VALUE < 100' }] }),
    () => ({ ...world, domains: changed(maker, world.domains, (domain) => ({ ...domain, check: 'VALUE < 50' })) }),
    () => ({ ...world, composites: [...world.composites, { ...named(), attributes: [name(), name()] }] }),
    () => ({ ...world, composites: without(maker, world.composites) }),
    () => ({ ...world, sequences: [...world.sequences, { ...named(), increment: 5 }] }),
    () => ({ ...world, sequences: changed(maker, world.sequences, (sequence) => ({ ...sequence, increment: sequence.increment + 1 })) }),
    () => ({ ...world, sequences: without(maker, world.sequences) }),
    () => ({ ...world, functions: [...world.functions, { ...named(), kind: 'trigger', text: 'new' }] }),
    () => ({ ...world, functions: changed(maker, world.functions, (made) => ({ ...made, text: `${made.text}!` })) }),
    () => ({ ...world, functions: without(maker, world.functions) }),
    () => ({ ...world, schemas: [...world.schemas, `generated_${name()}`] }),
  ];
  return random.pick(edits)();
}

function editTable(maker: Maker, world: World): World {
  const { random } = maker;
  return {
    ...world,
    tables: changed(maker, world.tables, (table) => {
      const edits: readonly (() => WorldTable)[] = [
        () => ({ ...table, columns: [...table.columns, { ...makeColumn(maker, world), nullable: true }] }),
        () => ({ ...table, columns: withoutOne(maker, table) }),
        () => ({ ...table, columns: changed(maker, table.columns, (column) => changeColumn(maker, table, column)) }),
        () => ({ ...table, columns: changed(maker, table.columns, (column) => changeColumn(maker, table, column)) }),
        () => withPart(maker, table, world),
        () => withPart(maker, table, world),
        () => ({ ...table, uniques: without(maker, table.uniques) }),
        () => ({ ...table, checks: without(maker, table.checks) }),
        () => ({
          ...table,
          references: changed(maker, table.references, (key) => ({ ...key, onDelete: random.pick(['CASCADE', 'RESTRICT']) })),
        }),
        () => ({ ...table, references: without(maker, table.references) }),
        () => ({ ...table, indexes: without(maker, table.indexes) }),
        () => ({ ...table, indexes: changed(maker, table.indexes, (index) => ({ ...index, descending: !index.descending })) }),
        () => ({ ...table, statistics: without(maker, table.statistics) }),
        () => ({ ...table, triggers: without(maker, table.triggers) }),
        () => ({ ...table, policies: without(maker, table.policies) }),
        () => ({ ...table, grants: without(maker, table.grants) }),
        () => ({ ...table, rowSecurity: !table.rowSecurity }),
        () => ({ ...table, fillfactor: 50 + random.below(50) }),
        () => ({ ...table, comment: `It's ${random.pick(['new', 'newer', '$$ newest'])}` }),
      ];
      return random.pick(edits)();
    }),
  };
}

/** Not the key: of a partitioned table it cannot go, and others refer to it. */
function withoutOne(maker: Maker, table: WorldTable): readonly WorldColumn[] {
  const kept = table.columns.filter(({ name }) => table.primaryKey.includes(name));
  return [
    ...kept,
    ...without(
      maker,
      table.columns.filter(({ name }) => !table.primaryKey.includes(name)),
    ),
  ];
}

/** What PostgreSQL can convert by an assignment cast. */
const wider: { readonly [type: string]: readonly string[] } = {
  integer: ['bigint', 'numeric(10,2)', 'text'],
  bigint: ['numeric(10,2)', 'text'],
  'character varying(40)': ['text', 'character varying(80)'],
  date: ['timestamp with time zone', 'text'],
  boolean: ['text'],
  uuid: ['text'],
};

function changeColumn({ random }: Maker, table: WorldTable, column: WorldColumn): WorldColumn {
  const isKey = table.primaryKey.includes(column.name);
  const isUsed =
    isKey || column.identity !== undefined || column.generated !== undefined || table.references.some((key) => key.column === column.name);
  const { default: _default, comment: _comment, ...bare } = column;
  const edits: readonly (() => WorldColumn)[] = [
    () => (isKey ? column : { ...column, nullable: !column.nullable }),
    () => ({ ...column, comment: `Changed, "really" it's ${String(random.below(100))}` }),
    () => ({ ...bare, ...(column.default === undefined ? {} : { default: column.default }) }),
    () => (column.identity !== undefined || column.generated !== undefined ? column : { ...bare }),
    () => (column.type === 'text' && !isUsed ? { ...column, default: `'changed'` } : column),
    () => {
      const others = wider[column.type];
      const isRead =
        table.checks.some((check) => check.column === column.name) ||
        table.columns.some(({ generated }) => generated?.from === column.name);
      return others === undefined || isUsed || isRead ? column : { ...bare, type: random.pick(others) };
    },
  ];
  return random.pick(edits)();
}
