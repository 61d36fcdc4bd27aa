/** Reads columns from pg_attribute (manual §52.7), identity sequences with them. Texts are in the server's spelling. */
import { address } from '../../model/address.ts';
import {
  columnOptions,
  flagOf,
  notManaged,
  notOfExtension,
  numberOf,
  optional,
  optionalText,
  ourSchema,
  storageParametersOf,
  textOf,
} from '../catalog.ts';
import type { CatalogRow, Introspection } from '../contract.ts';
import type { Column, ColumnAttributes } from './object.ts';

const storageNames: { readonly [code: string]: string } = { p: 'plain', e: 'external', m: 'main', x: 'extended' };
const compressionNames: { readonly [code: string]: string } = { p: 'pglz', l: 'lz4' };

export const introspectColumns: Introspection<Column> = {
  query: (context) => `
    SELECT a.attrelid::int8 AS relation, a.attnum::int AS number, n.nspname AS schema, c.relname AS "table", a.attname AS name,
      format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
      CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
      a.attidentity::text AS identity, a.attgenerated::text AS generated,
      CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END AS expression,
      CASE WHEN a.attgenerated <> '' THEN d.oid::int8 END AS expression_oid,
      CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
      nullif(a.attcompression::text, '') AS compression, nullif(a.attstattarget, -1)::int AS statistics, to_json(${columnOptions('a')}) AS options,
      ${context.major >= 18 ? `CASE WHEN k.conname <> c.relname || '_' || a.attname || '_not_null' THEN k.conname END` : 'NULL'} AS not_null_name, ${context.major >= 18 ? 'NOT k.convalidated' : 'false'} AS not_validated, ${context.major >= 18 ? 'k.connoinherit' : 'false'} AS no_inherit,
      q.seqrelid::int8 AS sequence, q.relname AS sequence_name, q.seqstart::text AS start, q.seqincrement::text AS increment, q.seqmin::text AS minimum,
      q.seqmax::text AS maximum, q.seqcache::text AS cache, q.seqcycle AS cycle
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated <> ''
    ${context.major >= 18 ? `LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum` : ''}
    LEFT JOIN (
      SELECT o.refobjid, o.refobjsubid, sc.relname, s.* FROM pg_depend o JOIN pg_sequence s ON s.seqrelid = o.objid JOIN pg_class sc ON sc.oid = o.objid
      WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'i'
    ) q ON q.refobjid = a.attrelid AND q.refobjsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND ${ourSchema} AND ${notOfExtension('pg_class', 'c.oid')} AND ${notManaged(context, 'c.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
    const oid = numberOf(row, 'relation');
    const sequence = row['sequence'];
    const expression = row['expression_oid'];
    return {
      object: {
        kind: 'column',
        id: address('column', ...path),
        path,
        partOf: address('table', ...path.slice(0, 2)),
        attributes: readAttributes(row),
        facts: {
          position: numberOf(row, 'number'),
          ...optional('sequence', optionalText(row, 'sequence_name')),
          ...optional('notNull', optionalText(row, 'not_null_name')),
        },
      },
      identities: [
        { catalog: 'pg_class', oid, sub: numberOf(row, 'number') },
        ...(typeof sequence === 'number' ? [{ catalog: 'pg_class', oid: sequence }] : []),
        ...(typeof expression === 'number' ? [{ catalog: 'pg_attrdef', oid: expression }] : []),
      ],
    };
  },
};

function readAttributes(row: CatalogRow): ColumnAttributes {
  const identity = textOf(row, 'identity');
  const generated = textOf(row, 'generated');
  const storage = optionalText(row, 'storage');
  const compression = optionalText(row, 'compression');
  const statistics = row['statistics'];
  const options = storageParametersOf(row, 'options');
  const notNull = { validated: !flagOf(row, 'not_validated'), noInherit: flagOf(row, 'no_inherit') };
  return {
    type: textOf(row, 'type'),
    nullable: !flagOf(row, 'not_null'),
    ...optional('collation', optionalText(row, 'collation')),
    ...(identity === ''
      ? {}
      : {
          identity: {
            generation: identity === 'a' ? ('always' as const) : ('by default' as const),
            start: textOf(row, 'start'),
            increment: textOf(row, 'increment'),
            minimum: textOf(row, 'minimum'),
            maximum: textOf(row, 'maximum'),
            cache: textOf(row, 'cache'),
            cycle: flagOf(row, 'cycle'),
          },
        }),
    ...(generated === ''
      ? {}
      : { generated: { expression: textOf(row, 'expression'), form: generated === 's' ? ('stored' as const) : ('virtual' as const) } }),
    ...optional('storage', storage === undefined ? undefined : storageNames[storage]),
    ...optional('compression', compression === undefined ? undefined : compressionNames[compression]),
    ...(typeof statistics === 'number' ? { statistics } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(notNull.validated && !notNull.noInherit ? {} : { notNull }),
  };
}
