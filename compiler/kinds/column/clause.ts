/** A column's definition as SQL, as it stands in CREATE TABLE and ADD COLUMN (manual: CREATE TABLE). */
import { sourceOf } from '../../model/object.ts';
import { qualifiedName, quoteName } from '../../sql/quote.ts';
import type { Column, ColumnAttributes } from './object.ts';

type Identity = NonNullable<ColumnAttributes['identity']>;

/** Name, type, collation, generation; NOT NULL is said apart, since an old table gets it in steps. */
export function columnClause(column: Column): string {
  const { type, collation, identity } = column.attributes;
  const generated = sourceOf(column, 'generated');
  return [
    quoteName(column.path[2] ?? ''),
    type,
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(identity === undefined ? [] : [identityClause(identity, type)]),
    ...(generated === undefined
      ? []
      : [`GENERATED ALWAYS AS (${generated.expression}) ${generated.form === 'stored' ? 'STORED' : 'VIRTUAL'}`]),
  ].join(' ');
}

/** Options that are the default of the type are left out, as a person would. */
export function identityClause(identity: Identity, type: string): string {
  const options = [
    ...(identity.increment === '1' ? [] : [`INCREMENT BY ${identity.increment}`]),
    ...(identity.minimum === '1' ? [] : [`MINVALUE ${identity.minimum}`]),
    ...(identity.maximum === largest(type) ? [] : [`MAXVALUE ${identity.maximum}`]),
    ...(identity.start === '1' ? [] : [`START WITH ${identity.start}`]),
    ...(identity.cache === '1' ? [] : [`CACHE ${identity.cache}`]),
    ...(identity.cycle ? ['CYCLE'] : []),
  ];
  const generation = identity.generation === 'always' ? 'ALWAYS' : 'BY DEFAULT';
  return `GENERATED ${generation} AS IDENTITY${options.length === 0 ? '' : ` (${options.join(' ')})`}`;
}

/** What ALTER COLUMN … SET says of each option that changes, in the order in which the bounds allow it. */
export function identityChanges(was: Identity, now: Identity): readonly string[] {
  return [
    ...(was.generation === now.generation ? [] : [`SET GENERATED ${now.generation === 'always' ? 'ALWAYS' : 'BY DEFAULT'}`]),
    ...(was.increment === now.increment ? [] : [`SET INCREMENT BY ${now.increment}`]),
    ...(was.minimum === now.minimum ? [] : [`SET MINVALUE ${now.minimum}`]),
    ...(was.maximum === now.maximum ? [] : [`SET MAXVALUE ${now.maximum}`]),
    ...(was.start === now.start ? [] : [`SET START WITH ${now.start}`]),
    ...(was.cache === now.cache ? [] : [`SET CACHE ${now.cache}`]),
    ...(was.cycle === now.cycle ? [] : [`SET ${now.cycle ? 'CYCLE' : 'NO CYCLE'}`]),
  ];
}

/** The identity after its column has another type: bounds that are the type's own become the new type's. */
export function withTypeOf(identity: Identity, before: string, after: string): Identity {
  const smallest = (type: string): string => `-${String(BigInt(largest(type)) + 1n)}`;
  return {
    ...identity,
    ...(identity.maximum === largest(before) ? { maximum: largest(after) } : {}),
    ...(identity.minimum === smallest(before) ? { minimum: smallest(after) } : {}),
  };
}

/** The largest value of an integer type, under any of its names. */
export function largest(type: string): string {
  if (/^(smallint|int2)$/.test(type)) return '32767';
  return /^(integer|int|int4)$/.test(type) ? '2147483647' : '9223372036854775807';
}

export function alterTable(column: Column): string {
  return `ALTER TABLE ${qualifiedName(column.path.slice(0, 2))}`;
}

export function alterColumn(column: Column, action: string): string {
  return `${alterTable(column)} ALTER COLUMN ${quoteName(column.path[2] ?? '')} ${action}`;
}
