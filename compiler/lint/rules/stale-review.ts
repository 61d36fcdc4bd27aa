/** A review of something that has changed since. */
import { reviewFingerprint } from '../review-fingerprint.ts';
import type { LintRule } from '../rule.ts';

export const staleReview: LintRule = {
  code: 'stale-review',
  severity: 'warning',
  about: 'schema',
  title: 'What was reviewed has changed, or the review does not say what it saw.',
  explanation: [
    'A review holds the fingerprint of the objects that it concerns, parts and comments included, as PostgreSQL spells them.',
    'When the fingerprint differs, the approval is of something else than what is there now. Look at the change again, then write',
    'the new date and the fingerprint that the hint gives. A review without a fingerprint can never be known to be stale.',
  ].join(' '),
  example: "review({ reviewer: 'Backend team', on: '2026-03-31', verdict: 'approved', concerns: [() => digests], fingerprint: '3f2a…' })",
  check: ({ declared, state }) =>
    declared.reviews.flatMap((review) => {
      const now = reviewFingerprint(review.concerns, state);
      if (review.fingerprint === now) return [];
      const message =
        review.fingerprint === undefined
          ? `the review by ${review.reviewer} of ${review.on} does not say what it saw`
          : `what ${review.reviewer} reviewed on ${review.on} has changed since: ${review.concerns.join(', ')}`;
      const hint =
        review.fingerprint === undefined ? `write fingerprint: '${now}'` : `review it again, then write the date and fingerprint: '${now}'`;
      return [{ message, hint, ...(review.fingerprint === undefined ? { severity: 'notice' as const } : {}) }];
    }),
};
