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

/** `10 ms` or `1.5 s` in milliseconds; undefined where the text is neither. */
export function millisecondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) (ms|s)$/.exec(text);
  const value = Number(match?.[1]) * (match?.[2] === 's' ? 1000 : 1);
  return value > 0 ? value : undefined;
}

/** Milliseconds with as many digits as mean something. */
export function millisecondsText(value: number): string {
  return `${value < 1 ? value.toFixed(3) : value < 100 ? value.toFixed(2) : countText(value)} ms`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes as people read them, in steps of 1,024 as PostgreSQL has them. */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = bytes / 1024 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : countText(value)} ${units[step] ?? 'B'}`;
}
