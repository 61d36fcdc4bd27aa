/**
 * The words of a partition rule, and what the editor refuses of one: an interval that does not divide
 * the calendar, a retention shorter than one partition. A broken rule shows as a missing property named
 * after it; what the editor cannot compute is refused when the schema is loaded.
 */
import type { PartedAgain, StorageInput } from './partitions.ts';

/** Texts are PostgreSQL intervals: `1 month`, `13 months`, `7 days`. */
interface RuleNotes<Within extends string> {
  /** Beside a rule there are none: rows in a default partition would keep each new partition from being made. */
  readonly children?: never;
  /** How each partition is partitioned again: `hash('user_id', { modulus: 4 })`, or `list(…)` whose children's names end the names of the parts. */
  readonly within?: PartedAgain<Within>;
  /** How many partitions are kept ready ahead of now; 3 where absent. */
  readonly premake?: number;
  /** How many are kept ready behind the present one, for rows that come late; 0 where absent. */
  readonly past?: number;
  /** What happens to a partition past retention; `keep` where absent: detached, then left alone. */
  readonly onRetire?: 'keep' | 'drop' | { readonly archive: string };
  /** How long a detached partition is kept before it is dropped: at once where absent, with `archive` never. */
  readonly grace?: string;
  /** How many partitions one run retires at most, so that a wrong clock does not empty the table; 10 where absent. */
  readonly retireAtMost?: number;
  /** Write a partition to a file, with its number of rows and a checksum, before it is dropped. */
  readonly exportBeforeDrop?: boolean;
  /** Storage parameters of each partition. */
  readonly template?: StorageInput;
  /** Where new partitions lie; in the tablespace of the table where absent. */
  readonly tablespace?: string;
  /** How often the table as a whole is analyzed, which autovacuum never does; also each time that partitions come or go. */
  readonly analyzeEvery?: string;
}

/** A bigint of milliseconds since an epoch, above bits of worker and sequence: 22 of them where absent. */
export interface Snowflake {
  /** The moment that ids count from, in ISO form: `2010-11-04T01:42:54.657Z`. */
  readonly epoch: string;
  readonly bits?: number;
}

/** Partitions by time: of a date or timestamp column, or of an id that holds its time. */
export interface TimeRule<
  Every extends string = string,
  Retain extends string = string,
  Within extends string = string,
> extends RuleNotes<Within> {
  /** Length of one partition; months divide a year, hours and minutes a day, so that each begins where people expect it. */
  readonly every: Every & IntervalRule<Every>;
  /** How long rows are kept; for good where absent. */
  readonly retain?: Retain & RetentionRule<NoInfer<Every>, Retain>;
  /** Time zone of the boundaries; UTC where absent. */
  readonly zone?: string;
  /** What the column holds where it is no time: a UUIDv7, or a snowflake. */
  readonly key?: 'uuidv7' | Snowflake;
}

/** Partitions by a number that grows. Now is the greatest one. */
export interface CountRule<Within extends string = string> extends RuleNotes<Within> {
  /** How many values one partition takes. */
  readonly every: number | bigint;
  /** How many values behind the greatest are kept; all where absent. */
  readonly retain?: number | bigint;
}

/** Partitions that another tool makes and retires: recognised and left alone. */
export interface ForeignRule {
  /** Its name: `pg_partman`. */
  readonly managedBy: string;
  readonly children?: never;
}

export type RangeRule = TimeRule | CountRule | ForeignRule;

/** A rule that does not hold: no value has this property, so the message is the property's name. */
type BrokenRule<Message extends string> = { readonly [Property in Message]: never };

type Months = 1 | 2 | 3 | 4 | 6 | 12 | 24 | 36 | 48 | 60 | 120;
type Hours = 1 | 2 | 3 | 4 | 6 | 8 | 12 | 24;
type Minutes = 1 | 2 | 3 | 4 | 5 | 6 | 8 | 9 | 10 | 12 | 15 | 16 | 18 | 20 | 24 | 30 | 32 | 36 | 40 | 45 | 48 | 60 | 90 | 120;

/** An amount and a unit in the singular; never for anything else. */
type Length<Text extends string> = Text extends `${infer Amount extends number} ${infer Unit}`
  ? { readonly amount: Amount; readonly unit: Unit extends `${infer One}s` ? One : Unit }
  : never;

type IntervalRule<Every extends string> = [Length<Every>] extends [{ readonly amount: infer Amount; readonly unit: infer Unit }]
  ? Unit extends 'month'
    ? Amount extends Months
      ? unknown
      : BrokenRule<`schemac: "${Every}" does not divide a year`>
    : Unit extends 'hour'
      ? Amount extends Hours
        ? unknown
        : BrokenRule<`schemac: "${Every}" does not divide a day`>
      : Unit extends 'minute'
        ? Amount extends Minutes
          ? unknown
          : BrokenRule<`schemac: "${Every}" does not divide a day`>
        : unknown
  : unknown;

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
/** Numbers that can be compared: TypeScript counts by the length of a tuple, a thousand at most. */
type IsSmall<Amount extends number> = `${Amount}` extends Digit | `${Digit}${Digit}` | `${Digit}${Digit}${Digit}` ? true : false;
type Tuple<Size extends number, Built extends readonly unknown[] = []> = Built['length'] extends Size
  ? Built
  : Tuple<Size, readonly [...Built, unknown]>;
type IsLess<Left extends number, Right extends number> = IsSmall<Left> | IsSmall<Right> extends true
  ? Tuple<Left> extends readonly [...Tuple<Right>, ...unknown[]]
    ? false
    : true
  : false;

/** Lengths in one unit are compared here, others when the schema is loaded. */
type RetentionRule<Every extends string, Retain extends string> = [Length<Every>, Length<Retain>] extends [
  { readonly amount: infer Short extends number; readonly unit: infer Unit },
  { readonly amount: infer Long extends number; readonly unit: infer Other },
]
  ? [Unit, Other] extends [Other, Unit]
    ? IsLess<Long, Short> extends true
      ? BrokenRule<`schemac: a retention of "${Retain}" is shorter than one partition of "${Every}"`>
      : unknown
    : unknown
  : unknown;
