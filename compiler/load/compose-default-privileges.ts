/** Default privileges are checked and handed to the collector of grants, one share for each grantee. */
import { everybody, owner, roleOf, type GranteeName } from '../kinds/grantee.ts';
import { privilegesOf } from '../kinds/privilege-classes.ts';
import type { SinglePrivilege } from '../kinds/privileges.ts';
import type { DefaultPrivilegesDeclaration } from '../dsl/privileges.ts';
import { checkSchema } from './common-parts.ts';
import { knownPrivileges, privilegesByDefault, revocable, singles, type WrittenGrant } from './compose-grants.ts';
import type { SchemaContext } from './compose-table.ts';
import { present } from './context.ts';
import { schemaName } from './relation-path.ts';
import { roleNames } from './role-names.ts';

interface Share {
  readonly grantee: GranteeName;
  readonly privileges: readonly SinglePrivilege[];
  readonly revoked: readonly string[];
}

export function composeDefaultPrivileges(declared: DefaultPrivilegesDeclaration, context: SchemaContext): void {
  const { definition, origin } = declared;
  const { on: objects, madeBy } = definition;
  const place = { at: origin, keys: [], what: 'defaultPrivileges' };
  if (!(objects in privilegesOf)) {
    const hint = `write one of ${Object.keys(privilegesOf).join(', ')}`;
    context.report({
      ...place,
      code: 'invalid-privilege',
      message: `defaultPrivileges is on ${JSON.stringify(objects)}, which is no class of objects`,
      hint,
    });
    return;
  }
  const schema = definition.schema === undefined ? undefined : schemaName(definition.schema);
  if (schema !== undefined) checkSchema(schema, origin, ['schema'], context);
  const role = roleNames(madeBy, { ...place, keys: ['madeBy'] }, context, 'a role').map(roleOf)[0];
  // What it is about was reported as no role.
  if (madeBy !== undefined && role === undefined) return;
  for (const share of sharesOf(declared, schema, context)) {
    if (share.privileges.length === 0 && share.revoked.length === 0) continue;
    context.grants.takeForClass({ ...share, ...present({ role, schema }), objects, at: origin });
  }
}

function sharesOf(
  { definition, origin }: DefaultPrivilegesDeclaration,
  schema: string | undefined,
  context: SchemaContext,
): readonly Share[] {
  const written = definition as WrittenGrant;
  const place = { at: origin, keys: [], what: `defaultPrivileges on ${definition.on}` };
  const known = knownPrivileges(written, definition.on, place, context);
  if (definition.on === 'schemas' && schema !== undefined) {
    context.report({
      ...place,
      code: 'invalid-privilege',
      message: `${place.what} names a schema`,
      hint: 'schemas are in no schema: leave it out',
    });
    return [];
  }
  if (written.revokedFrom !== undefined) {
    if (schema !== undefined) {
      const hint = 'leave out schema: PostgreSQL adds what is said for one schema to what is said for all';
      context.report({
        ...place,
        code: 'nothing-to-revoke',
        message: `${place.what} revokes in one schema, where nothing can be revoked`,
        hint,
      });
      return [];
    }
    const revoked = revocable(known, written.revokedFrom, { objects: definition.on }, place, context);
    return [{ grantee: written.revokedFrom === 'public' ? everybody : owner, privileges: [], revoked }];
  }
  return roleNames(written.to, place, context).map((grantee) => {
    const standard =
      grantee === everybody && schema === undefined ? privilegesByDefault('public', { objects: definition.on }, context) : [];
    return {
      grantee,
      privileges: singles(
        known.filter((each) => !standard.includes(each)),
        written,
      ),
      revoked: [],
    };
  });
}
