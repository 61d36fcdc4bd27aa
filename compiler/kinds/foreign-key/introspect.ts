/** Reads foreign keys from pg_constraint (manual §52.13); those that partitions inherit are left out. */
import { address } from '../../model/address.ts';
import { columnNames, flagOf, numberOf, optional, ourRelation, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { ForeignKey, ReferentialAction } from './object.ts';

const actions: { readonly [code: string]: ReferentialAction } = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

export const introspectForeignKeys: Introspection<ForeignKey> = {
  query: (context) => `
    SELECT k.oid::int8 AS oid, k.conrelid::int8 AS relation, n.nspname AS schema, c.relname AS "table", k.conname AS name,
      k.confrelid::int8 AS referenced, rn.nspname AS referenced_schema, r.relname AS referenced_table,
      ${columnNames('k.conkey', 'k.conrelid')} AS columns,
      ${columnNames('k.confkey', 'k.confrelid')} AS referenced_columns,
      ${context.major >= 15 ? columnNames('k.confdelsetcols', 'k.conrelid') : `'[]'::json`} AS delete_columns,
      k.confmatchtype::text AS match, k.confupdtype::text AS on_update, k.confdeltype::text AS on_delete,
      k.condeferrable AS deferrable, k.condeferred AS deferred, k.convalidated AS validated,
      ${context.major >= 18 ? 'k.conenforced' : 'true'} AS enforced, ${context.major >= 18 ? 'k.conperiod' : 'false'} AS period
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 AND ${ourRelation(context, `'r', 'p'`)}`,
  read: (row, context) => {
    const path = [textOf(row, 'schema'), textOf(row, 'table'), textOf(row, 'name')];
    const referenced = address('table', textOf(row, 'referenced_schema'), textOf(row, 'referenced_table'));
    return {
      object: {
        kind: 'foreign-key',
        id: address('foreign-key', ...path),
        path,
        ...optional('partOf', context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') })),
        attributes: {
          columns: textsOf(row, 'columns'),
          references: context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'referenced') }) ?? referenced,
          referencedColumns: textsOf(row, 'referenced_columns'),
          match: textOf(row, 'match') === 'f' ? 'full' : 'simple',
          onUpdate: actions[textOf(row, 'on_update')] ?? 'no action',
          onDelete: actions[textOf(row, 'on_delete')] ?? 'no action',
          onDeleteColumns: textsOf(row, 'delete_columns'),
          deferral: flagOf(row, 'deferred') ? 'initially deferred' : flagOf(row, 'deferrable') ? 'deferrable' : 'not deferrable',
          validated: flagOf(row, 'validated'),
          ...(flagOf(row, 'enforced') ? {} : { enforced: false as const }),
          ...(flagOf(row, 'period') ? { period: true as const } : {}),
        },
      },
      identities: [{ catalog: 'pg_constraint', oid: numberOf(row, 'oid') }],
    };
  },
};
