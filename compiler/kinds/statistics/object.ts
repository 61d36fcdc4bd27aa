/** Extended statistics of a table or materialized view, as an object: `statistics public.digests_kind_period`. */
import type { Address } from '../../model/address.ts';
import type { SchemaObject } from '../../model/object.ts';

export type StatisticsKind = 'dependencies' | 'mcv' | 'ndistinct';

export interface StatisticsAttributes {
  /** The table or materialized view. */
  readonly on: Address;
  /** Sorted; empty for statistics of one expression, which have no kind of their own. */
  readonly kinds: readonly StatisticsKind[];
  /** Sorted: PostgreSQL keeps no order of them. */
  readonly columns: readonly string[];
  /** As pg_get_statisticsobjdef_expressions prints them, in their order. */
  readonly expressions: readonly string[];
  /** Set by ALTER STATISTICS … SET STATISTICS; absent where the columns' own targets count. */
  readonly target?: number;
}
export type Statistics = SchemaObject<'statistics', StatisticsAttributes>;
