/**
 * What GRANT calls each kind of object, as data by kind: a further kind that has privileges is one
 * more line here, and one in acl.ts where its catalog is not there yet.
 */
import { parseAddress, type Address } from '../model/address.ts';
import { qualifiedName } from '../sql/quote.ts';
import type { GranteeName } from './grantee.ts';
import type { ObjectClass } from './privilege-classes.ts';
import { signedName } from './signed-name.ts';

interface Target {
  readonly words: string;
  readonly objects: ObjectClass;
  /** How the name is written, where it is more than a path of names. */
  readonly name?: (path: readonly string[]) => string;
  /** Whether the schema language has `grants` for it; a partition is written in its table. */
  readonly hasGrants?: false;
}

const relation: Target = { words: 'TABLE', objects: 'tables' };
const type: Target = { words: 'TYPE', objects: 'types' };
const routine: Target = { words: 'FUNCTION', objects: 'functions', name: signedName };

/** By kind; `GRANT … ON TABLE` is for views too, `ON TYPE` for domains, `ON FUNCTION` for aggregates. */
const targets: { readonly [kind: string]: Target } = {
  table: relation,
  partition: { ...relation, hasGrants: false },
  view: relation,
  'materialized-view': relation,
  sequence: { words: 'SEQUENCE', objects: 'sequences' },
  enum: type,
  domain: type,
  composite: type,
  range: type,
  schema: { words: 'SCHEMA', objects: 'schemas' },
  function: routine,
  procedure: { ...routine, words: 'PROCEDURE' },
  aggregate: { ...routine, hasGrants: false },
  'foreign-table': { ...relation, hasGrants: false },
};

/** The class of an object, by its address; undefined where it can have no privileges. */
export function objectClassOf(on: Address): ObjectClass | undefined {
  return targets[parseAddress(on)?.kind ?? '']?.objects;
}

export function hasGrants(on: Address): boolean {
  const target = targets[parseAddress(on)?.kind ?? ''];
  return target !== undefined && target.hasGrants !== false;
}

/** `TABLE public.digests`, as GRANT and REVOKE write what they are on. */
export function targetSql(on: Address): string {
  const parsed = parseAddress(on);
  const target = targets[parsed?.kind ?? ''];
  if (parsed === undefined || target === undefined)
    throw new Error(`GRANT has no words for '${on}'; add its kind in kinds/grant/targets.ts`);
  return `${target.words} ${(target.name ?? qualifiedName)(parsed.path)}`;
}

/** The address of what one grantee may do with an object. */
export function grantAddress(on: Address, grantee: GranteeName): Address {
  return `grant ${on}.${grantee}`;
}

/** Stands for what default privileges gave the grantee being taken back, before what is meant is given; no object has this id. */
export function takenBackMark(on: Address, grantee: GranteeName): Address {
  return `taken-back ${on}.${grantee}`;
}
