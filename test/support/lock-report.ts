/**
 * What statements expect to lock and rewrite, held against what pg_locks and relation files showed,
 * in both directions: a lock that nobody expected, and an expected one that was not taken.
 */
import { parseAddress, pathText } from '../../compiler/model/address.ts';
import type { Proof, ProvenStatement } from '../../compiler/prove/prove.ts';
import { lockModes, type Lock, type Transaction } from '../../compiler/model/statement.ts';

/** Weaker modes keep nobody waiting but those who want the strongest ones (manual §13.3.1). */
const weakest = lockModes.indexOf('ShareUpdateExclusiveLock');
const strength = ({ mode }: Lock): number => lockModes.indexOf(mode);

/** Views are left out, materialized ones too: what is measured are tables and their partitions. */
const nameOf = ({ relation }: Lock): string => pathText(parseAddress(relation)?.path ?? []);
const counted = (locks: readonly Lock[]): readonly Lock[] =>
  locks.filter((lock) => strength(lock) >= weakest && ['table', 'partition'].includes(parseAddress(lock.relation)?.kind ?? ''));

function strengths(locks: readonly Lock[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const lock of counted(locks)) found.set(nameOf(lock), Math.max(found.get(nameOf(lock)) ?? 0, strength(lock)));
  return found;
}

/**
 * One line a difference, with the statement's beginning; nothing where all is as expected. What an
 * earlier statement of the transaction holds is not taken again, so that pg_locks shows nothing new.
 */
export function lockDifferences(proof: Proof, transactions: readonly Transaction[]): readonly string[] {
  const proven = new Map(proof.statements.map((each) => [each.statement, each]));
  return transactions.flatMap(({ statements }) => {
    const held = new Map<string, number>();
    return statements.flatMap((statement) => {
      const each = proven.get(statement);
      const lines = each === undefined ? [] : differences(each, held);
      for (const [name, mode] of strengths(each?.measured?.locks ?? [])) held.set(name, Math.max(held.get(name) ?? 0, mode));
      return lines;
    });
  });
}

function differences({ statement, measured }: ProvenStatement, held: ReadonlyMap<string, number>): readonly string[] {
  if (measured === undefined) return [];
  const [expected, seen] = [strengths(statement.locks), strengths(measured.locks)];
  const words = statement.sql.replaceAll(/\s+/g, ' ').slice(0, 60);
  const names = [...new Set([...expected.keys(), ...seen.keys()])];
  const isOther = (name: string): boolean => {
    const before = held.get(name) ?? 0;
    return Math.max(expected.get(name) ?? 0, before) !== Math.max(seen.get(name) ?? 0, before);
  };
  const mode = (of: ReadonlyMap<string, number>, name: string): string => lockModes[of.get(name) ?? -1] ?? 'nothing';
  return [
    ...names.filter(isOther).map((name) => `${words}: expected ${mode(expected, name)} on ${name}, seen ${mode(seen, name)}`),
    ...measured.rewrites.filter((id) => !statement.rewrites.includes(id)).map((id) => `${words}: rewrites ${id}`),
    ...statement.rewrites.filter((id) => !measured.rewrites.includes(id)).map((id) => `${words}: does not rewrite ${id}`),
  ];
}
