/**
 * The queries that the schema must serve, as the application sends them. Parameters are written
 * `:name`; instants and periods are passed in, so that PostgreSQL can leave partitions out when planning.
 */
import { query, sql } from 'schemac';
import { digestDailyStats } from './digest-daily-stats.ts';
import { digestInteractions } from './digest-interactions.ts';
import { digestPayloads } from './digest-payloads.ts';
import { digestSends } from './digest-sends.ts';
import { digests } from './digests.ts';
import { emailLogs } from './email-logs.ts';
import { userDigestPreferences } from './user-digest-preferences.ts';

export const preferencesOfUser = query('preferences_of_user', {
  purpose:
    "A user's preferences, for the settings page and before each send. Must answer in under 10 ms with 1M users; one descent of the primary key.",
  samples: { user_id: 424_242 },
  callsPerSecond: 100,
  budget: { maxRows: 1, maxCost: 10, noSeqScan: true, under: '10 ms' },
  sql: sql`
SELECT enabled, frequency, time_zone, send_hour, send_weekday, updated_at
FROM ${userDigestPreferences}
WHERE user_id = :user_id`,
});

export const savePreferences = query('save_preferences', {
  purpose: 'The settings page saves what the user chose, the first time or again.',
  samples: { user_id: 424_242, enabled: true, frequency: 'daily', time_zone: 'Europe/Paris', send_hour: 8, send_weekday: 1 },
  callsPerSecond: 5,
  budget: { maxRows: 1, maxCost: 10 },
  sql: sql`
INSERT INTO ${userDigestPreferences} (user_id, enabled, frequency, time_zone, send_hour, send_weekday)
VALUES (:user_id, :enabled, :frequency, :time_zone, :send_hour, :send_weekday)
ON CONFLICT (user_id) DO UPDATE
SET enabled = excluded.enabled, frequency = excluded.frequency, time_zone = excluded.time_zone,
    send_hour = excluded.send_hour, send_weekday = excluded.send_weekday, updated_at = now()`,
});

export const unsubscribe = query('unsubscribe', {
  purpose: 'One-click unsubscribe (RFC 8058). Repeating it changes nothing.',
  samples: { user_id: 424_242 },
  callsPerSecond: 2,
  budget: { maxRows: 1, maxCost: 10, noSeqScan: true },
  sql: sql`
UPDATE ${userDigestPreferences}
SET enabled = false, updated_at = now()
WHERE user_id = :user_id AND enabled`,
});

export const timeZonesInUse = query('time_zones_in_use', {
  purpose:
    'The time zones that the scheduler has to look at, at each tick; it works out the local hours itself and reports zones that it does not know. Jumps from zone to zone in the due index: as many probes as there are zones, not a million rows.',
  callsPerSecond: 1,
  budget: { maxCost: 150, noSeqScan: true },
  sql: sql`
WITH RECURSIVE zone AS (
  (SELECT time_zone FROM ${userDigestPreferences} WHERE enabled ORDER BY time_zone LIMIT 1)
  UNION ALL
  SELECT (SELECT later.time_zone FROM ${userDigestPreferences} AS later
          WHERE later.enabled AND later.time_zone > zone.time_zone ORDER BY later.time_zone LIMIT 1)
  FROM zone
  WHERE zone.time_zone IS NOT NULL
)
SELECT time_zone FROM zone WHERE time_zone IS NOT NULL`,
});

export const usersDue = query('users_due', {
  purpose:
    'The next batch of users due in one bucket: a time zone and one of its local hours. The scheduler asks for each hour between its last tick and now, so that an hour skipped by daylight saving or an outage is made up for; claiming sorts out repetitions.',
  samples: { time_zone: 'Europe/Paris', send_hour: 8, after_user_id: 4_242, send_weekday: 1, batch_size: 1_000 },
  callsPerSecond: 10,
  budget: { maxRows: 1_000, maxCost: 300, noSeqScan: true, noSort: true, indexOnly: true },
  sql: sql`
SELECT user_id, frequency
FROM ${userDigestPreferences}
WHERE enabled
  AND time_zone = :time_zone
  AND send_hour = :send_hour
  AND user_id > :after_user_id
  AND (frequency = 'daily' OR send_weekday = :send_weekday)
ORDER BY user_id
LIMIT :batch_size`,
});

export const latestDigestsOfUser = query('latest_digests_of_user', {
  purpose:
    "A user's latest digests, a page at a time, newest first: for the list in the account and for support. Partitions are read from the newest back and left as soon as the page is full.",
  samples: { user_id: 424_242, before: '2026-01-14 08:00:00+00', page_size: 20 },
  callsPerSecond: 20,
  budget: { maxRows: 20, maxCost: 150, maxPartitions: 14, noSeqScan: true, noSort: true },
  sql: sql`
SELECT id, created_at, kind, period_start, period_end, subject
FROM ${digests}
WHERE user_id = :user_id AND created_at < :before
ORDER BY created_at DESC
LIMIT :page_size`,
});

export const digestOfMailLink = query('digest_of_mail_link', {
  purpose:
    'The digest behind a link in a mail, with the mail while it is kept. The link carries the id alone; the application takes created_at out of it, so that one partition of each table is read.',
  samples: { digest_id: '019bb700-0000-7000-8000-000000000000', created_at: '2026-01-13 08:00:00+00' },
  callsPerSecond: 20,
  budget: { maxRows: 1, maxCost: 25, maxPartitions: 1, noSeqScan: true },
  sql: sql`
SELECT digest.id, digest.user_id, digest.kind, digest.period_start, digest.subject, digest.locale,
       digest.template_version, digest.content, payload.html, payload.plain_text
FROM ${digests} AS digest
LEFT JOIN ${digestPayloads} AS payload ON payload.digest_id = digest.id AND payload.created_at = digest.created_at
WHERE digest.id = :digest_id AND digest.created_at = :created_at`,
});

export const claimSend = query('claim_send', {
  purpose:
    'Idempotent send: claims the first attempt for a user, kind and period. No row back means that somebody else has it, and nothing is to be sent.',
  samples: { user_id: 424_242, kind: 'daily', period_start: '2026-01-13', digest_id: '019bb700-0000-7000-8000-000000000000' },
  callsPerSecond: 50,
  budget: { maxRows: 1, maxCost: 10 },
  sql: sql`
INSERT INTO ${digestSends} (user_id, kind, period_start, attempt, digest_id)
VALUES (:user_id, :kind, :period_start, 1, :digest_id)
ON CONFLICT DO NOTHING
RETURNING attempt, created_at`,
});

export const retrySend = query('retry_send', {
  purpose: 'Claims the next attempt after one that failed. No row back means that it did not fail, or that another worker was faster.',
  samples: { user_id: 424_242, kind: 'daily', period_start: '2026-01-13', failed_attempt: 1 },
  callsPerSecond: 1,
  budget: { maxRows: 1, maxCost: 20, maxPartitions: 1, noSeqScan: true },
  sql: sql`
INSERT INTO ${digestSends} (user_id, kind, period_start, attempt, digest_id)
SELECT user_id, kind, period_start, attempt + 1, digest_id
FROM ${digestSends}
WHERE user_id = :user_id AND kind = :kind AND period_start = :period_start AND attempt = :failed_attempt AND status = 'failed'
ON CONFLICT DO NOTHING
RETURNING attempt, digest_id`,
});

export const handOverSend = query('hand_over_send', {
  purpose: "Notes that the e-mail service took the mail: its id, and the entry in the mail team's log.",
  samples: {
    user_id: 424_242,
    kind: 'daily',
    period_start: '2026-01-13',
    attempt: 1,
    sent_at: '2026-01-14 08:00:00+00',
    email_log_id: 399_000_000,
    provider_message_id: 'message',
  },
  callsPerSecond: 50,
  budget: { maxRows: 1, maxCost: 20, maxPartitions: 1, noSeqScan: true },
  sql: sql`
UPDATE ${digestSends}
SET status = 'sent', sent_at = :sent_at, status_changed_at = :sent_at,
    email_log_id = :email_log_id, provider_message_id = :provider_message_id
WHERE user_id = :user_id AND kind = :kind AND period_start = :period_start AND attempt = :attempt AND status = 'queued'`,
});

export const failSend = query('fail_send', {
  purpose:
    'Notes that the e-mail service refused the mail or was not there, which lets retry_send try again. A mail that was taken cannot fail any more.',
  samples: {
    user_id: 424_242,
    kind: 'daily',
    period_start: '2026-01-13',
    attempt: 1,
    failed_at: '2026-01-14 08:00:00+00',
    provider_response: '{}',
  },
  callsPerSecond: 1,
  budget: { maxRows: 1, maxCost: 20, maxPartitions: 1, noSeqScan: true },
  sql: sql`
UPDATE ${digestSends}
SET status = 'failed', status_changed_at = :failed_at, provider_response = :provider_response
WHERE user_id = :user_id AND kind = :kind AND period_start = :period_start AND attempt = :attempt AND status = 'queued'`,
});

export const recordDeliveryEvent = query('record_delivery_event', {
  purpose:
    'A webhook of the e-mail service says what became of a mail. Events come repeatedly and out of order, so that a status only ever moves on: sent, delivered, bounced or complained. oldest_period is 45 days ago, so that two or three partitions are searched.',
  samples: {
    status: 'delivered',
    occurred_at: '2026-01-14 08:00:05+00',
    provider_response: '{}',
    provider_message_id: 'message',
    oldest_period: '2025-12-01',
  },
  callsPerSecond: 50,
  budget: { maxRows: 10, maxCost: 60, maxPartitions: 5, noSeqScan: true },
  sql: sql`
UPDATE ${digestSends}
SET status = :status, status_changed_at = :occurred_at, provider_response = :provider_response
WHERE provider_message_id = :provider_message_id
  AND period_start >= :oldest_period
  AND (status = 'sent' OR (status = 'delivered' AND :status IN ('bounced', 'complained')))
RETURNING user_id, digest_id`,
});

export const deliveryStatusByMessage = query('delivery_status_by_message', {
  purpose: "Delivery status by the e-mail service's message id: for support, and for the mail team coming from its log.",
  samples: { provider_message_id: 'message', oldest_period: '2025-12-01' },
  callsPerSecond: 1,
  budget: { maxRows: 10, maxCost: 60, maxPartitions: 5, noSeqScan: true },
  sql: sql`
SELECT user_id, digest_id, kind, period_start, attempt, status, sent_at, status_changed_at, email_log_id, provider_response
FROM ${digestSends}
WHERE provider_message_id = :provider_message_id AND period_start >= :oldest_period`,
});

export const stuckSends = query('stuck_sends', {
  purpose: 'Claims whose worker died before handing over. The sweeper asks the e-mail service about each, and marks it as sent or failed.',
  samples: { claimed_before: '2026-01-14 23:00:00+00', oldest_period: '2025-12-01', batch_size: 100 },
  callsPerSecond: 0.1,
  budget: { maxRows: 100, maxCost: 1_000, maxPartitions: 5, noSeqScan: true, noSort: true },
  sql: sql`
SELECT user_id, kind, period_start, attempt, digest_id, created_at
FROM ${digestSends}
WHERE status = 'queued' AND created_at < :claimed_before AND period_start >= :oldest_period
ORDER BY created_at
LIMIT :batch_size`,
});

export const sendsWithoutMailLog = query('sends_without_mail_log', {
  purpose:
    "Deliveries of a period that cannot be traced through the mail team's log: what a foreign key would have refused, and a wrong message id as well. Run daily; anything found is reported to both teams. Without a LIMIT, which would make the planner expect to find many at once and read the whole partition.",
  samples: { period_start: '2026-01-13' },
  callsPerSecond: 0.0001,
  budget: { maxPartitions: 1, noSeqScan: 1_000_000 },
  sql: sql`
SELECT send.user_id, send.kind, send.period_start, send.attempt, send.email_log_id, send.provider_message_id
FROM ${digestSends} AS send
LEFT JOIN ${emailLogs} AS log ON log.id = send.email_log_id
WHERE send.period_start = :period_start
  AND send.sent_at IS NOT NULL
  AND log.provider_message_id IS DISTINCT FROM send.provider_message_id`,
});

export const recordInteraction = query('record_interaction', {
  purpose: 'An open, a click or an unsubscribe arrives, perhaps for the second time.',
  samples: {
    id: '019bb700-0000-7000-8000-000000000000',
    occurred_at: '2026-01-14 09:00:00+00',
    digest_id: '019bb700-0000-7000-8000-000000000000',
    kind: 'daily',
    period_start: '2026-01-13',
    type: 'open',
    link_key: null,
    is_automatic: false,
  },
  callsPerSecond: 50,
  budget: { maxRows: 1, maxCost: 10 },
  sql: sql`
INSERT INTO ${digestInteractions} (id, occurred_at, digest_id, kind, period_start, type, link_key, is_automatic)
VALUES (:id, :occurred_at, :digest_id, :kind, :period_start, :type, :link_key, :is_automatic)
ON CONFLICT DO NOTHING`,
});

export const rollUpDay = query('roll_up_day', {
  purpose:
    'Counts one period from raw rows and replaces what was counted before: hourly for the last two days, nightly for the last 30. Reactions within 31 days count, by persons only; each digest counts once for a rate.',
  samples: { period_start: '2026-01-10' },
  callsPerSecond: 0.001,
  budget: { maxPartitions: 2, noSeqScan: 1_000_000 },
  sql: sql`
INSERT INTO ${digestDailyStats} AS stats
  (period_start, kind, attempts, failed, sent, delivered, bounced, complained, opened, clicked, unsubscribed, opens, clicks, counted_at)
SELECT :period_start::date, delivery.kind, delivery.attempts, delivery.failed, delivery.sent, delivery.delivered, delivery.bounced, delivery.complained,
       coalesce(reaction.opened, 0), coalesce(reaction.clicked, 0), coalesce(reaction.unsubscribed, 0),
       coalesce(reaction.opens, 0), coalesce(reaction.clicks, 0), now()
FROM (
  SELECT kind,
         count(*) AS attempts,
         count(*) FILTER (WHERE status = 'failed') AS failed,
         count(*) FILTER (WHERE status IN ('sent', 'delivered', 'bounced', 'complained')) AS sent,
         count(*) FILTER (WHERE status IN ('delivered', 'complained')) AS delivered,
         count(*) FILTER (WHERE status = 'bounced') AS bounced,
         count(*) FILTER (WHERE status = 'complained') AS complained
  FROM ${digestSends}
  WHERE period_start = :period_start::date
  GROUP BY kind
) AS delivery
LEFT JOIN (
  SELECT kind,
         count(DISTINCT digest_id) FILTER (WHERE type = 'open') AS opened,
         count(DISTINCT digest_id) FILTER (WHERE type = 'click') AS clicked,
         count(DISTINCT digest_id) FILTER (WHERE type = 'unsubscribe') AS unsubscribed,
         count(*) FILTER (WHERE type = 'open') AS opens,
         count(*) FILTER (WHERE type = 'click') AS clicks
  FROM ${digestInteractions}
  WHERE period_start = :period_start::date
    AND occurred_at >= :period_start::date
    AND occurred_at < :period_start::date + 31
    AND NOT is_automatic
  GROUP BY kind
) AS reaction ON reaction.kind = delivery.kind
ON CONFLICT (period_start, kind) DO UPDATE
SET attempts = excluded.attempts, failed = excluded.failed, sent = excluded.sent, delivered = excluded.delivered,
    bounced = excluded.bounced, complained = excluded.complained, opened = excluded.opened, clicked = excluded.clicked,
    unsubscribed = excluded.unsubscribed, opens = excluded.opens, clicks = excluded.clicks, counted_at = excluded.counted_at`,
});

export const ratesPerDay = query('rates_per_day', {
  purpose:
    'Open, click and bounce rates per day and kind over any stretch of history, in percent. Reads the roll-up, never raw rows: ten years are 7,300 rows.',
  samples: { first_day: '2025-12-01', day_after_last: '2026-01-01' },
  callsPerSecond: 0.1,
  budget: { maxRows: 100, maxCost: 50, noSeqScan: true },
  sql: sql`
SELECT period_start, kind, sent, delivered,
       round(100.0 * opened / nullif(delivered, 0), 2) AS open_rate,
       round(100.0 * clicked / nullif(delivered, 0), 2) AS click_rate,
       round(100.0 * bounced / nullif(sent, 0), 2) AS bounce_rate,
       round(100.0 * complained / nullif(sent, 0), 3) AS complaint_rate,
       round(100.0 * unsubscribed / nullif(delivered, 0), 3) AS unsubscribe_rate
FROM ${digestDailyStats}
WHERE period_start >= :first_day AND period_start < :day_after_last
ORDER BY period_start, kind`,
});

export const eraseUser = query('erase_user', {
  purpose:
    'Erases all that is kept of a user, before the account goes: what the cascade from users would leave behind as well. Partitions in the schema archive are plain tables by then; the same deletions run on each that the log of partitions lists.',
  samples: { user_id: 424_242 },
  callsPerSecond: 0.01,
  budget: { maxCost: 200_000, noSeqScan: true },
  sql: sql`
WITH theirs AS (
  SELECT id, created_at FROM ${digests} WHERE user_id = :user_id
), interactions AS (
  DELETE FROM ${digestInteractions} AS interaction USING theirs WHERE interaction.digest_id = theirs.id
), payloads AS (
  DELETE FROM ${digestPayloads} AS payload USING theirs WHERE payload.digest_id = theirs.id AND payload.created_at = theirs.created_at
), sends AS (
  DELETE FROM ${digestSends} WHERE user_id = :user_id
), preferences AS (
  DELETE FROM ${userDigestPreferences} WHERE user_id = :user_id
)
DELETE FROM ${digests} WHERE user_id = :user_id`,
});
