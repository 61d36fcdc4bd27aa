/**
 * What may be said of a schema's use: rows of tables, values of columns, budgets of queries, settings of
 * the production server's planner. Types alone; what is left out follows from types, keys and references.
 */

/** A value in a declaration; times are texts, as SQL has them. */
export type WorkloadValue = string | number | boolean | null;

/** `expectedRows: 1_000_000`, or with growth and condition: `expectedRows: { now: 1_000_000, perYear: 400_000, allVisible: 0.9 }`. */
export type RowsInput =
  | number
  | {
      /** All partitions together. */
      readonly now: number;
      readonly perYear?: number;
      /** Pages for each page that freshly loaded rows would take; 1 where absent. */
      readonly bloat?: number;
      /** Share of pages that are all-visible, which index-only scans live on; 1 where absent. */
      readonly allVisible?: number;
    };

/** What the values of a column are like; what is absent follows from its type and its keys. */
export interface ValuesInput {
  /** How many different values there are. */
  readonly distinct?: number;
  /** Rows that share a value on average, where the column refers to another table. */
  readonly fanOut?: number;
  /** Share of NULLs. */
  readonly nulls?: number;
  /** Bytes of a value on average as it is stored, compressed where it is. */
  readonly width?: number;
  /** How far the order on disk follows the order of values, from -1 to 1. */
  readonly correlation?: number;
  /** The most common values with their shares of all rows. */
  readonly common?: { readonly [value: string]: number };
  /** The lowest and the highest value. */
  readonly between?: readonly [WorkloadValue, WorkloadValue];
  /** The column of a partition key that the values go along with: in each partition they span what its key spans. */
  readonly follows?: string;
}

/** A time as budgets have it: '10 ms', '1.5 s'. */
export type Duration = `${number} ms` | `${number} s`;

/** What a query may cost at the declared volumes. Costs are the planner's own units: a page read in sequence is 1. */
export interface BudgetInput {
  /** Rows returned or changed, as the planner estimates them. */
  readonly maxRows?: number;
  readonly maxCost?: number;
  /** Partitions of any one table that are read. */
  readonly maxPartitions?: number;
  /** No relation is read whole; a number: none of more rows than that. */
  readonly noSeqScan?: true | number;
  readonly noSort?: true;
  /** All that is read comes from indexes alone. */
  readonly indexOnly?: true;
  /** Time in which 99 of 100 calls answer on a loaded server: a cost is no time, so that `schemac bench` alone can tell. */
  readonly under?: Duration;
}

/** Settings of the planner (manual §19.7), and whatever else of a server's settings changes plans. */
export interface PlannerInput {
  readonly random_page_cost?: number;
  readonly seq_page_cost?: number;
  readonly effective_cache_size?: string;
  readonly work_mem?: string;
  readonly hash_mem_multiplier?: number;
  readonly max_parallel_workers_per_gather?: number;
  readonly jit?: boolean;
  readonly [setting: string]: string | number | boolean | undefined;
}
