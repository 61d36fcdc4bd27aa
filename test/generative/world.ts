/**
 * A small database as plain data: what the generator makes, edits and writes as SQL. Names refer to
 * names; whatever refers to something that is gone is taken out by `withoutDangling`. It knows nothing
 * of the compiler, whose work it is made to judge.
 */

export interface WorldColumn {
  readonly name: string;
  /** A type as SQL; for a type of this world its quoted name. */
  readonly type: string;
  /** The type of this world that it is of. */
  readonly ofType?: string;
  readonly nullable: boolean;
  readonly default?: string;
  /** An expression over no other column than the one named. */
  readonly generated?: { readonly from: string; readonly expression: string };
  readonly identity?: 'ALWAYS' | 'BY DEFAULT';
  readonly collation?: string;
  readonly comment?: string;
}

export interface WorldIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly descending: boolean;
  /** A partial index's predicate is about this column. */
  readonly whereNotNull?: string;
  readonly lower?: string;
  readonly comment?: string;
}

export interface WorldTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly WorldColumn[];
  readonly primaryKey: readonly string[];
  readonly uniques: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly checks: readonly { readonly name: string; readonly column: string; readonly condition: string }[];
  readonly references: readonly { readonly name: string; readonly column: string; readonly to: string; readonly onDelete: string }[];
  readonly indexes: readonly WorldIndex[];
  readonly statistics: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly triggers: readonly { readonly name: string; readonly when: string; readonly function: string }[];
  readonly policies: readonly { readonly name: string; readonly column: string }[];
  readonly grants: readonly { readonly privilege: string; readonly role: string }[];
  readonly rowSecurity: boolean;
  readonly fillfactor?: number;
  /** Partitions by HASH of the first column of the primary key. */
  readonly partitions?: number;
  readonly comment?: string;
}

export interface WorldView {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly materialized: boolean;
  readonly comment?: string;
}

export interface World {
  readonly schemas: readonly string[];
  readonly enums: readonly { readonly schema: string; readonly name: string; readonly values: readonly string[] }[];
  readonly domains: readonly { readonly schema: string; readonly name: string; readonly base: string; readonly check?: string }[];
  readonly composites: readonly { readonly schema: string; readonly name: string; readonly attributes: readonly string[] }[];
  readonly sequences: readonly { readonly schema: string; readonly name: string; readonly increment: number }[];
  readonly functions: readonly {
    readonly schema: string;
    readonly name: string;
    readonly kind: 'trigger' | 'plain';
    readonly text: string;
  }[];
  readonly tables: readonly WorldTable[];
  readonly views: readonly WorldView[];
}

/** How things of a world refer to each other: schema and name, unquoted, with a separator that no name has. */
export function keyOf(thing: { readonly schema: string; readonly name: string }): string {
  return `${thing.schema}\u0000${thing.name}`;
}

/** Takes out, again and again, what refers to something that is not there. */
export function withoutDangling(world: World): World {
  const types = new Set([...world.enums, ...world.domains, ...world.composites].map(keyOf));
  const functions = new Set(world.functions.map(keyOf));
  const tables = world.tables
    .map((table) => ({ ...table, columns: table.columns.filter(({ ofType }) => ofType === undefined || types.has(ofType)) }))
    .filter(({ columns }) => columns.length > 0)
    .map((table) => tableWithoutDangling(table, functions));
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  const keyed = tables.map((table) => ({
    ...table,
    references: table.references.filter(({ column, to }) => refersRightly(table, column, byKey.get(to))),
  }));
  const views = world.views
    .map((view) => ({ ...view, columns: view.columns.filter((name) => hasColumn(byKey.get(view.table), name)) }))
    .filter(({ columns }) => columns.length > 0);
  return { ...world, tables: keyed, views };
}

function hasColumn(table: WorldTable | undefined, name: string): boolean {
  return table?.columns.some((column) => column.name === name) === true;
}

/** A reference goes to a primary key of one column, of the same type; one to a partitioned table as well. */
function refersRightly(table: WorldTable, column: string, to: WorldTable | undefined): boolean {
  const key = to?.primaryKey.length === 1 ? to.columns.find(({ name }) => name === to.primaryKey[0]) : undefined;
  const own = table.columns.find(({ name }) => name === column);
  return key !== undefined && own?.type === key.type && own.generated === undefined;
}

function tableWithoutDangling(table: WorldTable, functions: ReadonlySet<string>): WorldTable {
  const has = (name: string): boolean => hasColumn(table, name);
  const all = (names: readonly string[]): boolean => names.length > 0 && names.every(has);
  const primaryKey = all(table.primaryKey) ? table.primaryKey : [];
  const isPartitioned = table.partitions !== undefined && primaryKey.length > 0;
  const holdsKey = (names: readonly string[]): boolean => !isPartitioned || names.includes(primaryKey[0] ?? '');
  const { partitions, ...rest } = table;
  return {
    ...rest,
    ...(isPartitioned && partitions !== undefined ? { partitions } : {}),
    primaryKey,
    columns: table.columns
      .filter(({ generated }) => generated === undefined || has(generated.from))
      .map((column) => (primaryKey.includes(column.name) ? { ...column, nullable: false } : column)),
    uniques: table.uniques.filter(({ columns }) => all(columns) && holdsKey(columns)),
    checks: table.checks.filter(({ column }) => has(column)),
    indexes: table.indexes.filter(
      ({ columns, unique, whereNotNull, lower }) =>
        all(columns) &&
        (!unique || holdsKey(columns)) &&
        (whereNotNull === undefined || has(whereNotNull)) &&
        (lower === undefined || has(lower)),
    ),
    statistics: table.statistics.filter(({ columns }) => all(columns) && columns.length > 1),
    triggers: table.triggers.filter((trigger) => functions.has(trigger.function)),
    policies: table.policies.filter(({ column }) => has(column)),
  };
}
