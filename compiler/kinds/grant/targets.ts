/**
 * What GRANT calls each kind of object, as data by kind: a further kind that has privileges is one
 * more line here, and one in acl.ts where its catalog is not there yet.
 */
import { parseAddress, type Address } from '../../model/address.ts';
import { qualifiedName } from '../../sql/quote.ts';
import type { ObjectClass } from '../privilege-classes.ts';

interface Target {
  readonly words: string;
  readonly objects: ObjectClass;
}

const relation: Target = { words: 'TABLE', objects: 'tables' };
const type: Target = { words: 'TYPE', objects: 'types' };

/** By kind; `GRANT … ON TABLE` is for views too, `ON TYPE` for domains, `ON FUNCTION` for aggregates. */
const targets: { readonly [kind: string]: Target } = {
  table: relation,
  partition: relation,
  view: relation,
  'materialized-view': relation,
  sequence: { words: 'SEQUENCE', objects: 'sequences' },
  enum: type,
  domain: type,
  composite: type,
  range: type,
  schema: { words: 'SCHEMA', objects: 'schemas' },
};

/** The class of an object, by its address; undefined where it can have no privileges. */
export function objectClassOf(on: Address): ObjectClass | undefined {
  return targets[parseAddress(on)?.kind ?? '']?.objects;
}

/** Whether the schema language has `grants` for it: a partition is written in its table. */
export function hasGrants(on: Address): boolean {
  const kind = parseAddress(on)?.kind ?? '';
  return targets[kind] !== undefined && kind !== 'partition';
}

/** `TABLE public.digests`, as GRANT and REVOKE write what they are on. */
export function targetSql(on: Address): string {
  const parsed = parseAddress(on);
  const target = targets[parsed?.kind ?? ''];
  if (parsed === undefined || target === undefined)
    throw new Error(`GRANT has no words for '${on}'; add its kind in kinds/grant/targets.ts`);
  return `${target.words} ${qualifiedName(parsed.path)}`;
}
