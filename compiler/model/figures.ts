/** Numbers as people read them, the same in messages, documents and on the command line. */

/** A whole number with its thousands apart. */
export function countText(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function counted(value: number, noun: string): string {
  return `${countText(value)} ${noun}${Math.round(value) === 1 ? '' : 's'}`;
}

/** A planner's cost: two decimals say all that small ones have to say, none that large ones have. */
export function costText(cost: number): string {
  return cost < 100 ? String(Number(cost.toFixed(2))) : countText(cost);
}
