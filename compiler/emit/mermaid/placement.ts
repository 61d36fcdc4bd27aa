/**
 * How broad ranked boxes lie when each is drawn towards those it is linked to, as dagre does: a wide
 * rank is not all, since one rank may reach left and the next one right. Numbers only.
 */

interface Item {
  readonly size: number;
  /** The centre, changed from pass to pass. */
  centre: number;
  readonly before: Item[];
  readonly after: Item[];
}

export interface Span {
  readonly rank: number;
  readonly size: number;
}

export interface RankLink {
  readonly from: number;
  readonly to: number;
  /** Breadth of the link's label, which lies in a rank that it passes. */
  readonly size: number;
}

function itemOf(size: number): Item {
  return { size, centre: 0, before: [], after: [] };
}

function connect(upper: Item, lower: Item): void {
  upper.after.push(lower);
  lower.before.push(upper);
}

/** Boxes by rank, with an item of its own wherever a link passes a rank. */
function ranked(boxes: readonly Span[], links: readonly RankLink[]): readonly (readonly Item[])[] {
  const ranks: Item[][] = Array.from({ length: boxes.reduce((most, box) => Math.max(most, box.rank + 1), 0) }, () => []);
  const items = boxes.map(({ rank, size }) => {
    const item = itemOf(size);
    ranks[rank]?.push(item);
    return item;
  });
  for (const { from, to, size } of links) {
    const [first, second] = (boxes[from]?.rank ?? 0) <= (boxes[to]?.rank ?? 0) ? [from, to] : [to, from];
    const bottom = items[second];
    let above = items[first];
    if (above === undefined || bottom === undefined || boxes[first]?.rank === boxes[second]?.rank) continue;
    for (let rank = (boxes[first]?.rank ?? 0) + 1; rank < (boxes[second]?.rank ?? 0); rank += 1) {
      const passing = itemOf(size);
      ranks[rank]?.push(passing);
      connect(above, passing);
      above = passing;
    }
    connect(above, bottom);
  }
  return ranks;
}

function mean(items: readonly Item[]): number | undefined {
  return items.length === 0 ? undefined : items.reduce((total, item) => total + item.centre, 0) / items.length;
}

/** Puts the items of a rank as near to their neighbours as the gap allows, in the order of where those are. */
function settle(rank: readonly Item[], side: 'before' | 'after', gap: number): void {
  const wanted = rank.map((item, position) => ({ item, position, at: mean(item[side]) ?? item.centre }));
  wanted.sort((left, right) => left.at - right.at || left.position - right.position);
  let edge = Number.NEGATIVE_INFINITY;
  let drift = 0;
  for (const { item, at } of wanted) {
    item.centre = Math.max(at, edge + item.size / 2);
    drift += item.centre - at;
    edge = item.centre + item.size / 2 + gap;
  }
  for (const { item } of wanted) item.centre -= drift / wanted.length;
}

/** The breadth of the whole, with `gap` between neighbours of a rank. */
export function breadthOf(boxes: readonly Span[], links: readonly RankLink[], gap: number): number {
  const ranks = ranked(boxes, links);
  for (const rank of ranks) settle(rank, 'before', gap);
  for (const rank of [...ranks].reverse()) settle(rank, 'after', gap);
  for (const rank of ranks) settle(rank, 'before', gap);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const item of ranks.flat()) {
    least = Math.min(least, item.centre - item.size / 2);
    most = Math.max(most, item.centre + item.size / 2);
  }
  return most < least ? 0 : most - least;
}
