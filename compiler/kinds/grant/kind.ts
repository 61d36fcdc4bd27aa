/**
 * All that the compiler knows of privileges on objects (manual §5.8, GRANT, REVOKE). GRANT and REVOKE
 * lock no table. Nothing is revoked with CASCADE: what a role passed on is for whoever runs the database
 * to decide, and PostgreSQL refuses (2BP01).
 */
import { address, parseAddress, type Address } from '../../model/address.ts';
import { statement, type Statement } from '../../model/statement.ts';
import type { Kind, PlanContext } from '../contract.ts';
import { everybody, granteeOf, granteeSql, owner, rolesAmong } from '../grantee.ts';
import { formerOwnerMark, inWords, noteOn, ownerMark, ownerRoleOf } from '../ownership.ts';
import {
  changePrivileges,
  changeRevoked,
  createPrivileges,
  dropPrivileges,
  privilegesInWords,
  type PrivilegeChange,
  type PrivilegeStep,
} from '../privilege-steps.ts';
import { privilegeWords, type GrantedPrivilege } from '../privileges.ts';
import { hazard } from '../statements.ts';
import { grantIntrospection } from './introspect.ts';
import { grantAuthor } from './author.ts';
import type { Grant } from './object.ts';
import { takenBackMark, targetSql } from '../privilege-targets.ts';

function who(grant: Grant): string {
  const { grantee } = grant.attributes;
  if (grantee === everybody) return 'everybody';
  return grantee === owner ? 'the owner' : grantee;
}

function sqlOf(grant: Grant, change: PrivilegeChange, privileges: readonly GrantedPrivilege[], context: PlanContext): string {
  const { on, grantee } = grant.attributes;
  const role = granteeSql(grantee, ownerRoleOf(on, context));
  const words = `${privilegeWords(privileges)} ON ${targetSql(on)}`;
  if (change !== 'grant') return `REVOKE ${change === 'revoke option' ? 'GRANT OPTION FOR ' : ''}${words} FROM ${role}`;
  return `GRANT ${words} TO ${role}${privileges.some(({ option }) => option !== 'none') ? ' WITH GRANT OPTION' : ''}`;
}

/** In the words of `Engine.has`: before 15 everybody may create in the schema public. */
const openPublicSchema = 'schema public in which everybody can create';

const risks: { readonly [Name in PrivilegeChange]: string } = {
  grant: 'may do more from now on',
  revoke: 'may do less from now on; what relies on it fails',
  'revoke option': 'may not pass privileges on any more',
};

function purpose(grant: Grant, change: PrivilegeChange, privileges: readonly GrantedPrivilege[]): string {
  const { on } = grant.attributes;
  const words = `${privilegeWords(privileges)} on ${inWords(on)}`;
  if (change === 'revoke option') return `No longer let ${who(grant)} pass on ${words}.`;
  return change === 'grant' ? `Grant ${words} to ${who(grant)}.` : `Revoke ${words} from ${who(grant)}.`;
}

/** Privileges change while the old owner is there, and become the new one's with all else; but what a former owner is given would be lost so. */
function ownerNeeds({ attributes: { on, grantee } }: Grant, context: PlanContext): readonly Address[] {
  if (context.isNew(on)) return [];
  return [granteeOf(ownerRoleOf(on, context) ?? '') === grantee ? ownerMark(on) : formerOwnerMark(on)];
}

function step(grant: Grant, change: PrivilegeChange, privileges: readonly GrantedPrivilege[], context: PlanContext): Statement {
  const { on } = grant.attributes;
  const isNew = context.isNew(on);
  return statement({
    sql: sqlOf(grant, change, privileges, context),
    purpose: purpose(grant, change, privileges),
    subject: grant.id,
    needs: [...grant.dependsOn, ...ownerNeeds(grant, context), ...(isNew ? [takenBackMark(on, grant.attributes.grantee)] : [])],
    hazards: isNew ? [] : [hazard('authorization', grant.id, `${who(grant)} ${risks[change]}`)],
    ...(isNew ? {} : { atomic: `privileges ${grant.id}` }),
    ...(change === 'revoke option' ? {} : { reverse: sqlOf(grant, change === 'grant' ? 'revoke' : 'grant', privileges, context) }),
  });
}

/** A column that goes takes its privileges with it. */
function stillThere(grant: Grant, privileges: readonly GrantedPrivilege[], context: PlanContext): readonly GrantedPrivilege[] {
  const path = parseAddress(grant.attributes.on)?.path ?? [];
  return privileges.flatMap((each) => {
    if (each.columns === undefined) return [each];
    const columns = each.columns.filter((column) => !context.isDropped(address('column', ...path, column)));
    return columns.length === 0 ? [] : [{ ...each, columns }];
  });
}

function steps(grant: Grant, context: PlanContext): PrivilegeStep {
  return (change, privileges) => step(grant, change, privileges, context);
}

function drop(grant: Grant, context: PlanContext): readonly Statement[] {
  const { privileges, revoked } = grant.attributes;
  const phase = context.after.has(grant.id) ? 'expand' : 'contract';
  const left = { privileges: stillThere(grant, privileges, context), revoked };
  return dropPrivileges(grant.id, left, steps(grant, context)).map((each): Statement => ({
    ...each,
    needs: ownerNeeds(grant, context),
    phase,
  }));
}

/**
 * Who may create in the schema public is not said by a default: everybody before 15, nobody since
 * (release notes of 15). Beside a server of the other sort only a word against a word is a difference.
 */
function besideMajor(grant: Grant, other: Grant | undefined, [own, others]: readonly [number, number]): Grant | undefined {
  const { on, grantee, privileges, revoked } = grant.attributes;
  if (on !== 'schema public' || grantee !== everybody || own < 15 === others < 15) return grant;
  const isContrary = own < 15 ? other?.attributes.privileges.some(isCreate) : other?.attributes.revoked.includes('create');
  if (isContrary === true) return grant;
  const rest = { privileges: privileges.filter((each) => !isCreate(each)), revoked: revoked.filter((name) => name !== 'create') };
  return rest.privileges.length + rest.revoked.length === 0 ? undefined : { ...grant, attributes: { ...grant.attributes, ...rest } };
}

function isCreate({ privilege, option }: GrantedPrivilege): boolean {
  return privilege === 'create' && option === 'none';
}

export const grantKind: Kind<Grant> = {
  kind: 'grant',
  introspect: grantIntrospection,
  create: (grant, context) => createPrivileges(grant.id, grant.attributes, steps(grant, context)),
  drop,
  alter: {
    on: { statements: 'replace' },
    grantee: { statements: 'replace' },
    privileges: {
      statements: (before, after, context) =>
        changePrivileges(before.attributes.privileges, after.attributes.privileges, steps(after, context), (lost) =>
          stillThere(after, lost, context),
        ),
    },
    revoked: {
      statements: (before, after, context) => changeRevoked(before.attributes.revoked, after.attributes.revoked, steps(after, context)),
    },
  },
  concerns: 'privileges',
  // Since 15 there is nothing to revoke, so that an engine of a later major cannot show it.
  requires: ({ attributes: { on, revoked } }) => (on === 'schema public' && revoked.includes('create') ? [openPublicSchema] : []),
  besideMajor,
  stake: () => 'access',
  roles: (grant) => rolesAmong([grant.attributes.grantee]),
  author: grantAuthor,
  describe: (grant) => [
    {
      node: 'note',
      id: grant.id,
      topic: 'access',
      title: 'grant',
      ...noteOn(grant.attributes.on, grant.attributes.grantee),
      definition: privilegesInWords(grant.attributes),
    },
  ],
};
