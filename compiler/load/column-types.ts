/**
 * The SQL type of a column as declared. A reference takes its type from its target, which may be a
 * reference in turn: a chain of any length is followed in a loop, and a circle is a mistake.
 */
import type { Address } from '../model/address.ts';
import { qualifiedName } from '../sql/quote.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { Declaration } from '../dsl/declaration.ts';
import type { BoundColumn, ColumnType } from '../dsl/column.ts';
import type { AnyTable } from '../dsl/table.ts';
import type { Context } from './context.ts';
import { relationPath } from './relation-path.ts';

export interface ResolvedType {
  readonly text: string;
  readonly needs: readonly Address[];
}

/** Resolves the type of a column of a table; `undefined` where it is unknown, which is then reported. */
export type TypeResolver = (table: AnyTable, column: BoundColumn) => ResolvedType | undefined;

/** The table that a function gives, or a mistake at the column. */
export function targetTable(
  target: () => unknown,
  context: Context,
  from: Pick<Parameters<Context['report']>[0], 'at' | 'keys' | 'subject'> & { readonly what: string },
): AnyTable | undefined {
  const { what, ...where } = from;
  let value: unknown;
  try {
    value = target();
  } catch (error) {
    value = error;
  }
  if (wordOf(value) !== 'table') {
    context.report({
      code: 'unknown-reference',
      message: `${what} refers to ${value === undefined ? 'nothing' : 'something that is no table'}`,
      hint: "write references(() => someTable, 'column') with a table that its file exports",
      ...where,
    });
    return undefined;
  }
  const table = value as AnyTable;
  if (!context.addressOf.has(table)) {
    context.report({
      code: 'unknown-reference',
      message: `${what} refers to the table "${table.name}", which no file of the schema exports`,
      hint: `export it from a file in the schema folder: export const … = table(${JSON.stringify(table.name)}, …)`,
      ...where,
    });
    return undefined;
  }
  return table;
}

/** A resolver that remembers what it resolved. */
export function typeResolver(context: Context): TypeResolver {
  const resolved = new Map<BoundColumn, ResolvedType | undefined>();
  return (table, column) => {
    const chain: BoundColumn[] = [];
    let at: { table: AnyTable; column: BoundColumn } | undefined = { table, column };
    let result: ResolvedType | undefined;
    while (at !== undefined) {
      if (resolved.has(at.column)) {
        result = resolved.get(at.column);
        break;
      }
      if (chain.includes(at.column)) {
        reportCircle(column, table, context);
        break;
      }
      chain.push(at.column);
      const type: ColumnType = at.column.type;
      if (!isReference(type)) {
        result = checkedType(plainType(type, context), at, context);
        break;
      }
      at = followed(at.table, at.column, type, context);
    }
    for (const each of chain) resolved.set(each, result);
    return result;
  };
}

type ReferenceType = Extract<ColumnType, { readonly form: 'reference' | 'soft reference' | 'self' }>;

export function isReference(type: ColumnType): type is ReferenceType {
  return type.form === 'reference' || type.form === 'soft reference' || type.form === 'self';
}

function followed(
  table: AnyTable,
  column: BoundColumn,
  type: ReferenceType,
  context: Context,
): { table: AnyTable; column: BoundColumn } | undefined {
  const where = { at: table.origin, keys: ['columns', column.name] };
  const what = `column "${column.name}" of table "${table.name}"`;
  const target = type.form === 'self' ? table : targetTable(type.target, context, { ...where, what });
  if (target === undefined) return undefined;
  const found = target.columns[type.column] as BoundColumn | undefined;
  if (found === undefined) reportUnknownColumn(type.column, target, what, where, context);
  return found === undefined ? undefined : { table: target, column: found };
}

/** Says that a table has no such column, with the nearest name. */
export function reportUnknownColumn(
  name: string,
  table: AnyTable,
  what: string,
  where: Pick<Parameters<Context['report']>[0], 'at' | 'keys' | 'subject'>,
  context: Context,
): void {
  const names = table.columnList.map((each) => each.name);
  const near = nearest(name, names);
  context.report({
    code: 'unknown-column',
    message: `${what} names the column "${name}", which table "${table.name}" does not have`,
    hint: near === undefined ? `its columns are ${names.join(', ')}` : `did you mean "${near}"?`,
    ...where,
  });
}

function reportCircle(column: BoundColumn, table: AnyTable, context: Context): void {
  context.report({
    code: 'reference-circle',
    message: `column "${column.name}" of table "${table.name}" takes its type from itself through its references`,
    hint: 'declare one column of the circle with its own type, and its foreign key in foreignKeys',
    at: table.origin,
    keys: ['columns', column.name],
  });
}

/** A type's name may be anything in quotes; the rest is words, a dot, numbers in parentheses, brackets. */
const typeForm = /^(?:[\w\s.,()[\]%-]|"(?:[^"]|"")+")+$/u;

/** Reports a type text that cannot be one: it is written into SQL as it stands. */
function checkedType(
  type: ResolvedType | undefined,
  at: { table: AnyTable; column: BoundColumn },
  context: Context,
): ResolvedType | undefined {
  if (type === undefined || (typeForm.test(type.text) && !type.text.includes('--'))) return type;
  context.report({
    code: 'invalid-type',
    message: `column "${at.column.name}" of table "${at.table.name}" is of the type ${JSON.stringify(type.text)}, which is no type`,
    hint: "write a type's SQL name, such as 'geometry(Point, 4326)'",
    at: at.table.origin,
    keys: ['columns', at.column.name],
  });
  return undefined;
}

/** The text of a type that is no reference. */
function plainType(type: ColumnType, context: Context): ResolvedType | undefined {
  if (type.form === 'named') return { text: type.text, needs: [] };
  if (type.form === 'array') {
    const element = plainType(type.of, context);
    return element === undefined ? undefined : { text: `${element.text}[]`, needs: element.needs };
  }
  if (type.form === 'row') return declaredType(rowDeclaration(type.of), context);
  return type.form === 'declared' ? declaredType(type.of, context) : undefined;
}

function declaredType(of: ReturnType<typeof rowDeclaration>, context: Context): ResolvedType | undefined {
  const address = of === undefined ? undefined : context.addressOf.get(of);
  if (address === undefined) {
    context.report({
      code: 'unknown-reference',
      message: `a column is of the type "${of?.name}", which no file of the schema exports`,
      hint: 'export it: only what is exported is part of the schema',
      at: of?.origin ?? {},
    });
  }
  return of === undefined ? undefined : { text: qualifiedName(relationPath(of)), needs: address === undefined ? [] : [address] };
}

/** What a row is of; a variable that is read before its time gives nothing. */
function rowDeclaration(of: Declaration | (() => Declaration)): (Declaration & { readonly name: string }) | undefined {
  try {
    return (typeof of === 'function' ? of() : of) as Declaration & { readonly name: string };
  } catch {
    return undefined;
  }
}

/** The name that differs least, where the difference is small. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const scored = names.map((each) => ({ each, distance: editDistance(name, each) })).sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, name.length / 3) ? best.each : undefined;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let i = 1; i <= left.length; i += 1) {
    const previous = row;
    row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same));
    }
  }
  return row[right.length] ?? 0;
}
