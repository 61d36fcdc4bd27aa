/** Reads extended statistics from pg_statistic_ext (manual §52.50); expressions in them came with 14. */
import { address } from '../../model/address.ts';
import { compareText } from '../../model/object.ts';
import { notManaged, notOfExtension, numberOf, optional, ourSchema, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Statistics, StatisticsKind } from './object.ts';

const kindNames: { readonly [code: string]: StatisticsKind } = { d: 'ndistinct', f: 'dependencies', m: 'mcv' };

export const introspectStatistics: Introspection<Statistics> = {
  // The code e, for expressions, is PostgreSQL's own. Before 17 a target that is not set was -1, later null.
  entries: { catalog: 'pg_statistic_ext' },
  query: (context) => `
    SELECT s.oid::int8 AS oid, s.stxrelid::int8 AS relation, n.nspname AS schema, s.stxname AS name, nullif(s.stxstattarget, -1) AS target,
      to_json(array_remove(s.stxkind::text[], 'e')) AS kinds,
      (SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])) AS columns,
      to_json(pg_get_statisticsobjdef_expressions(s.oid)) AS expressions
    FROM pg_statistic_ext s
    JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE ${ourSchema} AND ${notOfExtension('pg_statistic_ext', 's.oid')} AND ${notManaged(context, 's.stxrelid')}`,
  read: (row, context) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const on = context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') });
    if (on === undefined) return undefined;
    const target = row['target'];
    return {
      object: {
        kind: 'statistics',
        id: address('statistics', ...path),
        path,
        partOf: on,
        attributes: {
          on,
          kinds: textsOf(row, 'kinds')
            .flatMap((code) => kindNames[code] ?? [])
            .sort(compareText),
          columns: [...textsOf(row, 'columns')].sort(compareText),
          expressions: textsOf(row, 'expressions'),
          ...optional('target', typeof target === 'number' ? target : undefined),
        },
      },
      identities: [{ catalog: 'pg_statistic_ext', oid: numberOf(row, 'oid') }],
    };
  },
};
