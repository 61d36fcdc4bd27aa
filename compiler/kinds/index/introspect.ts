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
import { indexKeys, readIndexKeys } from '../index-keys.ts';
import { indexRoles, readIndexRoles } from '../replica-identity.ts';
import type { Index } from './object.ts';

export const introspectIndexes: Introspection<Index> = {
  query: (context) => `
    SELECT i.indexrelid::int8 AS oid, i.indrelid::int8 AS relation, n.nspname AS schema, x.relname AS name, m.amname AS method,
      i.indisunique AS unique, ${context.major >= 15 ? 'i.indnullsnotdistinct' : 'false'} AS nulls_not_distinct, ${indexKeys} AS keys,
      ${columnNames('(i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1]', 'i.indrelid')} AS include,
      pg_get_expr(i.indpred, i.indrelid) AS predicate, to_json(x.reloptions) AS options, i.indisvalid AS valid, ${indexRoles},
      (SELECT place.spcname FROM pg_tablespace place WHERE place.oid = x.reltablespace) AS tablespace,
      (SELECT json_object_agg(sa.attnum, sa.attstattarget ORDER BY sa.attnum) FROM pg_attribute sa WHERE sa.attrelid = x.oid AND sa.attstattarget >= 0) AS statistics
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
          keys: readIndexKeys(row),
          include: textsOf(row, 'include'),
          ...optional('where', optionalText(row, 'predicate')),
          storageParameters: storageParametersOf(row, 'options'),
          ...optional('tablespace', optionalText(row, 'tablespace')),
          ...optional('statistics', (row['statistics'] ?? undefined) as Index['attributes']['statistics']),
          ...(flagOf(row, 'valid') ? {} : { valid: false as const }),
          ...readIndexRoles(row),
        },
        facts: { valid: flagOf(row, 'valid') },
      },
      identities: [{ catalog: 'pg_class', oid: numberOf(row, 'oid') }],
    };
  },
};
