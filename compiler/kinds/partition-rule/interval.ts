/**
 * Intervals in words, as people write them: PostgreSQL prints `1 year 1 mon` for 13 months, and
 * prints it otherwise in each IntervalStyle. The parts are asked of PostgreSQL; nothing is parsed here.
 */

/** The months, days and seconds of an interval column, as `[13, 0, 0]`; null where it is null. */
export function intervalParts(column: string): string {
  return `CASE WHEN ${column} IS NOT NULL THEN json_build_array(
    (extract(year FROM ${column}) * 12 + extract(month FROM ${column}))::int, extract(day FROM ${column})::int,
    (extract(hour FROM ${column}) * 3600 + extract(minute FROM ${column}) * 60 + extract(second FROM ${column}))::float8) END`;
}

function amount(count: number, unit: string): readonly string[] {
  return count === 0 ? [] : [`${String(count)} ${unit}${count === 1 ? '' : 's'}`];
}

/** `13 months`, `1 day 12 hours`; a value that PostgreSQL reads back as the same interval. */
export function intervalWords(parts: readonly number[]): string {
  const [months = 0, days = 0, seconds = 0] = parts;
  const [unit, size] = seconds % 3600 === 0 ? ['hour', 3600] : seconds % 60 === 0 ? ['minute', 60] : ['second', 1];
  const words = [...amount(months, 'month'), ...amount(days, 'day'), ...amount(seconds / Number(size), String(unit))];
  return words.length === 0 ? '0 days' : words.join(' ');
}

/** Roughly how many days an interval in words is, to tell a longer one from a shorter one; undefined where it is spelled otherwise. */
export function roughDays(words: string): number | undefined {
  const sizes: { readonly [unit: string]: number } = {
    second: 1 / 86_400,
    minute: 1 / 1440,
    hour: 1 / 24,
    day: 1,
    week: 7,
    mon: 30.44,
    month: 30.44,
    year: 365.25,
  };
  const pieces = [...words.matchAll(/([0-9]+(?:\.[0-9]+)?) ([a-z]+?)s?(?: |$)/g)];
  if (pieces.map((piece) => piece[0]).join('') !== words) return undefined;
  const days = pieces.map((piece) => Number(piece[1]) * (sizes[piece[2] ?? ''] ?? Number.NaN)).reduce((sum, each) => sum + each, 0);
  return Number.isNaN(days) ? undefined : days;
}

/** Whether partitions of so many months begin with a year, or every so many years. */
export function dividesYear(months: number): boolean {
  return Number.isInteger(months) && months > 0 && (12 % months === 0 || months % 12 === 0);
}

/** Whether partitions of so many minutes begin with a day. */
export function dividesDay(minutes: number): boolean {
  return Number.isInteger(minutes) && minutes > 0 && 1440 % minutes === 0;
}
