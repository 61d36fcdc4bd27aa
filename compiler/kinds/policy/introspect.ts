/** How policies are read: one row a policy from pg_policy, roles by name (manual §52.38). */
import { address } from '../../model/address.ts';
import { numberOf, optional, optionalText, ourRelation, textOf, textsOf } from '../catalog.ts';
import type { Introspection } from '../contract.ts';
import { everybody, granteeOf, sortedGrantees } from '../grantee.ts';
import type { Policy, PolicyAttributes } from './object.ts';

const commands: { readonly [letter: string]: PolicyAttributes['command'] } = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
};

export const policyIntrospection: Introspection<Policy> = {
  entries: { catalog: 'pg_policy' },
  query: (context) => `
    SELECT p.oid::int8 AS oid, c.oid::int8 AS relation, n.nspname AS schema, c.relname AS relation_name, p.polname AS name,
      p.polcmd AS command, p.polpermissive AS permissive,
      pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
      (SELECT json_agg(r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)) AS roles
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${ourRelation(context, `'r', 'p'`)}`,
  read: (row, context) => {
    const partOf = context.resolve({ catalog: 'pg_class', oid: numberOf(row, 'relation') });
    if (partOf === undefined) return undefined;
    const path = [textOf(row, 'schema'), textOf(row, 'relation_name'), textOf(row, 'name')];
    const roles = textsOf(row, 'roles').map(granteeOf);
    return {
      object: {
        kind: 'policy',
        id: address('policy', ...path),
        path,
        partOf,
        attributes: {
          command: commands[textOf(row, 'command')] ?? 'all',
          mode: row['permissive'] === true ? 'permissive' : 'restrictive',
          // PUBLIC is the role 0, which has no row in pg_roles.
          roles: roles.length === 0 ? [everybody] : sortedGrantees(roles),
          ...optional('using', optionalText(row, 'using')),
          ...optional('withCheck', optionalText(row, 'with_check')),
        },
      },
      identities: [{ catalog: 'pg_policy', oid: numberOf(row, 'oid') }],
    };
  },
};
