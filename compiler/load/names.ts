/**
 * Names that nobody wrote: PostgreSQL's own convention (`digests_user_id_fkey`), cut to what a name
 * may hold with a hash tail, and numbered where two would be the same. PostgreSQL cuts without a hash,
 * so that two long names become one; hence names are always written out.
 */
import { createHash } from 'node:crypto';

/** NAMEDATALEN - 1: bytes, not characters. */
export const nameLimit = 63;

/** Length of a name as PostgreSQL counts it. */
export function nameBytes(name: string): number {
  return Buffer.byteLength(name, 'utf8');
}

/** `relation_columns_label`, at most 63 bytes long. */
export function conventionalName(relation: string, parts: readonly string[], label: string): string {
  const full = [relation, ...parts, label].join('_');
  if (nameBytes(full) <= nameLimit) return full;
  const tail = `_${hashTail(full)}_${label}`;
  return cutToBytes([relation, ...parts].join('_'), nameLimit - nameBytes(tail)) + tail;
}

/** A name that PostgreSQL would cut, cut with a hash so that it stays its own. */
export function shortened(name: string): string {
  const tail = `_${hashTail(name)}`;
  return nameBytes(name) <= nameLimit ? name : cutToBytes(name, nameLimit - tail.length) + tail;
}

function hashTail(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The longest beginning of whole characters that fits. */
function cutToBytes(text: string, bytes: number): string {
  let result = '';
  let size = 0;
  for (const character of text) {
    size += nameBytes(character);
    if (size > bytes) break;
    result += character;
  }
  return result;
}

/** Hands out names of one namespace; a taken one gets the first free number, as PostgreSQL does it. */
export interface NameGiver {
  take(name: string): void;
  give(relation: string, parts: readonly string[], label: string): string;
}

export function nameGiver(taken: Set<string>): NameGiver {
  return {
    take: (name) => void taken.add(name),
    give(relation, parts, label) {
      let name = conventionalName(relation, parts, label);
      for (let number = 1; taken.has(name); number += 1) name = conventionalName(relation, parts, `${label}${number}`);
      taken.add(name);
      return name;
    },
  };
}
