/** An index's definition as SQL, from ON on (manual: CREATE INDEX). */
import { parseAddress } from '../../model/address.ts';
import { sourceOf } from '../../model/object.ts';
import { nameList, qualifiedName, quoteName } from '../../sql/quote.ts';
import { withStorageParameters } from '../statements.ts';
import type { Index, IndexKey } from './object.ts';

/** A plain column's key is its name, quoted where it must be. */
export function columnOf(key: IndexKey): string | undefined {
  if (/^[a-z_][a-z0-9_$]*$/.test(key.text)) return key.text;
  return /^"(?:[^"]|"")+"$/.test(key.text) ? key.text.slice(1, -1).replaceAll('""', '"') : undefined;
}

export function keyText(key: IndexKey): string {
  const usual = key.order === 'ascending' ? 'last' : 'first';
  return [
    key.text,
    ...(key.collation === undefined ? [] : [`COLLATE ${key.collation}`]),
    ...(key.operatorClass === undefined ? [] : [key.operatorClass]),
    ...(key.order === 'descending' ? ['DESC'] : []),
    ...(key.nulls === usual ? [] : [`NULLS ${key.nulls.toUpperCase()}`]),
  ].join(' ');
}

/** What stands after the relation: `USING gin (…) INCLUDE (…) WITH (…) WHERE …`. */
export function indexBody(index: Index): string {
  const { method, include, nullsNotDistinct, storageParameters, tablespace } = index.attributes;
  const keys = sourceOf(index, 'keys');
  const where = sourceOf(index, 'where');
  return [
    method === 'btree' ? '' : `USING ${method} `,
    `(${keys.map(keyText).join(', ')})`,
    include.length === 0 ? '' : ` INCLUDE (${nameList(include)})`,
    nullsNotDistinct ? ' NULLS NOT DISTINCT' : '',
    withStorageParameters(storageParameters),
    tablespace === undefined ? '' : ` TABLESPACE ${quoteName(tablespace)}`,
    where === undefined ? '' : ` WHERE ${where}`,
  ].join('');
}

export function indexRelation(index: Index): string {
  return qualifiedName(parseAddress(index.attributes.on)?.path ?? []);
}

/** `ONLY` leaves a partitioned table's partitions out. */
export function createIndexSql(index: Index, modifier: 'PLAIN' | 'CONCURRENTLY' | 'ONLY'): string {
  const unique = index.attributes.unique ? 'UNIQUE ' : '';
  const [before, only] = modifier === 'CONCURRENTLY' ? ['CONCURRENTLY ', ''] : ['', modifier === 'ONLY' ? 'ONLY ' : ''];
  return `CREATE ${unique}INDEX ${before}${quoteName(index.path[1] ?? '')} ON ${only}${indexRelation(index)} ${indexBody(index)}`;
}
