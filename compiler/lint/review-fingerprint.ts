/** Stands for what a review has looked at, so that a later change of it shows. */
import { createHash } from 'node:crypto';
import { matchesAddress } from '../model/address.ts';
import { compareText, withOwners, type State } from '../model/object.ts';

/** Of the objects and all their parts, as PostgreSQL spells them now: 12 hexadecimal digits. A concern may be a pattern. */
export function reviewFingerprint(concerns: readonly string[], state: State): string {
  const isConcern = (id: string): boolean => concerns.some((concern) => matchesAddress(concern, id));
  const seen = [...state.values()].filter(({ id }) => withOwners(id, state).some(isConcern));
  const text = seen.map((object) => JSON.stringify([object.id, object.attributes])).sort(compareText);
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 12);
}
