/**
 * Grants and owners of what is declared. They are collected while the schema is composed and become
 * objects at its end, when it is known what default privileges add to everything of a class.
 */
import type { Address } from '../model/address.ts';
import type { SchemaObject } from '../model/object.ts';
import { defaultPrivilegeAddress, defaultPrivilegeObject } from '../kinds/default-privilege/declare.ts';
import { declareGrant } from '../kinds/grant/declare.ts';
import { objectClassOf } from '../kinds/privilege-targets.ts';
import { everybody, owner, type GranteeName } from '../kinds/grantee.ts';
import { declareOwner } from '../kinds/owner/declare.ts';
import { columnPrivileges, privilegesOf, privilegesOfPublic, type ObjectClass } from '../kinds/privilege-classes.ts';
import { privilegeList, type SinglePrivilege } from '../kinds/privileges.ts';
import type { Declaration, Origin } from '../dsl/declaration.ts';
import type { Context, Mistake } from './context.ts';
import { roleNames } from './role-names.ts';
import { checkSince } from './since.ts';

/** A grant as written, whatever it is on. */
export interface WrittenGrant {
  readonly to?: string | readonly string[];
  readonly revokedFrom?: 'public' | 'owner';
  readonly privileges: readonly string[];
  readonly columns?: readonly string[] | undefined;
  readonly withGrantOption?: boolean;
}

/** What one object says of its privileges and its owner. */
export interface WrittenAccess {
  readonly on: Address;
  /** `table "digests"`, for messages. */
  readonly what: string;
  readonly origin: Origin;
  readonly definition: { readonly grants?: readonly WrittenGrant[]; readonly ownerRole?: string };
  /** Addresses of columns by name, where they are objects; a name that is not among them is reported. */
  readonly columnNeeds?: (names: readonly string[], what: string, keys: readonly string[]) => readonly Address[];
}

/** What is given and taken, on one object and for one grantee. */
interface Entry {
  readonly on: Address;
  readonly grantee: GranteeName;
  readonly at: Origin;
  readonly keys: readonly string[];
  readonly privileges: SinglePrivilege[];
  readonly revoked: string[];
  readonly needs: Address[];
}

/** What is said of everything of a class that is made later. */
export interface ClassGrant {
  /** Who makes it; absent for the role that runs migrations, and so for all that the schema declares. */
  readonly role?: string;
  readonly objects: ObjectClass;
  readonly schema?: string;
  readonly grantee: GranteeName;
  readonly privileges: readonly SinglePrivilege[];
  readonly revoked: readonly string[];
  readonly at: Origin;
}

export interface GrantCollector {
  readonly take: (access: WrittenAccess) => void;
  readonly takeForClass: (grant: ClassGrant) => void;
  /** Adds all that was collected; `objects` are those declared so far. */
  readonly finish: (objects: readonly SchemaObject[]) => void;
}

/** Who may do what with an object, and who owns it. */
export function takeAccess(
  word: string,
  on: Address,
  declared: Declaration & { readonly name: string; readonly definition: object },
  context: { readonly grants: GrantCollector },
): void {
  const definition = declared.definition as WrittenAccess['definition'];
  context.grants.take({ on, what: `${word} "${declared.name}"`, origin: declared.origin, definition });
}

export function grantCollector(context: Context): GrantCollector {
  const entries = new Map<string, Entry>();
  const owners = new Map<Address, GranteeName>();
  const classes: ClassGrant[] = [];
  const entryOf = (on: Address, grantee: GranteeName, at: Origin, keys: readonly string[]): Entry => {
    const key = `${on}.${grantee}`;
    const entry = entries.get(key) ?? { on, grantee, at, keys, privileges: [], revoked: [], needs: [] };
    entries.set(key, entry);
    return entry;
  };
  return {
    take: (access) => {
      const ownedBy = takeOwner(access, context);
      if (ownedBy !== undefined) owners.set(access.on, ownedBy);
      for (const written of access.definition.grants ?? []) takeGrant(written, access, ownedBy, entryOf, context);
    },
    takeForClass: (grant) => void classes.push(grant),
    finish: (objects) => {
      addDefaultPrivileges(classes, context);
      const own = classes.filter((grant) => grant.role === undefined);
      for (const object of objects) for (const grant of own) extend(object, grant, owners, entries, entryOf);
      for (const entry of entries.values()) addGrant(entry, context);
    },
  };
}

function takeOwner({ on, what, origin, definition }: WrittenAccess, context: Context): GranteeName | undefined {
  if (definition.ownerRole === undefined) return undefined;
  const keys = ['ownerRole'];
  const [grantee] = roleNames(definition.ownerRole, { at: origin, keys, what: `the owner of ${what}` }, context, 'a role');
  if (grantee === undefined) return undefined;
  if (on === 'schema public') {
    const hint = 'leave it out; since PostgreSQL 15 it belongs to pg_database_owner';
    context.report({
      code: 'invalid-role',
      message: 'the schema public is made with the database and keeps its owner',
      hint,
      at: origin,
      keys,
    });
    return undefined;
  }
  context.add(declareOwner(on, definition.ownerRole), origin, keys, {});
  return grantee;
}

function takeGrant(
  written: WrittenGrant,
  access: WrittenAccess,
  ownedBy: GranteeName | undefined,
  entryOf: (on: Address, grantee: GranteeName, at: Origin, keys: readonly string[]) => Entry,
  context: Context,
): void {
  const { on, origin } = access;
  const keys = ['grants'];
  const place = { at: origin, keys, what: `a grant on ${access.what}` };
  const privileges = knownPrivileges(written, objectClassOf(on) ?? 'tables', place, context);
  if (written.revokedFrom !== undefined) {
    const grantee = written.revokedFrom === 'public' ? everybody : owner;
    entryOf(on, grantee, origin, keys).revoked.push(...revocable(privileges, written.revokedFrom, on, place, context));
    return;
  }
  const needs = written.columns === undefined ? [] : (access.columnNeeds?.(written.columns, place.what, keys) ?? []);
  for (const grantee of roleNames(written.to, place, context)) {
    if (grantee === ownedBy) {
      const message = `${place.what} names ${grantee}, which owns it`;
      context.report({ code: 'grant-to-owner', message, hint: 'leave it out: an owner may do everything', at: origin, keys });
    } else if (grantee === everybody && written.withGrantOption === true) {
      const message = `${place.what} lets everybody pass it on`;
      context.report({ code: 'invalid-privilege', message, hint: 'PostgreSQL gives grant options to roles alone', at: origin, keys });
    } else {
      const entry = entryOf(on, grantee, origin, keys);
      entry.privileges.push(...singles(privileges, written));
      entry.needs.push(...needs);
    }
  }
}

/** One for each privilege and column. */
export function singles(privileges: readonly string[], { columns, withGrantOption }: WrittenGrant): readonly SinglePrivilege[] {
  const option = withGrantOption === true ? 'with grant option' : 'none';
  return privileges.flatMap((privilege): readonly SinglePrivilege[] =>
    columns === undefined ? [{ privilege, option }] : columns.map((column) => ({ privilege, column, option })),
  );
}

type Where = Pick<Mistake, 'at' | 'keys'> & { readonly what: string };

/** The privileges that the class has; others are reported. */
export function knownPrivileges(written: WrittenGrant, objects: ObjectClass, place: Where, context: Context): readonly string[] {
  const { what, ...where } = place;
  const allowed = written.columns === undefined ? privilegesOf[objects] : columnPrivileges;
  const words = written.columns === undefined ? objects : 'columns';
  const given: readonly string[] = Array.isArray(written.privileges) ? (written.privileges as readonly string[]) : [];
  if (given.length === 0) {
    const hint = `write some of ${allowed.map((name) => `'${name}'`).join(', ')}`;
    context.report({ code: 'invalid-privilege', message: `${what} names no privilege`, hint, ...where });
  }
  return given.filter((privilege) => {
    if (privilege === 'maintain') checkSince('maintain-privilege', what, where, context);
    if (allowed.includes(privilege)) return true;
    context.report({
      code: 'invalid-privilege',
      message: `${what} names the privilege ${JSON.stringify(privilege)}, which ${words} do not have`,
      hint: `${words} have ${allowed.map((name) => `'${name}'`).join(', ')}`,
      ...where,
    });
    return false;
  });
}

/** An object by its address, or all future ones of a class. */
export type Subject = Address | { readonly objects: ObjectClass };

/** Of what PUBLIC or the owner has by itself, for an object or, where there is none, a class. */
export function privilegesByDefault(from: 'public' | 'owner', on: Subject, context: Context): readonly string[] {
  const objects = typeof on === 'object' ? on.objects : (objectClassOf(on) ?? 'tables');
  if (from === 'owner') return privilegesOf[objects];
  if (on === 'schema public') return context.project.postgres < 15 ? ['create', 'usage'] : ['usage'];
  return privilegesOfPublic[objects];
}

export function revocable(
  privileges: readonly string[],
  from: 'public' | 'owner',
  on: Subject,
  { what, ...where }: Where,
  context: Context,
): readonly string[] {
  const had = privilegesByDefault(from, on, context);
  return privileges.filter((privilege) => {
    if (had.includes(privilege)) return true;
    const who = from === 'public' ? 'everybody' : 'the owner';
    context.report({
      code: 'nothing-to-revoke',
      message: `${what} revokes ${JSON.stringify(privilege)} from ${who}, who does not have it`,
      hint: 'leave it out: only what PostgreSQL gives by itself has to be revoked, the rest is just not granted',
      ...where,
    });
    return false;
  });
}

/** What a default privilege adds to an object of its class. What the object itself says of everybody wins. */
function extend(
  object: SchemaObject,
  grant: ClassGrant,
  owners: ReadonlyMap<Address, GranteeName>,
  entries: ReadonlyMap<string, Entry>,
  entryOf: (on: Address, grantee: GranteeName, at: Origin, keys: readonly string[]) => Entry,
): void {
  if (objectClassOf(object.id) !== grant.objects || owners.get(object.id) === grant.grantee) return;
  if (grant.schema !== undefined && object.path[0] !== grant.schema) return;
  const own = entries.get(`${object.id}.${grant.grantee}`);
  const taken = new Set(own?.revoked);
  const given = new Set(own?.privileges.map(({ privilege }) => privilege));
  const entry = entryOf(object.id, grant.grantee, grant.at, []);
  entry.privileges.push(...grant.privileges.filter(({ privilege }) => !taken.has(privilege)));
  entry.revoked.push(...grant.revoked.filter((privilege) => !given.has(privilege)));
}

/** Several declarations about one grantee are one object. */
function addDefaultPrivileges(classes: readonly ClassGrant[], context: Context): void {
  const byAddress = new Map<Address, ClassGrant[]>();
  for (const grant of classes) {
    const id = defaultPrivilegeAddress(grant);
    byAddress.set(id, [...(byAddress.get(id) ?? []), grant]);
  }
  for (const [first, ...more] of byAddress.values()) {
    if (first === undefined) continue;
    const { at, ...grant } = first;
    const privileges = privilegeList([first, ...more].flatMap((each) => each.privileges));
    const revoked = [...new Set([first, ...more].flatMap((each) => each.revoked))];
    context.add(defaultPrivilegeObject({ ...grant, privileges, revoked }), at, [], {});
  }
}

function addGrant(entry: Entry, context: Context): void {
  const { on, grantee, at, keys } = entry;
  const standard = grantee === everybody ? privilegesByDefault('public', on, context) : [];
  const privileges = entry.privileges.filter(({ privilege, column }) => column !== undefined || !standard.includes(privilege));
  // What PostgreSQL gives by itself and the schema gives as well is nothing to write down.
  if (privileges.length === 0 && entry.revoked.length === 0) return;
  context.add(declareGrant({ on, grantee, privileges, revoked: entry.revoked, needs: entry.needs }), at, keys, {});
}
