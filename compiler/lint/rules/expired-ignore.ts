/** An exception whose time is over. */
import type { LintRule } from '../rule.ts';

export const expiredIgnore: LintRule = {
  code: 'expired-ignore',
  severity: 'warning',
  about: 'schema',
  title: 'An entry of the ignore list is past its date.',
  explanation: [
    "Entries of the project's ignore list may say until when they hold. After that day the entry still works, so that no build breaks",
    'because a day has passed, and no output depends on the date; this warning asks to settle the matter or to give a new date.',
    'Set it to "error" in the project\'s lint if passing the date is to fail the build.',
  ].join(' '),
  example: "ignore: [{ address: 'table public.legacy_*', reason: 'moves to billing', until: '2026-12-31' }]",
  check: ({ declared, today }) =>
    declared.project.ignore
      .filter(({ until }) => until !== undefined && until < today)
      .map(({ address, reason, until }) => ({
        message: `ignoring ${address} ended on ${until ?? ''} (${reason})`,
        hint: 'settle it and take the entry out, or give it a new date',
      })),
};
