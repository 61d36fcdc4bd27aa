/**
 * What the head of a migration says of its proof: on which engine, with rows in which tables, and for which none
 * could be made. Words alone; it proves nothing.
 */
import type { Engine } from '../engine/engine.ts';
import type { Proof } from '../prove/prove.ts';

/** Tables that a header names; a chain of references may lead to hundreds. */
const mostNamed = 8;

export function provenWords(engine: Engine, proof: Pick<Proof, 'seeded' | 'unseeded'>): string {
  const named =
    proof.seeded.length <= mostNamed + 1
      ? proof.seeded
      : [...proof.seeded.slice(0, mostNamed), `${proof.seeded.length - mostNamed} tables more`];
  const tables = named.length === 0 ? '' : `, with rows in ${named.join(', ')}`;
  const empty = proof.unseeded.map(({ table }) => `; no rows could be made for ${table}`).join('');
  return `${engine.identity.name}${tables}${empty}`;
}
