/** Reads indexes that are no constraint's from pg_index (manual §52.26); those attached to a parent's are left out. */
import { address } from '../../model/address.ts';
import {
  columnNames,
  flagOf,
  notManaged,
  notOfExtension,
  numberOf,
  optional,
  optionalText,
  ourSchema,
  storageParametersOf,
  textOf,
  textsOf,
} from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Index, IndexKey } from './object.ts';

interface KeyRow {
  readonly text: string;
  readonly collation: string | null;
  readonly operator_class: string | null;
  readonly option: number;
}

/** indoption: bit 0 is DESC, bit 1 NULLS FIRST; the options of an operator class are the index column's. */
const keys = `(
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

function readKey(key: KeyRow): IndexKey {
  return {
    text: key.text,
    ...optional('collation', key.collation ?? undefined),
    ...optional('operatorClass', key.operator_class ?? undefined),
    order: (key.option & 1) === 0 ? 'ascending' : 'descending',
    nulls: (key.option & 2) === 0 ? 'last' : 'first',
  };
}

export const introspectIndexes: Introspection<Index> = {
  query: (context) => `
    SELECT i.indexrelid::int8 AS oid, i.indrelid::int8 AS relation, n.nspname AS schema, x.relname AS name, m.amname AS method,
      i.indisunique AS unique, ${context.major >= 15 ? 'i.indnullsnotdistinct' : 'false'} AS nulls_not_distinct, ${keys} AS keys,
      ${columnNames('(i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1]', 'i.indrelid')} AS include,
      pg_get_expr(i.indpred, i.indrelid) AS predicate, to_json(x.reloptions) AS options, i.indisvalid AS valid
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')}
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
      AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)`,
  read: (row, context) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const on = context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') });
    if (on === undefined) return undefined;
    return {
      object: {
        kind: 'index',
        id: address('index', ...path),
        path,
        partOf: on,
        attributes: {
          on,
          method: textOf(row, 'method'),
          unique: flagOf(row, 'unique'),
          nullsNotDistinct: flagOf(row, 'nulls_not_distinct'),
          keys: (row['keys'] as readonly KeyRow[]).map(readKey),
          include: textsOf(row, 'include'),
          ...optional('where', optionalText(row, 'predicate')),
          storageParameters: storageParametersOf(row, 'options'),
        },
        facts: { valid: flagOf(row, 'valid') },
      },
      identities: [{ catalog: 'pg_class', oid: numberOf(row, 'oid') }],
    };
  },
};
