/**
 * The options of a sequence with PostgreSQL's defaults written out: what CREATE SEQUENCE and GENERATED
 * AS IDENTITY fill in by the type and the direction (manual, CREATE SEQUENCE).
 */
import type { SequenceOptions } from './attribute-types.ts';

export interface SequenceInput {
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
}

const largest: { readonly [type: string]: bigint } = {
  smallint: 2n ** 15n - 1n,
  int2: 2n ** 15n - 1n,
  integer: 2n ** 31n - 1n,
  int: 2n ** 31n - 1n,
  int4: 2n ** 31n - 1n,
};

/** The options of a sequence of this integer type; any other type counts as bigint. */
export function sequenceOptions(type: string, input: SequenceInput): SequenceOptions {
  const top = largest[type] ?? 2n ** 63n - 1n;
  const increment = BigInt(input.increment ?? 1);
  const descending = increment < 0n;
  const minimum = input.minimum ?? (descending ? -top - 1n : 1n);
  const maximum = input.maximum ?? (descending ? -1n : top);
  return {
    start: String(input.start ?? (descending ? maximum : minimum)),
    increment: String(increment),
    minimum: String(minimum),
    maximum: String(maximum),
    cache: String(input.cache ?? 1),
    cycle: input.cycle ?? false,
  };
}
