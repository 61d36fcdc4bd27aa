/**
 * Values of a column as SQL over a row's number: a domain of so many values, and which of them a row
 * takes. The same number gives the same value on every server and in every run; no clock, no random().
 */
import { quoteText } from '../sql/quote.ts';
import type { PlannedColumn } from './catalog.ts';
import type { ColumnStatistics } from './column-model.ts';
import { scaleOf } from './value-series.ts';

/** So many values; `at` gives the one of an index that counts from 0, as SQL. */
export interface ValueDomain {
  readonly size: number;
  readonly at: (index: string) => string;
}

/** SQL for the seed of a column: 64 bits that depend on table, column and the seed of the run. */
export function saltOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\0')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/** The upper 53 bits of a number's hash, which scatter better than the lower ones; hashint8extended is the same on every platform and major (access/hash/hashfunc.c). */
const bits = (number: string, salt: number): string => `((hashint8extended(${number}, ${salt}) >> 11) & 9007199254740991)`;
/** A share between 0 and 1 that looks random. */
export const drawn = (number: string, salt: number): string => `(${bits(number, salt)} / 9007199254740992.0::float8)`;
/** An index below `size`, drawn. */
export const drawnIndex = (number: string, salt: number, size: number): string =>
  size <= 1 ? '0::bigint' : `(${bits(number, salt)} % ${Math.round(size)})`;

/** Of how many values so many rows must draw to meet so many different ones: of N they meet N (1 - e^(-rows / N)). */
export function valuesToDraw(distinct: number, rows: number): number {
  if (distinct * 10 <= rows) return distinct;
  let [low, high] = [distinct, Math.max(distinct, rows) * 50];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (middle * (1 - Math.exp(-rows / middle)) < distinct) low = middle;
    else high = middle;
  }
  return high;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** So many places of the pool are begun at. */
const places = 4096;

/** Text that looks random, so that no compression shortens what is cut out of it: the same each time. */
function poolText(bytes: number): string {
  let state = 0x2545f491;
  let text = '';
  for (let at = 0; at < bytes; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += letters.charAt((state >>> 8) & 63);
  }
  return text;
}

/** A piece of the pool; of bytes and not of characters, which would be counted from the beginning each time. */
const piece = (number: string, salt: number, bytes: number): string =>
  `convert_from(substr(${quoteText(poolText(places + bytes))}::bytea, 1 + (${bits(number, salt)} % ${places})::integer, ${bytes}), 'UTF8')`;

const cast = (sql: string, type: string): string => `(${sql})::${type}`;

/** Text of about so many bytes for each index, different for different ones. */
function textAt(width: number, size: number, salt: number): ValueDomain['at'] {
  const digits = Math.max(1, Math.ceil(Math.log(Math.max(2, size)) / Math.log(16)));
  const rest = Math.max(0, Math.round(width) - digits);
  return (index) => {
    const number = `lpad(to_hex(${index}), ${digits}, '0')`;
    if (rest === 0) return number;
    const more = rest <= 32 ? `substr(md5((${index})::text || '${salt}'), 1, ${rest})` : piece(index, salt, Math.min(rest, 1_000_000));
    return `${number} || ${more}`;
  };
}

export interface DomainRequest {
  readonly column: PlannedColumn;
  readonly statistics: ColumnStatistics;
  /** Bytes of a value as declared or assumed, before anything moves out of the row. */
  readonly width: number;
  readonly salt: number;
  /** Values that samples of queries name; they come first, so that queries find something. */
  readonly samples: readonly string[];
  /** Whether each row has its own value. */
  readonly isUnique: boolean;
}

/** Undefined where the type is none of which values can be made. */
export function domainOf(request: DomainRequest): ValueDomain | undefined {
  const { column, statistics } = request;
  const range = rangeOf(column, statistics);
  if (range !== undefined) return rangeDomain(column, statistics, range);
  const size = Math.max(1, Math.round(statistics.distinct));
  const at = madeAt(request, size);
  return at === undefined ? undefined : { size, at };
}

function rangeOf({ type }: PlannedColumn, { histogram }: ColumnStatistics): readonly [number, number] | undefined {
  const scale = scaleOf(type);
  const [low, high] = [histogram[0], histogram.at(-1)];
  if (scale === undefined || low === undefined || high === undefined || type === 'uuid') return undefined;
  return [scale.toNumber(low), scale.toNumber(high)];
}

function rangeDomain({ type }: PlannedColumn, { distinct }: ColumnStatistics, [low, high]: readonly [number, number]): ValueDomain {
  const step = scaleOf(type)?.step;
  const places = step === undefined ? Infinity : Math.floor((high - low) / step) + 1;
  const size = Math.max(1, Math.min(Math.round(distinct), places));
  const every = size <= 1 ? 0 : (high - low) / (size - 1);
  const number = (index: string): string => `(${low} + (${index}) * ${every}::float8)`;
  if (type === 'date') return { size, at: (index) => cast(`to_timestamp(${number(index)} / 1000.0) AT TIME ZONE 'UTC'`, 'date') };
  if (type === 'timestamp with time zone') return { size, at: (index) => `to_timestamp(${number(index)} / 1000.0)` };
  if (type === 'timestamp without time zone')
    return { size, at: (index) => `(to_timestamp(${number(index)} / 1000.0) AT TIME ZONE 'UTC')` };
  const isWhole = step === 1 && size === places;
  return {
    size,
    at: (index) =>
      isWhole ? cast(`${Math.round(low)} + (${index})`, type) : cast(`round((${number(index)})::numeric, ${step === 1 ? 0 : 6})`, type),
  };
}

function madeAt({ column, width, salt, samples, isUnique }: DomainRequest, size: number): ValueDomain['at'] | undefined {
  const { type, category } = column;
  const hex = (index: string, more: number): string => `lpad(to_hex(hashint8extended(${index}, ${salt + more})), 16, '0')`;
  const text = textAt(width, size, salt);
  if (type === 'uuid') return (index) => cast(`${hex(index, 0)} || ${hex(index, 1)}`, 'uuid');
  if (type === 'jsonb' || type === 'json') {
    const inner = textAt(Math.max(1, width - (type === 'jsonb' ? 17 : 8)), size, salt);
    return (index) => cast(`'{"v":"' || ${inner(index)} || '"}'`, type);
  }
  if (type === 'bytea') return (index) => `convert_to(${text(index)}, 'UTF8')`;
  if (type === 'inet' || type === 'cidr')
    return (index) => cast(`'10.' || ((${index}) >> 16) % 256 || '.' || ((${index}) >> 8) % 256 || '.' || (${index}) % 256`, type);
  if (type === 'interval') return (index) => `make_interval(secs => (${index})::float8)`;
  if (type.startsWith('time ')) return (index) => cast(`time '00:00' + make_interval(secs => ((${index}) % 86400)::float8)`, type);
  if (/^(text|character varying)\[\]$/.test(type))
    return (index) => cast(`ARRAY[${textAt(Math.max(1, width - 28), size, salt)(index)}]`, type);
  if (/^(smallint|integer|bigint|numeric)\[\]$/.test(type)) return (index) => cast(`ARRAY[(${index})]`, type);
  if (category === 'N') return (index) => cast(index, type);
  if (category === 'D') return (index) => cast(`to_timestamp((${index})::float8)`, type);
  if (category !== 'S' && type !== 'citext') return undefined;
  const first = isUnique ? [] : samples.filter((sample) => sample !== '');
  if (first.length === 0) return (index) => cast(text(index), type);
  const list = `(ARRAY[${first.map((sample) => quoteText(sample)).join(', ')}])`;
  return (index) => cast(`CASE WHEN (${index}) < ${first.length} THEN ${list}[(${index})::integer + 1] ELSE ${text(index)} END`, type);
}

/** The listed values by their shares, then what `rest` gives, among rows that have a value. `share` is SQL between 0 and 1. */
export function byShares({ type }: PlannedColumn, { common, nulls }: ColumnStatistics, share: string, rest: string | undefined): string {
  const present = Math.max(1e-9, 1 - nulls);
  const values = common.map(([value]) => quoteText(value));
  const first = common[0]?.[1] ?? 0;
  const isEven = common.length > 3 && rest === undefined && common.every(([, each]) => Math.abs(each - first) < 1e-9);
  if (isEven) return cast(`(ARRAY[${values.join(', ')}])[1 + floor(${share} * ${common.length})::integer]`, type);
  let sum = 0;
  const whens = common.map(([, each], at) => {
    sum += each / present;
    return `WHEN ${share} < ${sum} THEN ${cast(values[at] ?? 'NULL', type)}`;
  });
  const last = rest ?? cast(values.at(-1) ?? 'NULL', type);
  return whens.length === 0 ? last : `CASE ${whens.join(' ')} ELSE ${last} END`;
}

/** NULL in a share of the rows; the same rows for all columns of a table that are drawn from one `share`. */
export function orNull(value: string, { nulls }: ColumnStatistics, share: string): string {
  return nulls <= 0 ? value : `CASE WHEN ${share} < ${nulls} THEN NULL ELSE ${value} END`;
}
