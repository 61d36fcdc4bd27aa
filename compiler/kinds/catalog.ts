/**
 * Pieces of catalog queries that every kind needs: which schemas and objects are ours to describe,
 * and which relations are partitions that a rule manages. Reading of JSON rows into typed values.
 */
import type { CatalogRow, IntrospectionContext } from './contract.ts';
import { ownSchemas } from './own-schemas.ts';

/** True for a schema whose objects we describe; `n` is an alias of pg_namespace. */
export const ourSchema = `n.nspname !~ '^pg_' AND n.nspname NOT IN (${['information_schema', ...ownSchemas].map((name) => `'${name}'`).join(', ')})`;

/** True for an object that no extension owns (pg_depend, deptype e; manual §52.18). */
export function notOfExtension(catalog: string, oid: string): string {
  return `${oid} NOT IN (SELECT objid FROM pg_depend WHERE classid = '${catalog}'::regclass AND deptype = 'e')`;
}

/** The mark that a retired partition bears in its comment (kinds/partition-support): it waits for the end of its grace, and is nobody's difference, with all below it. */
const retired = `SELECT below.oid FROM pg_description mark
    CROSS JOIN LATERAL (SELECT mark.objoid UNION ALL SELECT tree.relid FROM pg_partition_tree(mark.objoid) tree) below(oid)
    WHERE mark.classoid = 'pg_class'::regclass AND mark.objsubid = 0 AND mark.description ~ '^schemac partition_log [0-9]+: '`;

/** pg_partman writes names without quotes: what stands before the first dot is the schema. */
export function partmanName(name: string): string {
  return `(SELECT named.oid FROM pg_class named JOIN pg_namespace its ON its.oid = named.relnamespace
    WHERE its.nspname = split_part(${name}, '.', 1) AND named.relname = substr(${name}, strpos(${name}, '.') + 1))`;
}

/** True for a relation that is no partition under a managed parent, at any depth, and was not retired from one; nor a template of pg_partman's. */
export function notManaged(context: IntrospectionContext, oid: string): string {
  const { partman, hasPartitionRules } = context;
  const ours = `${oid} NOT IN (
    SELECT tree.relid FROM schemac.partition_rule rule, pg_partition_tree(${relationNamed('rule.parent')}) tree WHERE tree.level > 0)
    AND ${oid} NOT IN (${retired})`;
  const theirs = `${oid} NOT IN (
    SELECT tree.relid FROM ${partman ?? ''} rule, pg_partition_tree(${partmanName('rule.parent_table')}) tree WHERE tree.level > 0
    UNION ALL SELECT template.oid FROM ${partman ?? ''} rule, LATERAL ${partmanName('rule.template_table')} template(oid) WHERE template.oid IS NOT NULL)`;
  const said = [...(hasPartitionRules ? [ours] : []), ...(partman === undefined ? [] : [theirs])];
  return said.length === 0 ? 'true' : said.join(' AND ');
}

/** The oid of the relation that a qualified name is of. to_regclass would ask for USAGE on its schema, which a reader need not have. */
export function relationNamed(name: string): string {
  return `(SELECT named.oid FROM pg_class named JOIN pg_namespace its ON its.oid = named.relnamespace
    WHERE its.nspname = (parse_ident(${name}))[1] AND named.relname = (parse_ident(${name}))[2])`;
}

/** The relation of a constraint, an index or a column: ours, with its schema as `n` and itself as `c`. */
export function ourRelation(context: IntrospectionContext, kinds: string): string {
  return `c.relkind IN (${kinds}) AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')}`;
}

/**
 * The options that somebody set on a column; NULL where there are none. Later minor versions note in the same
 * place when its type was last changed (pg_attver, seen in Debian's 15.20), which pg_dump leaves out too.
 */
export function columnOptions(attribute: string): string {
  return `nullif(ARRAY(SELECT said FROM unnest(${attribute}.attoptions) said WHERE NOT starts_with(said, 'pg_attver=')), '{}')`;
}

/** The names of a constraint's or an index's columns in key order, as a JSON array. */
export function columnNames(keys: string, relation: string): string {
  return `(SELECT coalesce(json_agg(key_column.attname ORDER BY key.place), '[]'::json)
     FROM unnest(${keys}) WITH ORDINALITY key(number, place)
     JOIN pg_attribute key_column ON key_column.attrelid = ${relation} AND key_column.attnum = key.number)`;
}

export function textOf(row: CatalogRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`the catalog query gives no text in column '${column}'`);
  return value;
}

export function optionalText(row: CatalogRow, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(row: CatalogRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`the catalog query gives no number in column '${column}'`);
  return value;
}

export function flagOf(row: CatalogRow, column: string): boolean {
  return row[column] === true;
}

export function textsOf(row: CatalogRow, column: string): readonly string[] {
  const value = row[column];
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`the catalog query gives no array in column '${column}'`);
  return value.map(String);
}

/** reloptions, `{fillfactor=70}`, as a record sorted by name. */
export function storageParametersOf(row: CatalogRow, column: string): { readonly [name: string]: string } {
  const pairs = textsOf(row, column).map((option): [string, string] => {
    const split = option.indexOf('=');
    return [option.slice(0, split), option.slice(split + 1)];
  });
  return Object.fromEntries(pairs.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Leaves an attribute out where it has no value, as exactOptionalPropertyTypes asks. */
export function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
