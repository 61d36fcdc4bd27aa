/** The declared queries with the types of their parameters and rows. Made by schemac; an edit here would be lost. */

/** What node-postgres takes; the name makes it prepare the statement once a connection. */
export interface NamedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface PreferencesOfUserParameters {
  readonly user_id: string;
}
export interface PreferencesOfUserRow {
  readonly enabled: boolean;
  readonly frequency: string;
  readonly time_zone: string;
  readonly send_hour: number;
  readonly send_weekday: number;
  readonly updated_at: Date;
}
/** A user's preferences, for the settings page and before each send. Must answer in under 10 ms with 1M users; one descent of the primary key. */
export function preferencesOfUser(given: PreferencesOfUserParameters): NamedQuery {
  return { name: "preferences_of_user", text: "SELECT enabled, frequency, time_zone, send_hour, send_weekday, updated_at\nFROM public.user_digest_preferences\nWHERE user_id = $1", values: [given.user_id] };
}

export interface SavePreferencesParameters {
  readonly user_id: string;
  readonly enabled: boolean;
  readonly frequency: string;
  readonly time_zone: string;
  readonly send_hour: number;
  readonly send_weekday: number;
}
/** The settings page saves what the user chose, the first time or again. */
export function savePreferences(given: SavePreferencesParameters): NamedQuery {
  return { name: "save_preferences", text: "INSERT INTO public.user_digest_preferences (user_id, enabled, frequency, time_zone, send_hour, send_weekday)\nVALUES ($1, $2, $3, $4, $5, $6)\nON CONFLICT (user_id) DO UPDATE\nSET enabled = excluded.enabled, frequency = excluded.frequency, time_zone = excluded.time_zone,\n    send_hour = excluded.send_hour, send_weekday = excluded.send_weekday, updated_at = now()", values: [given.user_id, given.enabled, given.frequency, given.time_zone, given.send_hour, given.send_weekday] };
}

export interface UnsubscribeParameters {
  readonly user_id: string;
}
/** One-click unsubscribe (RFC 8058). Repeating it changes nothing. */
export function unsubscribe(given: UnsubscribeParameters): NamedQuery {
  return { name: "unsubscribe", text: "UPDATE public.user_digest_preferences\nSET enabled = false, updated_at = now()\nWHERE user_id = $1 AND enabled", values: [given.user_id] };
}

export interface TimeZonesInUseRow {
  readonly time_zone: string | null;
}
/** The time zones that the scheduler has to look at, at each tick; it works out the local hours itself and reports zones that it does not know. Jumps from zone to zone in the due index: as many probes as there are zones, not a million rows. */
export function timeZonesInUse(): NamedQuery {
  return { name: "time_zones_in_use", text: "WITH RECURSIVE zone AS (\n  (SELECT time_zone FROM public.user_digest_preferences WHERE enabled ORDER BY time_zone LIMIT 1)\n  UNION ALL\n  SELECT (SELECT later.time_zone FROM public.user_digest_preferences AS later\n          WHERE later.enabled AND later.time_zone > zone.time_zone ORDER BY later.time_zone LIMIT 1)\n  FROM zone\n  WHERE zone.time_zone IS NOT NULL\n)\nSELECT time_zone FROM zone WHERE time_zone IS NOT NULL", values: [] };
}

export interface UsersDueParameters {
  readonly time_zone: string;
  readonly send_hour: number;
  readonly after_user_id: string;
  readonly send_weekday: number;
  readonly batch_size: string;
}
export interface UsersDueRow {
  readonly user_id: string;
  readonly frequency: string;
}
/** The next batch of users due in one bucket: a time zone and one of its local hours. The scheduler asks for each hour between its last tick and now, so that an hour skipped by daylight saving or an outage is made up for; claiming sorts out repetitions. */
export function usersDue(given: UsersDueParameters): NamedQuery {
  return { name: "users_due", text: "SELECT user_id, frequency\nFROM public.user_digest_preferences\nWHERE enabled\n  AND time_zone = $1\n  AND send_hour = $2\n  AND user_id > $3\n  AND (frequency = 'daily' OR send_weekday = $4)\nORDER BY user_id\nLIMIT $5", values: [given.time_zone, given.send_hour, given.after_user_id, given.send_weekday, given.batch_size] };
}

export interface LatestDigestsOfUserParameters {
  readonly user_id: string;
  readonly before: Date;
  readonly page_size: string;
}
export interface LatestDigestsOfUserRow {
  readonly id: string;
  readonly created_at: Date;
  readonly kind: string;
  readonly period_start: Date;
  readonly period_end: Date;
  readonly subject: string;
}
/** A user's latest digests, a page at a time, newest first: for the list in the account and for support. Partitions are read from the newest back and left as soon as the page is full. */
export function latestDigestsOfUser(given: LatestDigestsOfUserParameters): NamedQuery {
  return { name: "latest_digests_of_user", text: "SELECT id, created_at, kind, period_start, period_end, subject\nFROM public.digests\nWHERE user_id = $1 AND created_at < $2\nORDER BY created_at DESC\nLIMIT $3", values: [given.user_id, given.before, given.page_size] };
}

export interface DigestOfMailLinkParameters {
  readonly digest_id: string;
  readonly created_at: Date;
}
export interface DigestOfMailLinkRow {
  readonly id: string | null;
  readonly user_id: string | null;
  readonly kind: string | null;
  readonly period_start: Date | null;
  readonly subject: string | null;
  readonly locale: string | null;
  readonly template_version: string | null;
  readonly content: unknown | null;
  readonly html: string | null;
  readonly plain_text: string | null;
}
/** The digest behind a link in a mail, with the mail while it is kept. The link carries the id alone; the application takes created_at out of it, so that one partition of each table is read. */
export function digestOfMailLink(given: DigestOfMailLinkParameters): NamedQuery {
  return { name: "digest_of_mail_link", text: "SELECT digest.id, digest.user_id, digest.kind, digest.period_start, digest.subject, digest.locale,\n       digest.template_version, digest.content, payload.html, payload.plain_text\nFROM public.digests AS digest\nLEFT JOIN public.digest_payloads AS payload ON payload.digest_id = digest.id AND payload.created_at = digest.created_at\nWHERE digest.id = $1 AND digest.created_at = $2", values: [given.digest_id, given.created_at] };
}

export interface ClaimSendParameters {
  readonly user_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly digest_id: string;
}
export interface ClaimSendRow {
  readonly attempt: number;
  readonly created_at: Date;
}
/** Idempotent send: claims the first attempt for a user, kind and period. No row back means that somebody else has it, and nothing is to be sent. */
export function claimSend(given: ClaimSendParameters): NamedQuery {
  return { name: "claim_send", text: "INSERT INTO public.digest_sends (user_id, kind, period_start, attempt, digest_id)\nVALUES ($1, $2, $3, 1, $4)\nON CONFLICT DO NOTHING\nRETURNING attempt, created_at", values: [given.user_id, given.kind, given.period_start, given.digest_id] };
}

export interface RetrySendParameters {
  readonly user_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly failed_attempt: number;
}
export interface RetrySendRow {
  readonly attempt: number;
  readonly digest_id: string;
}
/** Claims the next attempt after one that failed. No row back means that it did not fail, or that another worker was faster. */
export function retrySend(given: RetrySendParameters): NamedQuery {
  return { name: "retry_send", text: "INSERT INTO public.digest_sends (user_id, kind, period_start, attempt, digest_id)\nSELECT user_id, kind, period_start, attempt + 1, digest_id\nFROM public.digest_sends\nWHERE user_id = $1 AND kind = $2 AND period_start = $3 AND attempt = $4 AND status = 'failed'\nON CONFLICT DO NOTHING\nRETURNING attempt, digest_id", values: [given.user_id, given.kind, given.period_start, given.failed_attempt] };
}

export interface HandOverSendParameters {
  readonly sent_at: Date;
  readonly email_log_id: string;
  readonly provider_message_id: string;
  readonly user_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly attempt: number;
}
/** Notes that the e-mail service took the mail: its id, and the entry in the mail team's log. */
export function handOverSend(given: HandOverSendParameters): NamedQuery {
  return { name: "hand_over_send", text: "UPDATE public.digest_sends\nSET status = 'sent', sent_at = $1, status_changed_at = $1,\n    email_log_id = $2, provider_message_id = $3\nWHERE user_id = $4 AND kind = $5 AND period_start = $6 AND attempt = $7 AND status = 'queued'", values: [given.sent_at, given.email_log_id, given.provider_message_id, given.user_id, given.kind, given.period_start, given.attempt] };
}

export interface FailSendParameters {
  readonly failed_at: Date;
  readonly provider_response: unknown;
  readonly user_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly attempt: number;
}
/** Notes that the e-mail service refused the mail or was not there, which lets retry_send try again. A mail that was taken cannot fail any more. */
export function failSend(given: FailSendParameters): NamedQuery {
  return { name: "fail_send", text: "UPDATE public.digest_sends\nSET status = 'failed', status_changed_at = $1, provider_response = $2\nWHERE user_id = $3 AND kind = $4 AND period_start = $5 AND attempt = $6 AND status = 'queued'", values: [given.failed_at, given.provider_response, given.user_id, given.kind, given.period_start, given.attempt] };
}

export interface RecordDeliveryEventParameters {
  readonly status: string;
  readonly occurred_at: Date;
  readonly provider_response: unknown;
  readonly provider_message_id: string;
  readonly oldest_period: Date;
}
export interface RecordDeliveryEventRow {
  readonly user_id: string;
  readonly digest_id: string;
}
/** A webhook of the e-mail service says what became of a mail. Events come repeatedly and out of order, so that a status only ever moves on: sent, delivered, bounced or complained. oldest_period is 45 days ago, so that two or three partitions are searched. */
export function recordDeliveryEvent(given: RecordDeliveryEventParameters): NamedQuery {
  return { name: "record_delivery_event", text: "UPDATE public.digest_sends\nSET status = $1, status_changed_at = $2, provider_response = $3\nWHERE provider_message_id = $4\n  AND period_start >= $5\n  AND (status = 'sent' OR (status = 'delivered' AND $1 IN ('bounced', 'complained')))\nRETURNING user_id, digest_id", values: [given.status, given.occurred_at, given.provider_response, given.provider_message_id, given.oldest_period] };
}

export interface DeliveryStatusByMessageParameters {
  readonly provider_message_id: string;
  readonly oldest_period: Date;
}
export interface DeliveryStatusByMessageRow {
  readonly user_id: string;
  readonly digest_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly attempt: number;
  readonly status: string;
  readonly sent_at: Date | null;
  readonly status_changed_at: Date;
  readonly email_log_id: string | null;
  readonly provider_response: unknown | null;
}
/** Delivery status by the e-mail service's message id: for support, and for the mail team coming from its log. */
export function deliveryStatusByMessage(given: DeliveryStatusByMessageParameters): NamedQuery {
  return { name: "delivery_status_by_message", text: "SELECT user_id, digest_id, kind, period_start, attempt, status, sent_at, status_changed_at, email_log_id, provider_response\nFROM public.digest_sends\nWHERE provider_message_id = $1 AND period_start >= $2", values: [given.provider_message_id, given.oldest_period] };
}

export interface StuckSendsParameters {
  readonly claimed_before: Date;
  readonly oldest_period: Date;
  readonly batch_size: string;
}
export interface StuckSendsRow {
  readonly user_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly attempt: number;
  readonly digest_id: string;
  readonly created_at: Date;
}
/** Claims whose worker died before handing over. The sweeper asks the e-mail service about each, and marks it as sent or failed. */
export function stuckSends(given: StuckSendsParameters): NamedQuery {
  return { name: "stuck_sends", text: "SELECT user_id, kind, period_start, attempt, digest_id, created_at\nFROM public.digest_sends\nWHERE status = 'queued' AND created_at < $1 AND period_start >= $2\nORDER BY created_at\nLIMIT $3", values: [given.claimed_before, given.oldest_period, given.batch_size] };
}

export interface SendsWithoutMailLogParameters {
  readonly period_start: Date;
}
export interface SendsWithoutMailLogRow {
  readonly user_id: string | null;
  readonly kind: string | null;
  readonly period_start: Date | null;
  readonly attempt: number | null;
  readonly email_log_id: string | null;
  readonly provider_message_id: string | null;
}
/** Deliveries of a period that cannot be traced through the mail team's log: what a foreign key would have refused, and a wrong message id as well. Run daily; anything found is reported to both teams. Without a LIMIT, which would make the planner expect to find many at once and read the whole partition. */
export function sendsWithoutMailLog(given: SendsWithoutMailLogParameters): NamedQuery {
  return { name: "sends_without_mail_log", text: "SELECT send.user_id, send.kind, send.period_start, send.attempt, send.email_log_id, send.provider_message_id\nFROM public.digest_sends AS send\nLEFT JOIN public.email_logs AS log ON log.id = send.email_log_id\nWHERE send.period_start = $1\n  AND send.sent_at IS NOT NULL\n  AND log.provider_message_id IS DISTINCT FROM send.provider_message_id", values: [given.period_start] };
}

export interface RecordInteractionParameters {
  readonly id: string;
  readonly occurred_at: Date;
  readonly digest_id: string;
  readonly kind: string;
  readonly period_start: Date;
  readonly type: string;
  readonly link_key: string | null;
  readonly is_automatic: boolean;
}
/** An open, a click or an unsubscribe arrives, perhaps for the second time. */
export function recordInteraction(given: RecordInteractionParameters): NamedQuery {
  return { name: "record_interaction", text: "INSERT INTO public.digest_interactions (id, occurred_at, digest_id, kind, period_start, type, link_key, is_automatic)\nVALUES ($1, $2, $3, $4, $5, $6, $7, $8)\nON CONFLICT DO NOTHING", values: [given.id, given.occurred_at, given.digest_id, given.kind, given.period_start, given.type, given.link_key, given.is_automatic] };
}

export interface RollUpDayParameters {
  readonly period_start: Date;
}
/** Counts one period from raw rows and replaces what was counted before: hourly for the last two days, nightly for the last 30. Reactions within 31 days count, by persons only; each digest counts once for a rate. */
export function rollUpDay(given: RollUpDayParameters): NamedQuery {
  return { name: "roll_up_day", text: "INSERT INTO public.digest_daily_stats AS stats\n  (period_start, kind, attempts, failed, sent, delivered, bounced, complained, opened, clicked, unsubscribed, opens, clicks, counted_at)\nSELECT $1::date, delivery.kind, delivery.attempts, delivery.failed, delivery.sent, delivery.delivered, delivery.bounced, delivery.complained,\n       coalesce(reaction.opened, 0), coalesce(reaction.clicked, 0), coalesce(reaction.unsubscribed, 0),\n       coalesce(reaction.opens, 0), coalesce(reaction.clicks, 0), now()\nFROM (\n  SELECT kind,\n         count(*) AS attempts,\n         count(*) FILTER (WHERE status = 'failed') AS failed,\n         count(*) FILTER (WHERE status IN ('sent', 'delivered', 'bounced', 'complained')) AS sent,\n         count(*) FILTER (WHERE status IN ('delivered', 'complained')) AS delivered,\n         count(*) FILTER (WHERE status = 'bounced') AS bounced,\n         count(*) FILTER (WHERE status = 'complained') AS complained\n  FROM public.digest_sends\n  WHERE period_start = $1::date\n  GROUP BY kind\n) AS delivery\nLEFT JOIN (\n  SELECT kind,\n         count(DISTINCT digest_id) FILTER (WHERE type = 'open') AS opened,\n         count(DISTINCT digest_id) FILTER (WHERE type = 'click') AS clicked,\n         count(DISTINCT digest_id) FILTER (WHERE type = 'unsubscribe') AS unsubscribed,\n         count(*) FILTER (WHERE type = 'open') AS opens,\n         count(*) FILTER (WHERE type = 'click') AS clicks\n  FROM public.digest_interactions\n  WHERE period_start = $1::date\n    AND occurred_at >= $1::date\n    AND occurred_at < $1::date + 31\n    AND NOT is_automatic\n  GROUP BY kind\n) AS reaction ON reaction.kind = delivery.kind\nON CONFLICT (period_start, kind) DO UPDATE\nSET attempts = excluded.attempts, failed = excluded.failed, sent = excluded.sent, delivered = excluded.delivered,\n    bounced = excluded.bounced, complained = excluded.complained, opened = excluded.opened, clicked = excluded.clicked,\n    unsubscribed = excluded.unsubscribed, opens = excluded.opens, clicks = excluded.clicks, counted_at = excluded.counted_at", values: [given.period_start] };
}

export interface RatesPerDayParameters {
  readonly first_day: Date;
  readonly day_after_last: Date;
}
export interface RatesPerDayRow {
  readonly period_start: Date;
  readonly kind: string;
  readonly sent: number;
  readonly delivered: number;
  readonly open_rate: string | null;
  readonly click_rate: string | null;
  readonly bounce_rate: string | null;
  readonly complaint_rate: string | null;
  readonly unsubscribe_rate: string | null;
}
/** Open, click and bounce rates per day and kind over any stretch of history, in percent. Reads the roll-up, never raw rows: ten years are 7,300 rows. */
export function ratesPerDay(given: RatesPerDayParameters): NamedQuery {
  return { name: "rates_per_day", text: "SELECT period_start, kind, sent, delivered,\n       round(100.0 * opened / nullif(delivered, 0), 2) AS open_rate,\n       round(100.0 * clicked / nullif(delivered, 0), 2) AS click_rate,\n       round(100.0 * bounced / nullif(sent, 0), 2) AS bounce_rate,\n       round(100.0 * complained / nullif(sent, 0), 3) AS complaint_rate,\n       round(100.0 * unsubscribed / nullif(delivered, 0), 3) AS unsubscribe_rate\nFROM public.digest_daily_stats\nWHERE period_start >= $1 AND period_start < $2\nORDER BY period_start, kind", values: [given.first_day, given.day_after_last] };
}

export interface EraseUserParameters {
  readonly user_id: string;
}
/** Erases all that is kept of a user, before the account goes: what the cascade from users would leave behind as well. Partitions in the schema archive are plain tables by then; the same deletions run on each that the log of partitions lists. */
export function eraseUser(given: EraseUserParameters): NamedQuery {
  return { name: "erase_user", text: "WITH theirs AS (\n  SELECT id, created_at FROM public.digests WHERE user_id = $1\n), interactions AS (\n  DELETE FROM public.digest_interactions AS interaction USING theirs WHERE interaction.digest_id = theirs.id\n), payloads AS (\n  DELETE FROM public.digest_payloads AS payload USING theirs WHERE payload.digest_id = theirs.id AND payload.created_at = theirs.created_at\n), sends AS (\n  DELETE FROM public.digest_sends WHERE user_id = $1\n), preferences AS (\n  DELETE FROM public.user_digest_preferences WHERE user_id = $1\n)\nDELETE FROM public.digests WHERE user_id = $1", values: [given.user_id] };
}
