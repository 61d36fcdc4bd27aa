/**
 * All that the compiler knows of default privileges (manual: ALTER DEFAULT PRIVILEGES; §52.12). They are
 * set before anything is made, since what is made afterwards has them.
 */
import type { SchemaObject } from '../../model/object.ts';
import { statement, type Statement } from '../../model/statement.ts';
import { quoteName } from '../../sql/quote.ts';
import { flagOf, numberOf, optional, optionalText, ourSchema, textOf, textsOf } from '../catalog.ts';
import type { CatalogRow, Kind, PlanContext } from '../contract.ts';
import { everybody, granteeOf, granteeSql, owner, rolesAmong } from '../grantee.ts';
import { homeRole } from '../ownership.ts';
import type { ObjectClass } from '../privilege-classes.ts';
import {
  changePrivileges,
  changeRevoked,
  createPrivileges,
  dropPrivileges,
  privilegesInWords,
  type PrivilegeChange,
  type Privileges,
  type PrivilegeStep,
} from '../privilege-steps.ts';
import { grantAddress, objectClassOf, takenBackMark, targetSql } from '../privilege-targets.ts';
import { plainPrivileges, privilegeChanges, privilegeList, privilegeWords, type GrantedPrivilege } from '../privileges.ts';
import { hazard } from '../statements.ts';
import { defaultPrivilegeObject } from './declare.ts';
import { defaultPrivilegeAuthor } from './author.ts';
import type { DefaultPrivilege, DefaultPrivilegeAttributes } from './object.ts';

function sqlOf({ attributes }: DefaultPrivilege, change: PrivilegeChange, privileges: readonly GrantedPrivilege[]): string {
  const { role, schema, objects, grantee } = attributes;
  const head = `ALTER DEFAULT PRIVILEGES${role === undefined ? '' : ` FOR ROLE ${quoteName(role)}`}${schema === undefined ? '' : ` IN SCHEMA ${quoteName(schema)}`}`;
  const words = `${privilegeWords(privileges)} ON ${objects.toUpperCase()}`;
  const who = granteeSql(grantee, role);
  if (change !== 'grant') return `${head} REVOKE ${change === 'revoke option' ? 'GRANT OPTION FOR ' : ''}${words} FROM ${who}`;
  return `${head} GRANT ${words} TO ${who}${privileges.some(({ option }) => option !== 'none') ? ' WITH GRANT OPTION' : ''}`;
}

function wordsOf({ attributes }: DefaultPrivilege): string {
  const { role, schema, objects, grantee } = attributes;
  const who = grantee === everybody ? 'everybody' : grantee === owner ? 'their owner' : grantee;
  return `${who} on future ${objects}${schema === undefined ? '' : ` in schema ${schema}`}${role === undefined ? '' : ` made by ${role}`}`;
}

function step(object: DefaultPrivilege, change: PrivilegeChange, privileges: readonly GrantedPrivilege[]): Statement {
  const verb = change === 'grant' ? 'Give' : change === 'revoke' ? 'Do not give' : 'Do not let pass on';
  return statement({
    sql: sqlOf(object, change, privileges),
    purpose: `${verb} ${privilegeWords(privileges)} to ${wordsOf(object)}.`,
    subject: object.id,
    needs: object.dependsOn,
    atomic: `privileges ${object.id}`,
    hazards: [hazard('authorization', object.id, 'what is made from now on can be used by others than before')],
    ...(change === 'revoke option' ? {} : { reverse: sqlOf(object, change === 'grant' ? 'revoke' : 'grant', privileges) }),
  });
}

const steps =
  (object: DefaultPrivilege): PrivilegeStep =>
  (change, privileges) =>
    step(object, change, privileges);

/**
 * An entry for every schema holds the whole ACL, that of one schema only what is given on top (manual
 * §52.12). Large objects (18) are no objects of a schema.
 */
const query = `
  WITH entry AS (
    SELECT d.oid, d.defaclrole AS role, n.nspname AS schema, d.defaclobjtype AS letter, d.defaclacl AS acl,
      CASE WHEN d.defaclnamespace = 0
        THEN acldefault((CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype::text END)::"char", d.defaclrole)
        END AS standard
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
    WHERE d.defaclobjtype IN ('r', 'S', 'f', 'T', 'n') AND (d.defaclnamespace = 0 OR ${ourSchema})
  ),
  given AS (
    SELECT e.oid, x.grantee, lower(x.privilege_type) AS privilege, bool_or(x.is_grantable) AS grantable
    FROM entry e, aclexplode(e.acl) x GROUP BY 1, 2, 3
  ),
  standard AS (SELECT DISTINCT e.oid, x.grantee, lower(x.privilege_type) AS privilege FROM entry e, aclexplode(e.standard) x),
  difference AS (
    SELECT g.oid, g.grantee, g.privilege, g.grantable, false AS revoked FROM given g
    LEFT JOIN standard s USING (oid, grantee, privilege) WHERE s.privilege IS NULL
    UNION ALL
    SELECT s.oid, s.grantee, s.privilege, false, true FROM standard s
    LEFT JOIN given g USING (oid, grantee, privilege) WHERE g.privilege IS NULL
  )
  SELECT e.oid::int8 AS oid, CASE WHEN e.role <> ${homeRole} THEN maker.rolname END AS role, e.schema, e.letter::text AS letter,
    d.grantee = 0 AS is_public, d.grantee = e.role AS is_owner, r.rolname AS grantee,
    json_agg(json_build_object('privilege', d.privilege, 'grantable', d.grantable)) FILTER (WHERE NOT d.revoked) AS privileges,
    json_agg(d.privilege ORDER BY d.privilege) FILTER (WHERE d.revoked) AS revoked
  FROM entry e JOIN difference d USING (oid) JOIN pg_roles maker ON maker.oid = e.role LEFT JOIN pg_roles r ON r.oid = d.grantee
  GROUP BY e.oid, e.role, maker.rolname, e.schema, e.letter, d.grantee, r.rolname`;

const classes: { readonly [letter: string]: ObjectClass } = { r: 'tables', S: 'sequences', f: 'functions', T: 'types', n: 'schemas' };

function attributesOf(row: CatalogRow): DefaultPrivilegeAttributes {
  const list = (row['privileges'] ?? []) as readonly { privilege: string; grantable: boolean }[];
  const grantee = flagOf(row, 'is_public') ? everybody : flagOf(row, 'is_owner') ? owner : granteeOf(textOf(row, 'grantee'));
  return {
    ...optional('role', optionalText(row, 'role')),
    ...optional('schema', optionalText(row, 'schema')),
    objects: classes[textOf(row, 'letter')] ?? 'tables',
    grantee,
    privileges: privilegeList(list.map(({ privilege, grantable }) => ({ privilege, option: grantable ? 'with grant option' : 'none' }))),
    revoked: textsOf(row, 'revoked'),
  };
}

/** An object that is made gets what the entry gives; what the plan does not want of it is taken back at once. */
function takeBack(own: DefaultPrivilege, made: SchemaObject, { after }: PlanContext): readonly Statement[] {
  const { role, schema, objects, grantee, privileges, revoked } = own.attributes;
  const applies = role === undefined && objectClassOf(made.id) === objects && (schema === undefined || schema === made.path[0]);
  if (!applies || grantee === owner) return [];
  const wanted = after.get(grantAddress(made.id, grantee))?.attributes as Partial<Privileges> | undefined;
  const { lost, optionLost } = privilegeChanges(privileges, wanted?.privileges ?? []);
  const missing = revoked.filter((privilege) => wanted?.revoked?.includes(privilege) !== true);
  const [on, who] = [targetSql(made.id), granteeSql(grantee, undefined)];
  const sql = [
    ...(lost.length === 0 ? [] : [`REVOKE ${privilegeWords(lost)} ON ${on} FROM ${who}`]),
    ...(optionLost.length === 0 ? [] : [`REVOKE GRANT OPTION FOR ${privilegeWords(optionLost)} ON ${on} FROM ${who}`]),
    ...(missing.length === 0 ? [] : [`GRANT ${privilegeWords(plainPrivileges(missing))} ON ${on} TO ${who}`]),
  ];
  return sql.map((text) =>
    statement({
      sql: text,
      purpose: `Take back on ${made.id} what default privileges changed for ${grantee === everybody ? 'everybody' : grantee}.`,
      subject: made.id,
      needs: [made.id],
      makes: [takenBackMark(made.id, grantee)],
    }),
  );
}

export const defaultPrivilegeKind: Kind<DefaultPrivilege> = {
  kind: 'default-privilege',
  introspect: {
    query: () => query,
    // One entry of the catalog is an object for each grantee: whichever has it, none is overlooked.
    read: (row) => ({
      object: defaultPrivilegeObject(attributesOf(row)),
      identities: [{ catalog: 'pg_default_acl', oid: numberOf(row, 'oid') }],
    }),
  },
  create: (object) => createPrivileges(object.id, object.attributes, steps(object)),
  drop: (object) => dropPrivileges(object.id, object.attributes, steps(object)),
  alter: {
    role: { statements: 'replace' },
    schema: { statements: 'replace' },
    objects: { statements: 'replace' },
    grantee: { statements: 'replace' },
    privileges: {
      statements: (before, after) => changePrivileges(before.attributes.privileges, after.attributes.privileges, steps(after)),
    },
    revoked: { statements: (before, after) => changeRevoked(before.attributes.revoked, after.attributes.revoked, steps(after)) },
  },
  onCreation: takeBack,
  concerns: 'privileges',
  comesFirst: true,
  stake: () => 'access',
  roles: ({ attributes: { role, grantee } }) => [...(role === undefined ? [] : [role]), ...rolesAmong([grantee])],
  author: defaultPrivilegeAuthor,
  describe: (object) => [
    {
      node: 'note',
      id: object.id,
      topic: 'access',
      title: 'default privileges',
      name: wordsOf(object),
      definition: privilegesInWords(object.attributes),
    },
  ],
};
