/**
 * zod schemas of a table's rows from the same declaration, as `import … from 'schemac/zod'`. The only
 * file of the language with a dependency, and an entry of its own for that reason.
 */
import { z } from 'zod';
import { wordOf } from './declaration.ts';
import type { AnyColumnOptions, BoundColumn, ColumnMap, ColumnType } from './column.ts';
import type { NewRow, Row } from './row.ts';
import type { DomainDeclaration, EnumDeclaration } from './words.ts';

/** A table or view with columns. */
interface Relation {
  readonly name: string;
  readonly columns: object;
  readonly columnList: readonly BoundColumn[];
}

/** A schema for a row as a SELECT returns it through node-postgres. */
export function rowSchema<From extends Relation>(relation: From): z.ZodType<Row<From>> {
  const shape: Record<string, z.ZodType> = {};
  for (const column of relation.columnList) shape[column.name] = withNull(valueSchema(column.type, relation), column.options);
  return z.strictObject(shape) as unknown as z.ZodType<Row<From>>;
}

/** A schema for a row as an INSERT takes it: optional where there is a default, refused where it is generated. */
export function newRowSchema<From extends Relation>(relation: From): z.ZodType<NewRow<From>> {
  const shape: Record<string, z.ZodType> = {};
  for (const column of relation.columnList) {
    const rule = insertRule(column.options);
    if (rule === 'never') continue;
    const value = withNull(valueSchema(column.type, relation), column.options);
    shape[column.name] = rule === 'optional' ? value.optional() : value;
  }
  return z.strictObject(shape) as unknown as z.ZodType<NewRow<From>>;
}

function withNull(schema: z.ZodType, options: AnyColumnOptions): z.ZodType {
  return options.nullable === true ? schema.nullable() : schema;
}

function insertRule(options: AnyColumnOptions): 'required' | 'optional' | 'never' {
  if (options.generated !== undefined) return 'never';
  const generation = typeof options.identity === 'string' ? options.identity : options.identity?.generation;
  if (generation !== undefined) return generation === 'always' ? 'never' : 'optional';
  return options.default !== undefined || options.nullable === true ? 'optional' : 'required';
}

/** The schema of a column's value; references are followed in a loop, however long the chain. */
function valueSchema(type: ColumnType, relation: Relation): z.ZodType {
  let current = type;
  let within = relation;
  for (let steps = 0; current.form === 'reference' || current.form === 'soft reference' || current.form === 'self'; steps += 1) {
    const { column } = current;
    if (current.form !== 'self') within = current.target() as unknown as Relation;
    const target = (within.columns as ColumnMap)[column];
    if (target === undefined) throw new Error(`table "${within.name}" has no column "${column}"; correct the reference to it`);
    if (steps > 100_000) throw new Error(`the references of table "${relation.name}" go in a circle; give one of the columns its own type`);
    current = target.type;
  }
  if (current.form === 'array') return z.array(valueSchema(current.of, within).nullable());
  if (current.form === 'declared') return declaredSchema(current.of, within);
  return current.form === 'named' ? namedSchema(current.text) : z.unknown();
}

function declaredSchema(type: object, within: Relation): z.ZodType {
  if (wordOf(type) === 'enum') return z.enum((type as EnumDeclaration).values as readonly [string, ...string[]]);
  // Composite and range values come as text.
  return wordOf(type) !== 'domain' ? z.string() : valueSchema((type as DomainDeclaration).definition.type.type, within);
}

const json: z.ZodType = z.json();
const integerIn = (bits: number) =>
  z
    .int()
    .min(-(2 ** (bits - 1)))
    .max(2 ** (bits - 1) - 1);
const integerText = z.string().regex(/^-?\d+$/, 'must be an integer as text');
const numericText = z.string().regex(/^(-?\d+(\.\d+)?([eE][-+]?\d+)?|NaN|-?Infinity)$/, 'must be a number as text');

/** By the type's name without its modifiers; a type that is not here comes as text from node-postgres. */
const schemas: { readonly [type: string]: (modifier: string | undefined) => z.ZodType } = {
  smallint: () => integerIn(16),
  integer: () => integerIn(32),
  bigint: () => integerText,
  numeric: () => numericText,
  real: () => float,
  'double precision': () => float,
  boolean: () => z.boolean(),
  uuid: () => z.guid(),
  'character varying': (length) =>
    length === undefined
      ? z.string()
      : z.string().refine((text) => [...text].length <= Number(length), `must have at most ${length} characters`),
  'timestamp with time zone': () => moment,
  'timestamp without time zone': () => moment,
  date: () => moment,
  json: () => json,
  jsonb: () => json,
  bytea: () => z.instanceof(Uint8Array),
  interval: () =>
    z.looseObject({
      years: z.number().optional(),
      months: z.number().optional(),
      days: z.number().optional(),
      hours: z.number().optional(),
      minutes: z.number().optional(),
      seconds: z.number().optional(),
      milliseconds: z.number().optional(),
    }),
  point: () => z.object({ x: z.number(), y: z.number() }),
};

/** node-postgres gives `infinity` of dates and times as the number, and NaN and Infinity of floats as they are. */
const moment = z.date();
const float = z.union([z.number(), z.nan(), z.literal(Infinity), z.literal(-Infinity)]);

function namedSchema(text: string): z.ZodType {
  const match = /^([^(]+?)\s*(?:\(([^)]*)\))?(\s+with(?:out)? time zone)?$/.exec(text);
  const name = `${match?.[1] ?? text}${match?.[3] ?? ''}`;
  return schemas[name]?.(match?.[2]) ?? z.string();
}
