/**
 * What objects on a column need to be made on the one that stands in for it: its name in lists, its
 * address among what they depend on, a name for themselves. No kind is named here.
 */
import { address, parseAddress, type Address } from '../model/address.ts';
import { constraintName } from '../sql/names.ts';
import { quoteName } from '../sql/quote.ts';
import type { StandIns } from './contract.ts';

/** Names of columns of a table, those that are made anew by the names that they have meanwhile. */
export function onStandIns(columns: readonly string[], table: Address, standIns: StandIns): readonly string[] {
  const path = parseAddress(table)?.path ?? [];
  return columns.map((name) => standIns.get(address('column', ...path, name)) ?? name);
}

/** The address of what stands in for a column; of any other object its own. */
export function standInOf(id: Address, standIns: StandIns): Address {
  const name = standIns.get(id);
  return name === undefined ? id : address('column', ...(parseAddress(id)?.path.slice(0, 2) ?? []), name);
}

/** What an object depends on, on stand-ins. */
export function needsOfStandIn(dependsOn: readonly Address[], standIns: StandIns): readonly Address[] {
  return dependsOn.map((id) => standInOf(id, standIns));
}

/** What an object is called until it takes the place of the one of that name. */
export function nameUntilThen(name: string): string {
  return constraintName(name, [], 'new');
}

/** Whether a text of PostgreSQL's may name a column; a word too many means that there is no stand-in. */
export function mayName(text: string, column: string): boolean {
  return text.includes(column) || text.includes(quoteName(column));
}
