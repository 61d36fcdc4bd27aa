/** An exception that nobody can judge later. */
import type { LintRule } from '../rule.ts';

export const suppressionWithoutReason: LintRule = {
  code: 'suppression-without-reason',
  severity: 'warning',
  about: 'schema',
  title: 'A suppression gives no reason, so it does not count.',
  explanation: [
    'A suppression is a decision against a rule, and whoever comes later must be able to tell whether it still holds.',
    'Without a reason it does not silence anything. The PostgreSQL fact behind a rule does not go away; the reason says why it does not matter here.',
  ].join(' '),
  example: "suppress: { 'prefix-index': '6.5 MB instead of 47 by deduplication' }",
  check: ({ declared, codes }) =>
    [...declared.annotations].flatMap(([on, { suppress }]) =>
      Object.entries(suppress ?? {})
        .filter(([code, reason]) => codes.has(code) && reason.trim() === '')
        .map(([code]) => ({
          subject: on,
          message: `${on} suppresses '${code}' without a reason`,
          hint: `say why: suppress: { '${code}': '…' }`,
        })),
    ),
};
