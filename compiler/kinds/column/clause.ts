/** A column's definition as SQL, as it stands in CREATE TABLE and ADD COLUMN (manual: CREATE TABLE). */
import { sourceOf } from '../../model/object.ts';
import { quoteName } from '../../sql/quote.ts';
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
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${generated.expression}) ${generated.form === 'stored' ? 'STORED' : 'VIRTUAL'}`]),
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

/** The largest value of an integer type, under any of its names. */
export function largest(type: string): string {
  if (/^(smallint|int2)$/.test(type)) return '32767';
  return /^(integer|int|int4)$/.test(type) ? '2147483647' : '9223372036854775807';
}
