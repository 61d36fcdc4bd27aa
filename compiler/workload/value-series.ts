/**
 * Evenly spread values of a type between two ends, as PostgreSQL reads them: what a histogram's bounds
 * and lists of common values are made of. Types without a known order in numbers have none.
 */
import type { WorkloadValue } from '../model/workload.ts';

/** A type's values as numbers and back. */
export interface Scale {
  readonly toNumber: (value: WorkloadValue) => number;
  readonly toText: (value: number) => string;
  /** The distance between neighbours, where there is one: a day, 1. */
  readonly step?: number;
}

const day = 86_400_000;
const time = (value: WorkloadValue): number => Date.parse(withZone(String(value)));

/** PostgreSQL writes `2026-01-01 00:00:00+00`; a time without a zone is read as UTC. */
function withZone(text: string): string {
  const [day, clock] = text.trim().split(/[ T]/);
  if (clock === undefined) return day ?? '';
  const zoned = clock.replace(/([+-]\d{2})$/, '$1:00');
  return `${day}T${zoned}${/(Z|[+-]\d{2}:\d{2})$/.test(zoned) ? '' : 'Z'}`;
}
const instant = (value: number): string => new Date(value).toISOString().replace('T', ' ').replace('Z', '');

const times: Scale = { toNumber: time, toText: (value) => `${instant(value)}+00` };
const integers: Scale = { toNumber: Number, toText: (value) => BigInt(Math.round(value)).toString(), step: 1 };

/** 2^128 is beyond a number's digits; the upper 48 bits are what an even spread needs, and are the time of a UUIDv7. */
const uuids: Scale = {
  toNumber: (value) => Number.parseInt(String(value).replaceAll('-', '').slice(0, 12), 16),
  toText: (value) => {
    const hex = Math.floor(Math.max(0, value)).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  },
};

const scales: { readonly [type: string]: Scale } = {
  smallint: integers,
  integer: integers,
  bigint: integers,
  numeric: { toNumber: Number, toText: (value) => String(Number(value.toPrecision(12))) },
  real: { toNumber: Number, toText: (value) => String(Number(value.toPrecision(6))) },
  'double precision': { toNumber: Number, toText: (value) => String(Number(value.toPrecision(12))) },
  date: { toNumber: time, toText: (value) => instant(Math.floor(value / day) * day).slice(0, 10), step: day },
  'timestamp with time zone': times,
  'timestamp without time zone': { toNumber: time, toText: instant },
  uuid: uuids,
};

export function scaleOf(type: string): Scale | undefined {
  return Object.hasOwn(scales, type) ? scales[type] : undefined;
}

/** `count` values from the first to the last, both among them. */
export function spread(scale: Scale, [low, high]: readonly [number, number], count: number): readonly string[] {
  if (count <= 1) return [scale.toText(low)];
  return Array.from({ length: count }, (_, at) => scale.toText(low + ((high - low) * at) / (count - 1)));
}
