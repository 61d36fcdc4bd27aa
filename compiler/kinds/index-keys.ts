/**
 * The keys of an index as pg_index has them (manual §52.26), for indexes and for the constraints whose
 * index they are. `i` is an alias of pg_index in the query.
 */
import { optional } from './catalog.ts';
import type { CatalogRow } from './contract.ts';

export interface IndexKeyParts {
  readonly text: string;
  readonly collation?: string;
  readonly operatorClass?: string;
  readonly order: 'ascending' | 'descending';
  readonly nulls: 'first' | 'last';
}

interface KeyRow {
  readonly text: string;
  readonly collation: string | null;
  readonly operator_class: string | null;
  readonly option: number;
}

/** indoption: bit 0 is DESC, bit 1 NULLS FIRST; the options of an operator class are the index column's. */
export const indexKeys = `(
  SELECT json_agg(json_build_object(
    'text', pg_get_indexdef(i.indexrelid, k.number, false),
    'collation', CASE WHEN i.indcollation[k.number - 1] <> 0 AND i.indcollation[k.number - 1] <> coalesce(ka.attcollation, i.indcollation[k.number - 1])
      THEN i.indcollation[k.number - 1]::regcollation::text END,
    'operator_class', CASE WHEN NOT o.opcdefault OR ia.attoptions IS NOT NULL THEN
      CASE WHEN pg_opclass_is_visible(o.oid) THEN quote_ident(o.opcname) ELSE quote_ident(on_schema.nspname) || '.' || quote_ident(o.opcname) END
      || coalesce(' (' || array_to_string(ia.attoptions, ', ') || ')', '') END,
    'option', i.indoption[k.number - 1]) ORDER BY k.number)
  FROM generate_series(1, i.indnkeyatts) k(number)
  JOIN pg_opclass o ON o.oid = i.indclass[k.number - 1] JOIN pg_namespace on_schema ON on_schema.oid = o.opcnamespace
  JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.number
  LEFT JOIN pg_attribute ka ON ka.attrelid = i.indrelid AND ka.attnum = i.indkey[k.number - 1] AND ka.attnum > 0)`;

function readKey(key: KeyRow): IndexKeyParts {
  return {
    text: key.text,
    ...optional('collation', key.collation ?? undefined),
    ...optional('operatorClass', key.operator_class ?? undefined),
    order: (key.option & 1) === 0 ? 'ascending' : 'descending',
    nulls: (key.option & 2) === 0 ? 'last' : 'first',
  };
}

/** The keys of a row that has `indexKeys` in its column `keys`. */
export function readIndexKeys(row: CatalogRow): readonly IndexKeyParts[] {
  return (row['keys'] as readonly KeyRow[]).map(readKey);
}
