/**
 * Roles belong to a server, not to a schema: a migration neither makes nor drops one. The embedded
 * engine has none but its own, so it makes those that are named, for itself; on a server that is
 * somebody's a missing one is said, with the statement that makes it, and never made in silence.
 */
import { ownRoles } from '../engine/capabilities.ts';
import type { Engine } from '../engine/engine.ts';
import { kindOf } from '../kinds/registry.ts';
import { fail } from '../model/diagnostic.ts';
import { compareText, type SchemaObject, type State } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { quoteName, quoteText } from '../sql/quote.ts';

/** The names of all roles that objects mention, sorted. */
export function rolesOf(objects: Iterable<SchemaObject>): readonly string[] {
  const roles = new Set<string>();
  for (const object of objects) for (const role of kindOf(object).roles?.(object) ?? []) roles.add(role);
  return [...roles].sort(compareText);
}

/** Roles of everything that a statement is about, what is put up again unchanged included. */
export function rolesNamed(statements: readonly Statement[], states: readonly State[]): readonly string[] {
  return rolesOf(statements.flatMap(({ subject }) => states.flatMap((state) => state.get(subject) ?? [])));
}

/**
 * Sees to it that the roles are there. Throws `role-missing` on an engine whose roles are not its own,
 * and for names that PostgreSQL keeps for roles of its own making.
 */
export async function provideRoles(engine: Engine, roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return;
  const rows = await engine.query(
    `SELECT name FROM unnest(ARRAY[${roles.map(quoteText).join(', ')}]::text[]) name WHERE name NOT IN (SELECT rolname FROM pg_roles)`,
  );
  const missing = rows.map((row) => row['name'] ?? '').sort(compareText);
  const reserved = missing.filter((name) => name.startsWith('pg_'));
  if (missing.length > 0 && (!engine.has(ownRoles) || reserved.length > 0)) refuse(engine, missing, reserved);
  if (missing.length > 0) await engine.execute(missing.map(createRole).join('; '));
}

const createRole = (name: string): string => `CREATE ROLE ${quoteName(name)}`;

function refuse(engine: Engine, missing: readonly string[], reserved: readonly string[]): never {
  const named = (reserved.length > 0 ? reserved : missing).map((name) => JSON.stringify(name)).join(', ');
  if (reserved.length > 0)
    return fail('role-missing', `${engine.identity.name} has no role ${named}; names that begin with pg_ are PostgreSQL's own`, {
      hint: 'name another role',
    });
  return fail(
    'role-missing',
    `the server has no role ${named}, which the schema names; roles are for the whole server and not ours to make`,
    {
      hint: `run there: ${missing.map(createRole).join('; ')}`,
    },
  );
}
