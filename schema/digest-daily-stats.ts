/**
 * What is known for good after the raw rows are gone: counts per period and kind. Only counts, so that
 * nothing in it is personal.
 */
import { date, integer, sql, table, text, timestamptz } from 'schemac';
import { analyticsGroup } from './project.ts';

export const digestDailyStats = table('digest_daily_stats', {
  doc: 'Deliveries and reactions counted per first day of period and kind. A day is counted again, from raw rows, for 30 days after it began, and then stands for good.',
  owner: 'digest team',
  group: analyticsGroup,
  expectedRows: 7_300,
  columns: {
    period_start: date({
      doc: 'First day that the counted digests cover. Not the day of the event: an open counts for the mail that was opened, so that no rate exceeds 100 %.',
      values: { between: ['2016-01-01', '2026-01-14'], correlation: 1 },
    }),
    kind: text({ doc: 'daily or weekly.', values: { common: { daily: 0.5, weekly: 0.5 }, width: 5 } }),
    attempts: integer({ doc: 'Attempts to deliver, failed ones and repetitions included.', default: 0 }),
    failed: integer({ doc: 'Attempts that the e-mail service never took.', default: 0 }),
    sent: integer({ doc: 'Mails that the e-mail service took; what bounce and complaint rates are shares of.', default: 0 }),
    delivered: integer({
      doc: 'Mails that reached a mailbox, complained-about ones included; what open and click rates are shares of.',
      default: 0,
    }),
    bounced: integer({ doc: 'Mails that came back.', default: 0 }),
    complained: integer({ doc: 'Mails that were marked as spam.', default: 0 }),
    opened: integer({ doc: 'Digests opened at least once by a person.', default: 0 }),
    clicked: integer({ doc: 'Digests with at least one link followed by a person.', default: 0 }),
    unsubscribed: integer({ doc: 'Digests that made somebody unsubscribe.', default: 0 }),
    opens: integer({ doc: 'Openings by persons, repeated ones included.', default: 0 }),
    clicks: integer({ doc: 'Links followed by persons, repeated ones included.', default: 0 }),
    counted_at: timestamptz({ doc: 'When the row was counted last; tells a day that is final from one that is not.', default: sql`now()` }),
  },
  primaryKey: { columns: ['period_start', 'kind'], doc: 'Serves rates_per_day as a range, and lets roll_up_day replace a count.' },
  checks: {
    digest_daily_stats_kind: { expression: sql`kind IN ('daily', 'weekly')`, doc: 'The same list as on digests.' },
    digest_daily_stats_counts: {
      expression: sql`least(attempts, failed, sent, delivered, bounced, complained, opened, clicked, unsubscribed, opens, clicks) >= 0`,
      doc: 'Counts are not negative.',
    },
  },
  // Counters change often and are in no index: room on the page keeps each update in place (HOT).
  storageParameters: { fillfactor: 70 },
});
