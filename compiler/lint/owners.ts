/**
 * From an object to what it belongs to: a default's column, its table. Suppressions and places are
 * looked for along this chain.
 */
import type { Address } from '../model/address.ts';
import type { State } from '../model/object.ts';

/** The address and its owners, nearest first. */
export function ownersOf(id: Address, state: State): readonly Address[] {
  const chain: Address[] = [];
  for (let next: Address | undefined = id; next !== undefined && !chain.includes(next); next = state.get(next)?.partOf) chain.push(next);
  return chain;
}
