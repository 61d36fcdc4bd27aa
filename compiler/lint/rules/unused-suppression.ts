/** An exception from a rule that finds nothing there any more. Runs last, since it asks what the others used. */
import type { LintRule } from '../rule.ts';

export const unusedSuppression: LintRule = {
  code: 'unused-suppression',
  severity: 'warning',
  about: 'schema',
  title: 'A suppression silences nothing.',
  explanation: [
    'The rule ran and found nothing at the object or its parts: what the suppression excused has gone. Left in place it would hide',
    'the next finding that nobody has judged. Rules that look at a migration (a rewrite, a default for old rows) find something only',
    'while the migration is being written, so their suppressions are never called unused, nor are those of rules that are switched off.',
  ].join(' '),
  example: "payload: jsonb({ doc: '…' })  // no longer json, so without suppress: { 'json-type': … }",
  check: ({ unusedSuppressions }) =>
    unusedSuppressions().map(({ on, code }) => ({
      subject: on,
      message: `${on} suppresses '${code}', which finds nothing there`,
      hint: 'take the suppression out',
    })),
};
