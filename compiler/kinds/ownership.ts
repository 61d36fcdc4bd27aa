/**
 * Who owns things: the role to whom everything belongs unless an object says otherwise, as SQL, and
 * the owner that an object has in a state. Owners are objects of their own; no kind is named here.
 */
import { parseAddress, type Address } from '../model/address.ts';
import type { PlanContext } from './contract.ts';

/**
 * The role that migrations run as, as an SQL value (an oid): it made our own schema; where there is
 * none, the role that asks, if it owns any relation; else the database's owner. A role that only reads
 * sees by it the same objects as the one that made them.
 */
export const homeRole = `coalesce(
  (SELECT nspowner FROM pg_namespace WHERE nspname = 'schemac'),
  (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user AND EXISTS (
    SELECT FROM pg_class WHERE relowner = r.oid AND oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'S'))),
  (SELECT datdba FROM pg_database WHERE datname = current_database()))`;

/** The address of the object that says who owns another one. */
export function ownerAddress(on: Address): Address {
  return `owner ${on}`;
}

/** Ended by a change of an object's owner: what must come before it needs this. */
export function formerOwnerMark(on: Address): Address {
  return `owner-until ${on}`;
}

/** Made by a change of an object's owner: what must come after it needs this. */
export function ownerMark(on: Address): Address {
  return `owner-since ${on}`;
}

/** The role that owns an object while a plan begins; undefined for the role that runs the migration. */
export function ownerRoleOf(on: Address, context: PlanContext): string | undefined {
  if (context.isNew(on)) return undefined;
  return (context.before.get(ownerAddress(on))?.attributes as { readonly role?: string } | undefined)?.role;
}

/** Kinds that have a page of their own. */
const withPage = new Set(['table', 'view', 'materialized-view']);

/** Where a document says it: on the page of a table or view, or by itself with the name of what it is about. */
export function noteOn(on: Address, who: string): { readonly table?: Address; readonly name: string } {
  return withPage.has(parseAddress(on)?.kind ?? '') ? { table: on, name: who } : { name: `${who} on ${inWords(on)}` };
}

/** `table public.digests` as a sentence has it: `table public.digests`, `materialized view public.m`. */
export function inWords(on: Address): string {
  const kind = parseAddress(on)?.kind ?? '';
  return on.replace(kind, kind.replaceAll('-', ' '));
}
