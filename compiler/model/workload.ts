/**
 * What is declared of a schema's use: how many rows, which values, which queries within which budgets;
 * and what planning found out about a query. Plain data between the schema, the gate and the documents.
 */
import type { Address } from './address.ts';

/** Rows of a table in production, and in which condition they are. */
export interface Volume {
  /** All partitions together. */
  readonly rows: number;
  readonly perYear?: number;
  /** Pages for each page that freshly loaded rows would take; 1 where absent. */
  readonly bloat?: number;
  /** Share of pages that are all-visible, which index-only scans live on; 1 where absent. */
  readonly allVisible?: number;
}

/** A value in a declaration; what SQL prints of it. */
export type WorkloadValue = string | number | boolean | null;

/** What the values of a column are like; what is absent follows from its type and its keys. */
export interface ColumnValues {
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
export interface QueryBudget {
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

/** The use of a query that is declared beside its text. */
export interface QueryUse {
  /** SQL types of parameters, where PostgreSQL cannot tell or takes another. */
  readonly types: { readonly [parameter: string]: string };
  /** A typical value of each parameter; the clock of the plan gate stands at 2026-01-15 00:00 UTC. */
  readonly samples: { readonly [parameter: string]: WorkloadValue | readonly WorkloadValue[] };
  readonly callsPerSecond?: number;
  readonly budget: QueryBudget;
}

/** A parameter or a result column with its SQL type and what node-postgres makes of it. */
export interface TypedName {
  readonly name: string;
  readonly type: string;
  /** As TypeScript. */
  readonly typescript: string;
  readonly nullable: boolean;
}

/** Settings by name, as postgresql.conf has them: `random_page_cost: 1.1`, `work_mem: '16MB'`. */
export interface PlannerSettings {
  readonly [setting: string]: string | number | boolean;
}

/** One query as it was planned at the declared volumes. */
export interface QueryPlan {
  readonly query: string;
  /** The statement as PREPARE takes it, parameters numbered in the order of `parameters`. */
  readonly text: string;
  readonly parameters: readonly TypedName[];
  readonly result: readonly TypedName[];
  /** The plan in lines, partitions of one table that are read alike in one. */
  readonly plan: readonly string[];
  readonly cost: number;
  readonly rows: number;
  /** The largest number of partitions of one table that is read. */
  readonly partitions: number;
  /** Tables of which every partition is read, those made ahead too; absent where there is none. */
  readonly unpruned?: readonly Address[];
  /** Cost of the plan that is made for any parameters, and at ten times the rows. */
  readonly genericCost: number;
  /** After churn: more pages, fewer of them all-visible; absent where it was not planned. */
  readonly churnedCost?: number;
  readonly grownCost: number;
  /** Keys and indexes that the plans read or that settle conflicts, in order. */
  readonly indexes: readonly Address[];
  /** Those of the indexes that it can do without, with what is read in their place; absent where there are none. */
  readonly spare?: readonly { readonly index: Address; readonly by: readonly Address[] }[];
  /** Tables that are read or written. */
  readonly tables: readonly Address[];
  /** Those of them of which something is read whole. */
  readonly readWhole: readonly Address[];
  readonly budget: QueryBudget;
  readonly callsPerSecond?: number;
}

/** What PostgreSQL asks of a referencing table when a referenced row goes, as it is planned. */
export interface ReferenceCheck {
  readonly foreignKey: Address;
  readonly plan: QueryPlan;
}

/** A plan as it was when generated/ was last written. */
export interface PlanBefore {
  readonly cost: number;
  /** The plan in lines. */
  readonly plan: readonly string[];
}

/** Room that a table takes with all rows that are kept, in bytes. */
export interface TableCapacity {
  readonly table: Address;
  readonly rows: number;
  /** Of a row in its page, with alignment and line pointer, without what lies outside. */
  readonly rowBytes: number;
  /** Partitions that hold rows; 0 where there are none. */
  readonly partitions: number;
  readonly heap: number;
  /** What is too long for its row, with the index over it. */
  readonly toast: number;
  readonly indexes: readonly { readonly index: Address; readonly bytes: number }[];
  readonly total: number;
  /** What a year of new rows takes; absent where nobody said how many come. */
  readonly perYear?: number;
}

/** One query as it ran on a server with data; times in milliseconds. */
export interface QueryMeasurement {
  readonly query: string;
  readonly runs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Pages that one run reads. */
  readonly buffers: number;
  readonly plan: readonly string[];
  readonly cost: number;
  /** Whether the gate had said which relations are read, and by which indexes. */
  readonly isAsPredicted: boolean;
  /** Average of pgbench for the same statement, where there is one. */
  readonly pgbench?: number;
}

/** A run of the bench, as schema/measurements/ keeps it. */
export interface Measurements {
  /** ISO date. */
  readonly date: string;
  readonly server: string;
  readonly hardware: string;
  readonly clients: number;
  /** Rows by table, by address. */
  readonly rows: { readonly [table: Address]: number };
  /** Seconds that filling took. */
  readonly filled: { readonly rows: number; readonly indexes: number; readonly vacuum: number };
  readonly queries: readonly QueryMeasurement[];
}
