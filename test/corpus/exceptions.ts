/**
 * Directions of cases that do not end in the schema after: what PostgreSQL has no way for, refused
 * with a code; and known gaps of ours, which fail the suite the day they pass.
 */

/** The code of the refusal, by `case way`. */
export const refusals: { readonly [direction: string]: string } = {
  'column--generated-becomes-plain back': 'generated-column-changed',
  'column--names-swapped there': 'rename-circle',
  'column--names-swapped back': 'rename-circle',
  'table--names-swapped there': 'rename-circle',
  'table--names-swapped back': 'rename-circle',
  'composite--attribute-type-in-use there': 'attribute-type-changed',
  'composite--attribute-type-in-use back': 'attribute-type-changed',
  'composite--order-in-use there': 'type-in-use',
  'composite--order-in-use back': 'type-in-use',
  // A row has the label that goes.
  'enum--value-in-rows-removed there': 'migration-refused',
  // A domain that an array column uses takes no new check (0A000).
  'domain--array-column there': 'migration-refused',
  'domain--type there': 'domain-type-changed',
  'domain--type back': 'domain-type-changed',
  'partition--becomes-sub-partitioned there': 'partition-key-changed',
  'partition--becomes-sub-partitioned back': 'partition-key-changed',
  'range--subtype-in-use there': 'type-in-use',
  'range--subtype-in-use back': 'type-in-use',
  // A row with the key says otherwise.
  'reference-row--conflict there': 'migration-refused',
  // Rows between the bounds would have no partition.
  'partition--range-bound back': 'migration-refused',
};

/** Gaps by `case way`, with the majors that have them and the reason. */
export const knownGaps: { readonly [direction: string]: { readonly majors: readonly number[]; readonly reason: string } } = {};
