/**
 * Who may do what: grants on objects, policies of row-level security, default privileges. A privilege
 * that the object does not have, or that columns cannot have, is a type error. Roles are only named here:
 * they belong to the server, and no migration makes one.
 */
import { declaration } from './declaration.ts';
import type { Declaration } from './declaration.ts';
import type { Suppress } from './column.ts';
import type { Sql } from './sql.ts';

/** What can be given on single columns. */
export type ColumnPrivilege = 'select' | 'insert' | 'update' | 'references';
/** What can be given on a table or view; `maintain` is of PostgreSQL 17. */
export type TablePrivilege = ColumnPrivilege | 'delete' | 'truncate' | 'trigger' | 'maintain';
export type SequencePrivilege = 'select' | 'update' | 'usage';
export type SchemaPrivilege = 'create' | 'usage';
export type TypePrivilege = 'usage';
export type FunctionPrivilege = 'execute';

interface GrantTo {
  /** A role or several, by name; `'public'` is everybody. */
  readonly to: string | readonly string[];
  /** Whether they may give it to others. */
  readonly withGrantOption?: boolean;
}

/** What is given on a whole object. */
export interface ObjectGrant<Privilege extends string> extends GrantTo {
  readonly privileges: readonly Privilege[];
}

/** What is given on a table, or on some of its columns alone. */
export interface TableGrant<Name extends string> extends ObjectGrant<TablePrivilege> {
  readonly columns?: readonly Name[];
}

/** What PostgreSQL gives by itself, to everybody or to the owner, and is taken away. */
export interface RevokedPrivilege<Privilege extends string> {
  readonly revokedFrom: 'public' | 'owner';
  readonly privileges: readonly Privilege[];
}

/** `{ to: 'app_reader', privileges: ['select'] }` */
export type GrantInput<Privilege extends string> = ObjectGrant<Privilege> | RevokedPrivilege<Privilege>;
/** The same, and `{ to: 'app_writer', privileges: ['update'], columns: ['subject'] }`. */
export type TableGrantInput<Name extends string = string> = TableGrant<Name> | RevokedPrivilege<TablePrivilege>;

/** A property that no grant has: `never` where there is none. */
export type NotOfGrant<Grant> = Exclude<keyof Grant, keyof TableGrant<string> | keyof RevokedPrivilege<string>> & string;

/** A privilege that columns cannot have: `never` where there is none. */
export type NotForColumns<Grant> = Grant extends { readonly columns: readonly string[]; readonly privileges: readonly (infer Given)[] }
  ? Exclude<Given, ColumnPrivilege> & string
  : never;

/** What may be said of whatever has an owner and privileges. */
export interface Access<Privilege extends string> {
  readonly grants?: readonly GrantInput<Privilege>[];
  /** The role that owns it in the database, where it is not the role that runs migrations. */
  readonly ownerRole?: string;
}

interface PolicyNotes {
  readonly doc?: string;
  readonly renamedFrom?: string;
  readonly suppress?: Suppress;
  /** `permissive` where absent: a row has to pass one of those, and all restrictive ones. */
  readonly mode?: 'permissive' | 'restrictive';
  /** Roles by name; everybody where absent. */
  readonly to?: string | readonly string[];
}

/** A policy: for which command, for whom, which rows are found (`using`) and which may be left behind (`withCheck`). */
export type PolicyInput = PolicyNotes &
  (
    | { readonly for?: 'all' | 'update'; readonly using?: Sql; readonly withCheck?: Sql }
    | { readonly for: 'select' | 'delete'; readonly using?: Sql; readonly withCheck?: undefined }
    | { readonly for: 'insert'; readonly using?: undefined; readonly withCheck?: Sql }
  );

interface DefaultPrivilegesOn<Objects extends string, Privilege extends string> {
  readonly on: Objects;
  /** Whose objects; those of the role that runs migrations where absent. */
  readonly madeBy?: string;
  /** In one schema alone. */
  readonly schema?: string | (Declaration<'schema'> & { readonly name: string });
  readonly privileges: readonly Privilege[];
}
type Default<Objects extends string, Privilege extends string> = DefaultPrivilegesOn<Objects, Privilege> &
  (GrantTo | { readonly revokedFrom: 'public' | 'owner'; readonly schema?: undefined });

/** What a role may do with objects that are made later, by class of object. */
export type DefaultPrivilegesDefinition =
  | Default<'tables', TablePrivilege>
  | Default<'sequences', SequencePrivilege>
  | Default<'functions', FunctionPrivilege>
  | Default<'types', TypePrivilege>
  | (Default<'schemas', SchemaPrivilege> & { readonly schema?: undefined });

export interface DefaultPrivilegesDeclaration extends Declaration<'default privileges'> {
  readonly definition: DefaultPrivilegesDefinition;
}

/**
 * Default privileges: `defaultPrivileges({ on: 'tables', to: 'app_reader', privileges: ['select'] })`.
 * Everything that the schema declares has them too, whenever it was made; with `madeBy` they are
 * about what another role makes, and nothing that is declared.
 */
export function defaultPrivileges(definition: DefaultPrivilegesDefinition): DefaultPrivilegesDeclaration {
  return declaration('default privileges', { definition }, defaultPrivileges);
}
