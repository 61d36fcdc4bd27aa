/** A stream of pseudo-random choices from one seed: the same seed gives the same schemas on any machine. */

export interface Random {
  /** A whole number from 0 to below the bound. */
  readonly below: (bound: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** Some of the items, at least `least` where there are that many, in their order. */
  readonly some: <Item>(items: readonly Item[], least: number) => readonly Item[];
}

/** Marsaglia's xorshift of 32 bits, on the seed spread by a multiplication. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 8; round += 1) next();
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('there is nothing to pick from');
      return item;
    },
    some: (items, least) => {
      const wanted = Math.min(items.length, least + below(Math.max(1, items.length - least + 1)));
      const left = [...items.keys()];
      while (left.length > wanted) left.splice(below(left.length), 1);
      return left.map((place) => items[place] as (typeof items)[number]);
    },
  };
}
