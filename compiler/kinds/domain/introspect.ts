/** Reads domains from pg_type with their checks from pg_constraint; from 17 on a NOT NULL is a constraint too, which is left out. */
import { address } from '../../model/address.ts';
import { flagOf, notOfExtension, numberOf, optional, optionalText, ourSchema, textOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import type { Domain, DomainCheck } from './object.ts';

interface CheckRow extends DomainCheck {
  readonly oid: number;
  readonly open: boolean;
}

export const introspectDomains: Introspection<Domain> = {
  entries: { catalog: 'pg_type', where: `typtype = 'd'` },
  query: () => `
    SELECT t.oid::int8 AS oid, t.typarray::int8 AS array, n.nspname AS schema, t.typname AS name,
      format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull AS not_null,
      CASE WHEN t.typcollation <> base.typcollation THEN t.typcollation::regcollation::text END AS collation,
      pg_get_expr(t.typdefaultbin, 0) AS default,
      (SELECT coalesce(json_agg(json_build_object('oid', k.oid::int8, 'name', k.conname, 'expression', pg_get_expr(k.conbin, 0), 'open', NOT k.convalidated) ORDER BY k.conname COLLATE "C"), '[]'::json)
         FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS checks
    FROM pg_type t
    JOIN pg_type base ON base.oid = t.typbasetype
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND ${ourSchema} AND ${notOfExtension('pg_type', 't.oid')}`,
  read: (row) => {
    const path = [textOf(row, 'schema'), textOf(row, 'name')];
    const checks = row['checks'] as readonly CheckRow[];
    return {
      object: {
        kind: 'domain',
        id: address('domain', ...path),
        path,
        attributes: {
          type: textOf(row, 'type'),
          nullable: !flagOf(row, 'not_null'),
          ...optional('collation', optionalText(row, 'collation')),
          ...optional('default', optionalText(row, 'default')),
          checks: checks.map(({ name, expression, open }) => ({ name, expression, ...(open ? { validated: false as const } : {}) })),
        },
      },
      identities: [
        { catalog: 'pg_type', oid: numberOf(row, 'oid') },
        { catalog: 'pg_type', oid: numberOf(row, 'array') },
        ...checks.map(({ oid }) => ({ catalog: 'pg_constraint', oid })),
      ],
    };
  },
};
