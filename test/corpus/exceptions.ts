/**
 * Directions of cases that do not end in the schema after: what PostgreSQL has no way for, refused
 * with a code; and known gaps of ours, which fail the suite the day they pass.
 */

/** The code of the refusal, by `case way`. */
export const refusals: { readonly [direction: string]: string } = {
  'column--generated-becomes-plain back': 'generated-column-changed',
};

/** Gaps by `case way`, with the majors that have them and the reason. */
export const knownGaps: { readonly [direction: string]: { readonly majors: readonly number[]; readonly reason: string } } = {};
