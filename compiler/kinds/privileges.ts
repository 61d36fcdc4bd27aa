/**
 * Lists of privileges in one form: sorted, each once, columns of equal privileges together. What
 * differs between two of them, as clauses of GRANT and REVOKE.
 */
import { compareText } from '../model/object.ts';
import { nameList } from '../sql/quote.ts';

export interface GrantedPrivilege {
  /** As GRANT has it, in lower case: `select`. */
  readonly privilege: string;
  /** Sorted; absent for the whole object. */
  readonly columns?: readonly string[];
  readonly option: 'none' | 'with grant option';
}

/** One privilege on one column or on the whole object. */
export interface SinglePrivilege {
  readonly privilege: string;
  readonly column?: string;
  readonly option: GrantedPrivilege['option'];
}

export function singlePrivileges(privileges: readonly GrantedPrivilege[]): readonly SinglePrivilege[] {
  return privileges.flatMap(({ privilege, columns, option }) =>
    columns === undefined ? [{ privilege, option }] : columns.map((column) => ({ privilege, column, option })),
  );
}

const keyOf = ({ privilege, column }: SinglePrivilege): string => JSON.stringify([privilege, column ?? null]);

/** The canonical list: a privilege given twice counts once, with its grant option where it has it once. */
export function privilegeList(singles: readonly SinglePrivilege[]): readonly GrantedPrivilege[] {
  const byKey = new Map<string, SinglePrivilege>();
  for (const single of singles) if (single.option !== 'none' || !byKey.has(keyOf(single))) byKey.set(keyOf(single), single);
  const lists = new Map<string, { readonly privilege: string; readonly option: GrantedPrivilege['option']; readonly columns: string[] }>();
  for (const { privilege, column, option } of byKey.values()) {
    const key = JSON.stringify([privilege, column === undefined ? 0 : 1, option]);
    const list = lists.get(key) ?? { privilege, option, columns: [] };
    if (column !== undefined) list.columns.push(column);
    lists.set(key, list);
  }
  return [...lists]
    .sort(([left], [right]) => compareText(left, right))
    .map(([, { privilege, option, columns }]) => ({
      privilege,
      ...(columns.length === 0 ? {} : { columns: columns.sort(compareText) }),
      option,
    }));
}

/** Whether a single privilege is gone for the whole object: with it go those on columns (manual: REVOKE). */
const takenWith = (lost: readonly SinglePrivilege[], { privilege, column }: SinglePrivilege): boolean =>
  column !== undefined && lost.some((each) => each.privilege === privilege && each.column === undefined);

export interface PrivilegeChanges {
  readonly lost: readonly GrantedPrivilege[];
  /** What stays without its grant option. */
  readonly optionLost: readonly GrantedPrivilege[];
  /** What is new, has a grant option that is new, or goes away with what is lost and must come back. */
  readonly added: readonly GrantedPrivilege[];
}

export function privilegeChanges(before: readonly GrantedPrivilege[], after: readonly GrantedPrivilege[]): PrivilegeChanges {
  const had = new Map(singlePrivileges(before).map((single) => [keyOf(single), single.option]));
  const has = new Map(singlePrivileges(after).map((single) => [keyOf(single), single.option]));
  const lost = singlePrivileges(before).filter((single) => !has.has(keyOf(single)));
  const optionLost = singlePrivileges(before).filter((single) => single.option !== 'none' && has.get(keyOf(single)) === 'none');
  const added = singlePrivileges(after).filter((single) => {
    const option = had.get(keyOf(single));
    return option === undefined || (option === 'none' && single.option !== 'none') || takenWith([...lost, ...optionLost], single);
  });
  return { lost: privilegeList(lost), optionLost: privilegeList(optionLost), added: privilegeList(added) };
}

/** With and without grant option apart: the option is for all that a GRANT names. */
export function byOption(privileges: readonly GrantedPrivilege[]): readonly (readonly GrantedPrivilege[])[] {
  return (['none', 'with grant option'] as const)
    .map((option) => privileges.filter((each) => each.option === option))
    .filter((each) => each.length > 0);
}

/** Privileges of whole objects, by name. */
export function plainPrivileges(names: readonly string[]): readonly GrantedPrivilege[] {
  return names.map((privilege) => ({ privilege, option: 'none' as const }));
}

/** `SELECT, UPDATE (body, subject)`. */
export function privilegeWords(privileges: readonly Pick<GrantedPrivilege, 'privilege' | 'columns'>[]): string {
  return privileges
    .map(({ privilege, columns }) => `${privilege.toUpperCase()}${columns === undefined ? '' : ` (${nameList(columns)})`}`)
    .join(', ');
}
