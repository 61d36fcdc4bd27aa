/**
 * Where each column's value comes from in one leaf of one table: columns that conditions and
 * references tie together form a group whose tuples are searched, the others take plain values, a
 * default or nothing. Decides; the inserts are made elsewhere.
 */
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Engine } from '../engine/engine.ts';
import type { Condition, Leaf, SeedCatalog, SeedColumn, SeedReference, SeedTable } from './row-catalog.ts';
import { columnsIn, constantsIn } from './row-constants.ts';
import { columnsOf, looseTuples, searchTuples, type RowSource, type Source, type Tuple } from './row-search.ts';
import { conditionedValues, isKnownType, plainValues } from './row-values.ts';

/** What is known of the other tables while one is filled. */
export interface Surroundings {
  readonly catalog: SeedCatalog;
  /** How many rows each table has. */
  readonly rowCounts: ReadonlyMap<string, number>;
  /** Tables that will still be filled. */
  readonly waiting: ReadonlySet<string>;
  readonly deferral: 'allowed' | 'refused';
  /** Keys that rows already inserted refer to, by the table that must get them. */
  readonly owed: ReadonlyMap<string, readonly RowSource[]>;
  /** Conditions that the next version of the schema adds: met where that is possible. */
  readonly wishes: readonly Condition[];
}

/** Columns with the lists of SQL expressions that may be inserted into them together. */
export interface Choice {
  readonly columns: readonly string[];
  readonly tuples: readonly (readonly string[])[];
}

export interface RowPlan {
  readonly choices: readonly Choice[];
  /** Whether tuples that satisfy everything were found for each group. */
  readonly outlook: 'satisfied' | 'doubtful';
  /** References to be checked at the end. */
  readonly deferred: readonly SeedReference[];
}

interface Wiring {
  readonly rows: readonly RowSource[];
  readonly nulls: ReadonlySet<string>;
  readonly equalities: readonly Condition[];
  readonly deferred: readonly SeedReference[];
}

/** Plans the rows of a leaf. */
export async function planRows(engine: Engine, whole: SeedTable, leaf: Leaf, around: Surroundings): Promise<RowPlan> {
  const table = { ...whole, conditions: [...whole.conditions, ...leaf.conditions], references: [...whole.references, ...leaf.references] };
  const wiring = wireReferences(table, around);
  const conditions = [...requiredConditions(table, leaf), ...wiring.equalities].map((condition) => withGenerated(condition, table));
  const wishes = around.wishes.map((condition) => withGenerated(condition, table)).filter(({ columns }) => columns.length > 0);
  const sources = sourcesOf(table, wiring, [...conditions, ...wishes]);
  const choices: Choice[] = plainChoices(table, wiring, new Set(sources.flatMap(columnsOf)));
  let outlook: RowPlan['outlook'] = 'satisfied';
  for (const group of groupsOf(sources, [...conditions, ...wishes])) {
    const found = await tuplesOf(engine, table, group, { conditions, wishes });
    if (found.length === 0) outlook = 'doubtful';
    const tuples = found.length > 0 ? found : await looseTuples(engine, group);
    const columns = [...new Set(group.flatMap(columnsOf))];
    choices.push({ columns, tuples: tuples.map((tuple) => columns.map((name) => literal(tuple, name))) });
  }
  return { choices, outlook, deferred: wiring.deferred };
}

const literal = (tuple: Tuple, name: string): string => {
  const value = tuple[name];
  return value === null || value === undefined ? 'NULL' : quoteText(value).trim();
};

function requiredConditions(table: SeedTable, leaf: Leaf): readonly Condition[] {
  const names = table.columns.map(({ name }) => name);
  return leaf.constraint === undefined
    ? table.conditions
    : [...table.conditions, { expression: leaf.constraint, columns: columnsIn(leaf.constraint, names) }];
}

/** A condition on a generated column is one on the columns that it is made of. */
function withGenerated(condition: Condition, table: SeedTable): Condition {
  const made = table.columns.filter(({ name, generated }) => generated !== undefined && condition.columns.includes(name));
  return made.length === 0
    ? condition
    : { ...condition, columns: [...new Set([...condition.columns, ...made.flatMap(({ generated }) => generated?.columns ?? [])])] };
}

function wireReferences(table: SeedTable, around: Surroundings): Wiring {
  const rows: RowSource[] = [...(around.owed.get(table.oid) ?? [])];
  const nulls = new Set<string>();
  const equalities: Condition[] = [];
  const deferred: SeedReference[] = [];
  for (const reference of table.references) {
    const target = around.catalog.get(reference.target);
    const { columns, targetColumns, columnsNull } = reference;
    if (target !== undefined && (around.rowCounts.get(target.oid) ?? 0) > 0) {
      rows.push({ source: 'rows', columns, table: target.sql, targetColumns, mayBeNull: columnsNull.length === columns.length });
    } else if (columnsNull.length > 0) for (const name of columnsNull) nulls.add(name);
    else if (reference.target === table.oid) {
      // The first row of all can only refer to itself.
      equalities.push(...columns.map((name, at) => sameValue(name, targetColumns[at] ?? name)));
    } else if (reference.deferrable && around.deferral === 'allowed' && around.waiting.has(reference.target)) deferred.push(reference);
  }
  return { rows: rows.filter((source) => !source.columns.some((name) => nulls.has(name))), nulls, equalities, deferred };
}

function sameValue(left: string, right: string): Condition {
  return { expression: `${quoteName(left)} = ${quoteName(right)}`, columns: [left, right] };
}

/** Sources for every column whose value must be searched. */
function sourcesOf(table: SeedTable, wiring: Wiring, conditions: readonly Condition[]): readonly Source[] {
  const covered = new Set(wiring.rows.flatMap(columnsOf));
  const deferred = new Set(wiring.deferred.flatMap(({ columns }) => columns));
  const spoken = new Set(conditions.flatMap(({ columns }) => columns));
  const searched = table.columns.filter(
    (column) =>
      column.generated === undefined &&
      !covered.has(column.name) &&
      (spoken.has(column.name) || deferred.has(column.name) || (!isLeftOut(column, table) && needsSearch(column))),
  );
  return [
    ...wiring.rows,
    ...searched.map((column): Source => {
      const values = wiring.nulls.has(column.name) ? [] : candidatesFor(column, conditions);
      return { source: 'values', column, values };
    }),
  ];
}

const needsSearch = ({ type }: SeedColumn): boolean => type.domainChecks.length > 0 || !isKnownType(type);

/** Whether the column is left to its default: a key may not repeat a constant one. */
function isLeftOut(column: SeedColumn, table: SeedTable): boolean {
  return (
    column.identity ||
    column.serial ||
    column.generated !== undefined ||
    (column.default !== undefined && !table.keyColumns.has(column.name))
  );
}

function candidatesFor(column: SeedColumn, conditions: readonly Condition[]): readonly string[] {
  // The constants of satisfies_hash_partition are an oid, a modulus and a remainder.
  const about = conditions.filter(
    ({ columns, expression }) => columns.includes(column.name) && !expression.includes('satisfies_hash_partition('),
  );
  const usable = column.default !== undefined && !column.serial ? column.default : undefined;
  const domains = [...column.type.domainChecks, ...(column.type.inner?.domainChecks ?? [])];
  const constants = constantsIn([...about.map(({ expression }) => expression), ...domains, ...(usable === undefined ? [] : [usable])]);
  return conditionedValues(column.type, constants, usable);
}

function plainChoices(table: SeedTable, wiring: Wiring, searched: ReadonlySet<string>): Choice[] {
  return table.columns
    .filter((column) => !searched.has(column.name) && (wiring.nulls.has(column.name) || !isLeftOut(column, table)))
    .map((column) => ({
      columns: [column.name],
      tuples: (wiring.nulls.has(column.name) ? ['NULL'] : plainValues(column.type)).map((value) => [value]),
    }));
}

/** Sources that share a column or a condition, together. */
function groupsOf(sources: readonly Source[], conditions: readonly Condition[]): readonly (readonly Source[])[] {
  let groups: { readonly sources: readonly Source[]; readonly columns: ReadonlySet<string> }[] = [];
  for (const source of sources) {
    const columns = columnsOf(source);
    const linked = new Set([
      ...columns,
      ...conditions
        .filter((condition) => condition.columns.some((name) => columns.includes(name)))
        .flatMap((condition) => condition.columns),
    ]);
    const touching = groups.filter((group) => [...linked].some((name) => group.columns.has(name)));
    const merged = {
      sources: [...touching.flatMap((group) => group.sources), source],
      columns: new Set([...touching.flatMap((group) => [...group.columns]), ...linked]),
    };
    groups = [...groups.filter((group) => !touching.includes(group)), merged];
  }
  return groups.map((group) => group.sources);
}

interface Demands {
  readonly conditions: readonly Condition[];
  readonly wishes: readonly Condition[];
}

async function tuplesOf(
  engine: Engine,
  table: SeedTable,
  sources: readonly Source[],
  { conditions, wishes }: Demands,
): Promise<readonly Tuple[]> {
  const columns = new Set(sources.flatMap(columnsOf));
  const concerns = (condition: Condition): boolean => condition.columns.some((name) => columns.has(name));
  const [required, wished] = [conditions.filter(concerns), wishes.filter(concerns)];
  const search = (all: readonly Condition[]): Promise<readonly Tuple[]> => {
    const generated = table.columns.filter(
      ({ name, generated: made }) => made !== undefined && all.some((condition) => condition.columns.includes(name)),
    );
    return searchTuples(engine, { sources, generated, conditions: all });
  };
  const best = wished.length === 0 ? [] : await search([...required, ...wished]);
  return best.length > 0 ? best : search(required);
}
