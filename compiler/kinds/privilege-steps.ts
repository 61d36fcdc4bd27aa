/**
 * Statements that give and take privileges, for whatever has a list of them: what a change means as
 * GRANT and REVOKE, in which order. How such a statement is written is the caller's.
 */
import type { Statement } from '../model/statement.ts';
import { byOption, plainPrivileges, privilegeChanges, privilegeWords, type GrantedPrivilege } from './privileges.ts';

export type PrivilegeChange = 'grant' | 'revoke' | 'revoke option';

/** Writes one statement; the privileges all have a grant option or none has. */
export type PrivilegeStep = (change: PrivilegeChange, privileges: readonly GrantedPrivilege[]) => Statement;

export interface Privileges {
  readonly privileges: readonly GrantedPrivilege[];
  /** What PostgreSQL would give by itself and is taken away. */
  readonly revoked: readonly string[];
}

function some(step: PrivilegeStep, change: PrivilegeChange, privileges: readonly GrantedPrivilege[]): readonly Statement[] {
  return privileges.length === 0 ? [] : [step(change, privileges)];
}

const granted = (step: PrivilegeStep, privileges: readonly GrantedPrivilege[]): readonly Statement[] =>
  byOption(privileges).map((each) => step('grant', each));

/** The last of an object's statements makes it, or ends it. */
function last(steps: readonly Statement[], says: Partial<Statement>): readonly Statement[] {
  return steps.map((each, place) => (place === steps.length - 1 ? { ...each, ...says } : each));
}

export function createPrivileges(id: string, { privileges, revoked }: Privileges, step: PrivilegeStep): readonly Statement[] {
  return last([...some(step, 'revoke', plainPrivileges(revoked)), ...granted(step, privileges)], { makes: [id] });
}

/** What is taken back needs nothing that the object once needed. */
export function dropPrivileges(id: string, { privileges, revoked }: Privileges, step: PrivilegeStep): readonly Statement[] {
  const steps = [...some(step, 'revoke', privileges), ...some(step, 'grant', plainPrivileges(revoked))];
  return last(steps, { destroys: [id] }).map((each): Statement => ({ ...each, needs: [] }));
}

/** `taken` says what of the lost privileges is still there to be revoked. */
export function changePrivileges(
  before: readonly GrantedPrivilege[],
  after: readonly GrantedPrivilege[],
  step: PrivilegeStep,
  taken: (lost: readonly GrantedPrivilege[]) => readonly GrantedPrivilege[] = (lost) => lost,
): readonly Statement[] {
  const { lost, optionLost, added } = privilegeChanges(before, after);
  return [...some(step, 'revoke', taken(lost)), ...some(step, 'revoke option', taken(optionLost)), ...granted(step, added)];
}

export function changeRevoked(before: readonly string[], after: readonly string[], step: PrivilegeStep): readonly Statement[] {
  const without = (list: readonly string[], other: readonly string[]): readonly GrantedPrivilege[] =>
    plainPrivileges(list.filter((privilege) => !other.includes(privilege)));
  return [...some(step, 'grant', without(before, after)), ...some(step, 'revoke', without(after, before))];
}

/** `SELECT, UPDATE (body), DELETE with grant option, not TRUNCATE`. */
export function privilegesInWords({ privileges, revoked }: Privileges): string {
  const lists = byOption(privileges).map((each) => `${privilegeWords(each)}${each[0]?.option === 'none' ? '' : ' with grant option'}`);
  return [...lists, ...(revoked.length === 0 ? [] : [`not ${privilegeWords(plainPrivileges(revoked))}`])].join(', ');
}
