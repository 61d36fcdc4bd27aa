/** Writes a world as SQL, in an order that PostgreSQL takes. It shares no code with the compiler. */
import type { World, WorldColumn, WorldTable } from './world.ts';

export const roles = ['generated reader', 'generated_writer'] as const;

export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function path(thing: { readonly schema: string; readonly name: string }): string {
  return `${name(thing.schema)}.${name(thing.name)}`;
}

function pathOf(key: string): string {
  const [schema = '', own = ''] = key.split('\u0000');
  return path({ schema, name: own });
}

/** The statements that make the world in an empty database that has the roles. */
export function statementsOf(world: World): readonly string[] {
  return [
    'SET standard_conforming_strings TO on',
    ...world.schemas.map((schema) => `CREATE SCHEMA ${name(schema)}`),
    ...world.enums.map((type) => `CREATE TYPE ${path(type)} AS ENUM (${type.values.map(text).join(', ')})`),
    ...world.domains.map(
      (domain) =>
        `CREATE DOMAIN ${path(domain)} AS ${domain.base}${domain.check === undefined ? '' : ` CONSTRAINT positive CHECK (${domain.check})`}`,
    ),
    ...world.composites.map(
      (type) => `CREATE TYPE ${path(type)} AS (${type.attributes.map((attribute) => `${name(attribute)} text`).join(', ')})`,
    ),
    ...world.sequences.map((sequence) => `CREATE SEQUENCE ${path(sequence)} INCREMENT BY ${String(sequence.increment)}`),
    ...world.functions.map(functionOf),
    ...world.tables.flatMap(tableOf),
    ...world.tables.flatMap(referencesOf),
    ...world.views.flatMap((view) => {
      const kind = view.materialized ? 'MATERIALIZED VIEW' : 'VIEW';
      const query = `SELECT ${view.columns.map(name).join(', ')} FROM ${pathOf(view.table)} WHERE ${name(view.columns[0] ?? '')} IS NOT NULL`;
      return [
        `CREATE ${kind} ${path(view)} AS ${query}`,
        ...(view.comment === undefined ? [] : [`COMMENT ON ${kind} ${path(view)} IS ${text(view.comment)}`]),
      ];
    }),
  ];
}

function functionOf(made: World['functions'][number]): string {
  const returns = made.kind === 'trigger' ? 'trigger' : 'text';
  const body = made.kind === 'trigger' ? `BEGIN /* ${made.text} */ RETURN coalesce(NEW, OLD); END` : `BEGIN RETURN ${text(made.text)}; END`;
  return `CREATE FUNCTION ${path(made)}() RETURNS ${returns} LANGUAGE plpgsql AS ${text(body)}`;
}

function columnOf(column: WorldColumn): string {
  const { generated, identity, collation } = column;
  return [
    name(column.name),
    column.type,
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${generated.expression.replace('%', () => name(generated.from))}) STORED`]),
    ...(identity === undefined ? [] : [`GENERATED ${identity} AS IDENTITY`]),
    ...(column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
    ...(column.nullable ? [] : ['NOT NULL']),
  ].join(' ');
}

function tableOf(table: WorldTable): readonly string[] {
  const own = path(table);
  const list = (names: readonly string[]): string => names.map(name).join(', ');
  const key = name(table.primaryKey[0] ?? '');
  const parts = [
    ...table.columns.map(columnOf),
    ...(table.primaryKey.length === 0 ? [] : [`PRIMARY KEY (${list(table.primaryKey)})`]),
    ...table.uniques.map((unique) => `CONSTRAINT ${name(unique.name)} UNIQUE (${list(unique.columns)})`),
    ...table.checks.map((check) => `CONSTRAINT ${name(check.name)} CHECK (${check.condition.replaceAll('%', () => name(check.column))})`),
  ];
  const storage =
    table.fillfactor === undefined || table.partitions !== undefined ? '' : ` WITH (fillfactor = ${String(table.fillfactor)})`;
  const partition = table.partitions === undefined ? '' : ` PARTITION BY HASH (${key})`;
  return [
    `CREATE TABLE ${own} (${parts.join(', ')})${partition}${storage}`,
    ...Array.from(
      { length: table.partitions ?? 0 },
      (_, place) =>
        `CREATE TABLE ${path({ schema: table.schema, name: `${table.name.slice(0, 40)} p${String(place)}` })} PARTITION OF ${own} FOR VALUES WITH (MODULUS ${String(table.partitions)}, REMAINDER ${String(place)})`,
    ),
    ...table.indexes.flatMap((index) => {
      const keys = index.columns.map((column) => `${name(column)}${index.descending ? ' DESC' : ''}`);
      const all = index.lower === undefined ? keys : [...keys, `lower(${name(index.lower)})`];
      const where = index.whereNotNull === undefined ? '' : ` WHERE ${name(index.whereNotNull)} IS NOT NULL`;
      const comment =
        index.comment === undefined
          ? []
          : [`COMMENT ON INDEX ${path({ schema: table.schema, name: index.name })} IS ${text(index.comment)}`];
      return [`CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${name(index.name)} ON ${own} (${all.join(', ')})${where}`, ...comment];
    }),
    ...table.statistics.map(
      (made) => `CREATE STATISTICS ${path({ schema: table.schema, name: made.name })} ON ${list(made.columns)} FROM ${own}`,
    ),
    ...table.triggers.map(
      (trigger) =>
        `CREATE TRIGGER ${name(trigger.name)} ${trigger.when} ON ${own} FOR EACH ROW EXECUTE FUNCTION ${pathOf(trigger.function)}()`,
    ),
    ...(table.rowSecurity ? [`ALTER TABLE ${own} ENABLE ROW LEVEL SECURITY`] : []),
    ...table.policies.map((policy) => `CREATE POLICY ${name(policy.name)} ON ${own} USING (${name(policy.column)} IS NOT NULL)`),
    ...table.grants.map((grant) => `GRANT ${grant.privilege} ON ${own} TO ${name(grant.role)}`),
    ...(table.comment === undefined ? [] : [`COMMENT ON TABLE ${own} IS ${text(table.comment)}`]),
    ...table.columns.flatMap((column) =>
      column.comment === undefined ? [] : [`COMMENT ON COLUMN ${own}.${name(column.name)} IS ${text(column.comment)}`],
    ),
  ];
}

function referencesOf(table: WorldTable): readonly string[] {
  return table.references.map(
    (key) =>
      `ALTER TABLE ${path(table)} ADD CONSTRAINT ${name(key.name)} FOREIGN KEY (${name(key.column)}) REFERENCES ${pathOf(key.to)} ON DELETE ${key.onDelete}`,
  );
}
