/**
 * The conditions in which each query is planned: as declared, after churn, and grown. A plan that holds
 * only in a freshly loaded database is none.
 */

export interface Profile {
  readonly name: 'as declared' | 'after churn' | 'ten times the rows';
  /** Factors on what is declared. */
  readonly rows: number;
  readonly bloat: number;
  readonly indexBloat: number;
  readonly allVisible: number;
}

export const asDeclared: Profile = { name: 'as declared', rows: 1, bloat: 1, indexBloat: 1, allVisible: 1 };

/**
 * Twice the pages in heap and indexes, which is where autovacuum with its default of 20 % dead rows
 * ends up between runs on a table that is updated all day, and half of the pages not all-visible.
 */
export const afterChurn: Profile = { name: 'after churn', rows: 1, bloat: 2, indexBloat: 2, allVisible: 0.5 };

export const grown: Profile = { name: 'ten times the rows', rows: 10, bloat: 1, indexBloat: 1, allVisible: 1 };
