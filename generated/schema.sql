-- E-mail digests: the schema after the last migration, written by schemac. For reading; apply generated/migrations.

CREATE SCHEMA archive;

COMMENT ON SCHEMA archive IS 'Partitions of digests and digest_sends past their retention wait here, detached and whole, until their grace is over. Applications do not read them; an erasure must.';

CREATE TABLE public.digest_daily_stats (
  period_start date NOT NULL,
  kind text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  sent integer NOT NULL DEFAULT 0,
  delivered integer NOT NULL DEFAULT 0,
  bounced integer NOT NULL DEFAULT 0,
  complained integer NOT NULL DEFAULT 0,
  opened integer NOT NULL DEFAULT 0,
  clicked integer NOT NULL DEFAULT 0,
  unsubscribed integer NOT NULL DEFAULT 0,
  opens integer NOT NULL DEFAULT 0,
  clicks integer NOT NULL DEFAULT 0,
  counted_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT digest_daily_stats_pkey PRIMARY KEY (period_start, kind),
  CONSTRAINT digest_daily_stats_counts CHECK (least(attempts, failed, sent, delivered, bounced, complained, opened, clicked, unsubscribed, opens, clicks) >= 0),
  CONSTRAINT digest_daily_stats_kind CHECK (kind IN ('daily', 'weekly'))
) WITH (fillfactor = 70);

COMMENT ON TABLE public.digest_daily_stats IS 'Deliveries and reactions counted per first day of period and kind. A day is counted again, from raw rows, for 30 days after it began, and then stands for good.';

COMMENT ON COLUMN public.digest_daily_stats.period_start IS 'First day that the counted digests cover. Not the day of the event: an open counts for the mail that was opened, so that no rate exceeds 100 %.';

COMMENT ON COLUMN public.digest_daily_stats.kind IS 'daily or weekly.';

COMMENT ON COLUMN public.digest_daily_stats.attempts IS 'Attempts to deliver, failed ones and repetitions included.';

COMMENT ON COLUMN public.digest_daily_stats.failed IS 'Attempts that the e-mail service never took.';

COMMENT ON COLUMN public.digest_daily_stats.sent IS 'Mails that the e-mail service took; what bounce and complaint rates are shares of.';

COMMENT ON COLUMN public.digest_daily_stats.delivered IS 'Mails that reached a mailbox, complained-about ones included; what open and click rates are shares of.';

COMMENT ON COLUMN public.digest_daily_stats.bounced IS 'Mails that came back.';

COMMENT ON COLUMN public.digest_daily_stats.complained IS 'Mails that were marked as spam.';

COMMENT ON COLUMN public.digest_daily_stats.opened IS 'Digests opened at least once by a person.';

COMMENT ON COLUMN public.digest_daily_stats.clicked IS 'Digests with at least one link followed by a person.';

COMMENT ON COLUMN public.digest_daily_stats.unsubscribed IS 'Digests that made somebody unsubscribe.';

COMMENT ON COLUMN public.digest_daily_stats.opens IS 'Openings by persons, repeated ones included.';

COMMENT ON COLUMN public.digest_daily_stats.clicks IS 'Links followed by persons, repeated ones included.';

COMMENT ON COLUMN public.digest_daily_stats.counted_at IS 'When the row was counted last; tells a day that is final from one that is not.';

COMMENT ON CONSTRAINT digest_daily_stats_pkey ON public.digest_daily_stats IS 'Serves rates_per_day as a range, and lets roll_up_day replace a count.';

COMMENT ON CONSTRAINT digest_daily_stats_counts ON public.digest_daily_stats IS 'Counts are not negative.';

COMMENT ON CONSTRAINT digest_daily_stats_kind ON public.digest_daily_stats IS 'The same list as on digests.';

CREATE TABLE public.digest_interactions (
  id uuid NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  digest_id uuid NOT NULL,
  kind text NOT NULL,
  period_start date NOT NULL,
  type text NOT NULL,
  link_key text,
  is_automatic boolean NOT NULL DEFAULT false,
  CONSTRAINT digest_interactions_pkey PRIMARY KEY (id, occurred_at),
  CONSTRAINT digest_interactions_kind CHECK (kind IN ('daily', 'weekly')),
  CONSTRAINT digest_interactions_link_key CHECK ((type = 'click') = (link_key IS NOT NULL)),
  CONSTRAINT digest_interactions_type CHECK (type IN ('open', 'click', 'unsubscribe'))
) PARTITION BY RANGE (occurred_at);

CREATE INDEX digest_interactions_cohort ON public.digest_interactions (period_start, kind) INCLUDE (type, digest_id, is_automatic, occurred_at);

CREATE INDEX digest_interactions_digest ON public.digest_interactions (digest_id);

COMMENT ON TABLE public.digest_interactions IS 'One thing that a reader, or a machine on their behalf, did with a digest: opened it, followed a link, unsubscribed. Appended and never updated.';

COMMENT ON COLUMN public.digest_interactions.id IS 'Time of the event, then a hash of the e-mail service''s event id in place of UUIDv7''s random bits: the same event delivered again has the same id and is not counted twice.';

COMMENT ON COLUMN public.digest_interactions.occurred_at IS 'When it happened, by the clock of the e-mail service, which says the same when it repeats itself; the partition key.';

COMMENT ON COLUMN public.digest_interactions.digest_id IS 'The digest, from the tracking link.';

COMMENT ON COLUMN public.digest_interactions.kind IS 'The digest''s kind, from the tracking link, so that counting needs no join.';

COMMENT ON COLUMN public.digest_interactions.period_start IS 'First day that the digest covers, from the tracking link: an open counts for the digest''s day, however late it comes.';

COMMENT ON COLUMN public.digest_interactions.type IS 'open, click or unsubscribe. Bounces and complaints are states of a send.';

COMMENT ON COLUMN public.digest_interactions.link_key IS 'Which link of the template was followed, such as item-3 or settings; never the address behind it, which may be personal. Only with clicks.';

COMMENT ON COLUMN public.digest_interactions.is_automatic IS 'Done by a mail proxy or a link scanner, as far as it can be told (Apple Mail opens every mail). Kept, but not part of any rate.';

COMMENT ON CONSTRAINT digest_interactions_pkey ON public.digest_interactions IS 'Makes record_interaction repeatable: webhooks are delivered at least once.';

COMMENT ON CONSTRAINT digest_interactions_kind ON public.digest_interactions IS 'The same list as on digests, or the event would be counted nowhere.';

COMMENT ON CONSTRAINT digest_interactions_link_key ON public.digest_interactions IS 'A click says on what; nothing else was on a link.';

COMMENT ON CONSTRAINT digest_interactions_type ON public.digest_interactions IS 'The types that the roll-up counts.';

COMMENT ON INDEX public.digest_interactions_cohort IS 'Serves roll_up_day from the index alone: one period is one range, and is counted again at will.';

COMMENT ON INDEX public.digest_interactions_digest IS 'Serves erase_user, which comes from the user''s digests, and the sampling for orphans.';

CREATE TABLE public.digest_payloads (
  digest_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  html text NOT NULL,
  plain_text text NOT NULL,
  CONSTRAINT digest_payloads_pkey PRIMARY KEY (digest_id, created_at),
  CONSTRAINT digest_payloads_html_size CHECK (octet_length(html) BETWEEN 1 AND 1048576),
  CONSTRAINT digest_payloads_plain_text_size CHECK (octet_length(plain_text) BETWEEN 1 AND 1048576)
) PARTITION BY RANGE (created_at);

SELECT 'ALTER TABLE public.digest_payloads ALTER COLUMN html SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

SELECT 'ALTER TABLE public.digest_payloads ALTER COLUMN plain_text SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

COMMENT ON TABLE public.digest_payloads IS 'The mail as rendered, for sending it again, for support, and for "view in browser". Gone after a month; a digest can then be rendered again from its content.';

COMMENT ON COLUMN public.digest_payloads.digest_id IS 'The digest that it is the mail of.';

COMMENT ON COLUMN public.digest_payloads.created_at IS 'The digest''s created_at; the partition key of both tables, so that one value prunes both.';

COMMENT ON COLUMN public.digest_payloads.html IS 'HTML body, typically 30 to 100 kB. lz4 stores 59 kB in 18 kB and writes it 1.7 times as fast as pglz.';

COMMENT ON COLUMN public.digest_payloads.plain_text IS 'Text body for clients that show no HTML; spam filters mark mails down that lack it.';

COMMENT ON CONSTRAINT digest_payloads_pkey ON public.digest_payloads IS 'One mail a digest; serves digest_of_mail_link and erase_user by the key of the digest.';

COMMENT ON CONSTRAINT digest_payloads_html_size ON public.digest_payloads IS 'A mail of more than 1 MiB is a fault of the template, and would be refused by the e-mail service anyway.';

COMMENT ON CONSTRAINT digest_payloads_plain_text_size ON public.digest_payloads IS 'The same for the text body.';

CREATE TABLE public.digest_sends (
  user_id bigint NOT NULL,
  kind text NOT NULL,
  period_start date NOT NULL,
  attempt smallint NOT NULL DEFAULT 1,
  digest_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'queued',
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  sent_at timestamp with time zone,
  status_changed_at timestamp with time zone NOT NULL DEFAULT now(),
  email_log_id bigint,
  provider_message_id text,
  provider_response jsonb,
  CONSTRAINT digest_sends_pkey PRIMARY KEY (user_id, kind, period_start, attempt),
  CONSTRAINT digest_sends_attempt CHECK (attempt BETWEEN 1 AND 10),
  CONSTRAINT digest_sends_handed_over CHECK (status IN ('queued', 'failed') OR (sent_at IS NOT NULL AND provider_message_id IS NOT NULL)),
  CONSTRAINT digest_sends_kind CHECK (kind IN ('daily', 'weekly')),
  CONSTRAINT digest_sends_status CHECK (status IN ('queued', 'sent', 'delivered', 'bounced', 'complained', 'failed'))
) PARTITION BY RANGE (period_start);

SELECT 'ALTER TABLE public.digest_sends ALTER COLUMN provider_response SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

CREATE UNIQUE INDEX digest_sends_one_live ON public.digest_sends (user_id, kind, period_start) WHERE status <> 'failed';

CREATE INDEX digest_sends_period ON public.digest_sends USING brin (period_start) WITH (autosummarize = 'true', pages_per_range = 32);

CREATE UNIQUE INDEX digest_sends_provider_message ON public.digest_sends (provider_message_id, period_start) WHERE provider_message_id IS NOT NULL;

CREATE INDEX digest_sends_queued ON public.digest_sends (created_at) WHERE status = 'queued';

COMMENT ON TABLE public.digest_sends IS 'One attempt to deliver one digest: who, for which period, what became of it, and what the e-mail service said.';

COMMENT ON COLUMN public.digest_sends.user_id IS 'Who it went to.';

COMMENT ON COLUMN public.digest_sends.kind IS 'daily or weekly, as on the digest.';

COMMENT ON COLUMN public.digest_sends.period_start IS 'First day that the digest covers; the partition key, since what must be unique must contain it.';

COMMENT ON COLUMN public.digest_sends.attempt IS 'Counts the attempts for one user, kind and period, from 1.';

COMMENT ON COLUMN public.digest_sends.digest_id IS 'What is delivered. Known at the claim, before the digest is written, since the application makes the id.';

COMMENT ON COLUMN public.digest_sends.status IS 'queued, then sent once the e-mail service took it, then what its webhooks say: delivered, bounced or complained. failed means that it was never taken, and that another attempt may be made.';

COMMENT ON COLUMN public.digest_sends.created_at IS 'When the attempt was claimed. A queued row that grows old belongs to a worker that died.';

COMMENT ON COLUMN public.digest_sends.sent_at IS 'When the e-mail service took the mail; empty until then.';

COMMENT ON COLUMN public.digest_sends.status_changed_at IS 'When the status came about, by the clock of whoever reported it. Not used to order events: some services round it to seconds.';

COMMENT ON COLUMN public.digest_sends.email_log_id IS 'The mail team''s entry for this mail; empty until it was handed over.';

COMMENT ON COLUMN public.digest_sends.provider_message_id IS 'The e-mail service''s id of the mail, by which its webhooks name it; empty until it took the mail.';

COMMENT ON COLUMN public.digest_sends.provider_response IS 'What the e-mail service said last, as it came: code, reason, kind of bounce.';

COMMENT ON CONSTRAINT digest_sends_pkey ON public.digest_sends IS 'Makes a claim unrepeatable; serves claim_send, retry_send, and by its first column erase_user. No id beside it: nobody would look a send up by one.';

COMMENT ON CONSTRAINT digest_sends_attempt ON public.digest_sends IS 'Stops a retry loop that has lost its own count.';

COMMENT ON CONSTRAINT digest_sends_handed_over ON public.digest_sends IS 'What the e-mail service took has a time and an id; without the id its webhooks would find nothing.';

COMMENT ON CONSTRAINT digest_sends_kind ON public.digest_sends IS 'The same list as on digests: a misspelt kind would be a key of its own, and a second mail.';

COMMENT ON CONSTRAINT digest_sends_status ON public.digest_sends IS 'The states that statistics count. A check and not an enum: adding a state is NOT VALID then VALIDATE, and can be undone.';

COMMENT ON INDEX public.digest_sends_one_live IS 'At most one attempt for a user, kind and period that has not failed: whatever a retry gets wrong, nobody is mailed twice. Serves claim_send and retry_send, and finds the row for hand_over_send and fail_send.';

COMMENT ON INDEX public.digest_sends_period IS 'Serves roll_up_day and sends_without_mail_log: sends of one period lie together on disk, and a btree would be many times as large.';

COMMENT ON INDEX public.digest_sends_provider_message IS 'Serves delivery_status_by_message and record_delivery_event. Unique within a period, which is as far as a partitioned table can say it.';

COMMENT ON INDEX public.digest_sends_queued IS 'Serves stuck_sends; holds only what is in flight, so that it stays small.';

CREATE TABLE public.digests (
  id uuid NOT NULL,
  user_id bigint NOT NULL,
  created_at timestamp with time zone NOT NULL,
  kind text NOT NULL,
  period_start date NOT NULL,
  period_end date NOT NULL,
  subject text NOT NULL,
  locale text NOT NULL,
  template_version text NOT NULL,
  html_bytes integer NOT NULL,
  content jsonb NOT NULL,
  CONSTRAINT digests_pkey PRIMARY KEY (id, created_at),
  CONSTRAINT digests_content CHECK (jsonb_typeof(content) = 'object'),
  CONSTRAINT digests_html_bytes CHECK (html_bytes > 0),
  CONSTRAINT digests_kind CHECK (kind IN ('daily', 'weekly')),
  CONSTRAINT digests_locale_length CHECK (char_length(locale) BETWEEN 2 AND 35),
  CONSTRAINT digests_period CHECK (period_end > period_start),
  CONSTRAINT digests_subject_length CHECK (char_length(subject) BETWEEN 1 AND 255)
) PARTITION BY RANGE (created_at);

SELECT 'ALTER TABLE public.digests ALTER COLUMN content SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

CREATE INDEX digests_user_recent ON public.digests (user_id, created_at DESC);

COMMENT ON TABLE public.digests IS 'One digest generated for one user and one period: its metadata, and its content in the form from which the mail can be rendered again.';

COMMENT ON COLUMN public.digests.id IS 'UUIDv7 made by the application before anything is written, so that a send can be claimed under it. Links in mails carry it; the time in it is created_at.';

COMMENT ON COLUMN public.digests.user_id IS 'Who it was generated for.';

COMMENT ON COLUMN public.digests.created_at IS 'The time inside id, to the millisecond, written by the application; the partition key. It has no default, since now() would differ from the id and links would miss the row.';

COMMENT ON COLUMN public.digests.kind IS 'daily or weekly: the frequency for which it was generated, whatever the user has chosen since.';

COMMENT ON COLUMN public.digests.period_start IS 'First day that it covers, in the user''s time zone.';

COMMENT ON COLUMN public.digests.period_end IS 'Day after the last that it covers.';

COMMENT ON COLUMN public.digests.subject IS 'Subject line as sent; shown in the list of past digests.';

COMMENT ON COLUMN public.digests.locale IS 'Language and region that it was written in, as a BCP 47 tag such as pt-BR.';

COMMENT ON COLUMN public.digests.template_version IS 'Version of the template that rendered it; with content it gives the mail again when the payload is gone.';

COMMENT ON COLUMN public.digests.html_bytes IS 'Size of the HTML before compression. Gmail cuts mails off at 102 kB, so that this is watched per template.';

COMMENT ON COLUMN public.digests.content IS 'Chosen items with their scores, about 1.2 kB. Kept as long as the row, which the HTML of 30 to 100 kB is not.';

COMMENT ON CONSTRAINT digests_pkey ON public.digests IS 'Serves digest_of_mail_link. PostgreSQL wants the partition key in it (manual §5.12.2.3); the pair finds its partition without asking the others.';

COMMENT ON CONSTRAINT digests_content ON public.digests IS 'Refuses JSON that was encoded twice, which arrives as a string and fails only when it is rendered again.';

COMMENT ON CONSTRAINT digests_html_bytes ON public.digests IS 'An empty mail was not rendered and must not be sent.';

COMMENT ON CONSTRAINT digests_kind ON public.digests IS 'The kinds that statistics are kept for; the same list as for preferences and sends.';

COMMENT ON CONSTRAINT digests_locale_length ON public.digests IS '35 characters hold every tag that RFC 5646 §4.4.1 asks systems to take.';

COMMENT ON CONSTRAINT digests_period ON public.digests IS 'A period covers at least a day; a turned one would make the digest empty.';

COMMENT ON CONSTRAINT digests_subject_length ON public.digests IS 'Mails without subject end up as spam; longer ones are cut by every client.';

COMMENT ON INDEX public.digests_user_recent IS 'Serves latest_digests_of_user newest first without sorting, the cascade from users, and erase_user.';

CREATE TABLE public.user_digest_preferences (
  user_id bigint NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  frequency text NOT NULL DEFAULT 'weekly',
  time_zone text NOT NULL DEFAULT 'UTC',
  send_hour smallint NOT NULL DEFAULT 8,
  send_weekday smallint NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT user_digest_preferences_pkey PRIMARY KEY (user_id),
  CONSTRAINT user_digest_preferences_frequency CHECK (frequency IN ('daily', 'weekly')),
  CONSTRAINT user_digest_preferences_send_hour CHECK (send_hour BETWEEN 0 AND 23),
  CONSTRAINT user_digest_preferences_send_weekday CHECK (send_weekday BETWEEN 1 AND 7),
  CONSTRAINT user_digest_preferences_time_zone CHECK (char_length(time_zone) BETWEEN 1 AND 64)
) WITH (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX user_digest_preferences_due ON public.user_digest_preferences (time_zone, send_hour, user_id) INCLUDE (frequency, send_weekday) WHERE enabled;

COMMENT ON TABLE public.user_digest_preferences IS 'One row for each user who was ever asked: how often, at which local hour, or not at all. A user without a row gets no digest.';

COMMENT ON COLUMN public.user_digest_preferences.user_id IS 'Whose preferences these are.';

COMMENT ON COLUMN public.user_digest_preferences.enabled IS 'Off stops every digest and keeps the other choices for the day it is switched on again. One-click unsubscribe sets it.';

COMMENT ON COLUMN public.user_digest_preferences.frequency IS 'daily or weekly. There is no value for never: that is enabled.';

COMMENT ON COLUMN public.user_digest_preferences.time_zone IS 'IANA name, such as Europe/Paris, in which send_hour and send_weekday are meant. The application accepts only names that it knows.';

COMMENT ON COLUMN public.user_digest_preferences.send_hour IS 'Hour of the local day, 0 to 23, in which the digest is to leave.';

COMMENT ON COLUMN public.user_digest_preferences.send_weekday IS 'ISO day of the week, 1 is Monday, on which a weekly digest is to leave. Kept, but of no effect, while the frequency is daily.';

COMMENT ON COLUMN public.user_digest_preferences.created_at IS 'When the user was first asked; proof of when consent was given.';

COMMENT ON COLUMN public.user_digest_preferences.updated_at IS 'When the user last changed anything; written by the application with every change.';

COMMENT ON CONSTRAINT user_digest_preferences_pkey ON public.user_digest_preferences IS 'One row a user; serves preferences_of_user, save_preferences and unsubscribe in one descent.';

COMMENT ON CONSTRAINT user_digest_preferences_frequency ON public.user_digest_preferences IS 'Only frequencies that the scheduler knows: any other would silently never be due. A check and not an enum, so that a value can be added and taken away online.';

COMMENT ON CONSTRAINT user_digest_preferences_send_hour ON public.user_digest_preferences IS 'An hour that no day has would silently never be due.';

COMMENT ON CONSTRAINT user_digest_preferences_send_weekday ON public.user_digest_preferences IS 'A weekday that no week has would silently never be due.';

COMMENT ON CONSTRAINT user_digest_preferences_time_zone ON public.user_digest_preferences IS 'Keeps garbage out of the leading column of the due index. Whether the name is a zone cannot be checked here: the list of zones changes with the server, and a check must not.';

COMMENT ON INDEX public.user_digest_preferences_due IS 'Serves users_due and time_zones_in_use from the index alone: a bucket is one range of it, in the order that batches are taken in.';

CREATE SCHEMA IF NOT EXISTS schemac;

CREATE TABLE IF NOT EXISTS schemac.partition_rule (
  parent text PRIMARY KEY,
  column_name text NOT NULL,
  every interval NOT NULL,
  premake integer NOT NULL CHECK (premake BETWEEN 0 AND 999),
  retain interval CHECK (retain > interval '0'),
  on_retire text NOT NULL CHECK (on_retire IN ('keep', 'drop', 'archive')),
  archive_schema text CHECK ((archive_schema IS NOT NULL) = (on_retire = 'archive')),
  grace interval,
  zone text NOT NULL,
  template jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE IF NOT EXISTS schemac.partition_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  parent text NOT NULL,
  relation text NOT NULL,
  action text NOT NULL,
  lower timestamptz,
  upper timestamptz,
  detail jsonb
);

CREATE OR REPLACE FUNCTION schemac.partition_cell(at timestamptz, every interval, zone text, OUT lower timestamptz, OUT upper timestamptz)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  monday CONSTANT timestamp := '2000-01-03';
  months CONSTANT integer := extract(year FROM every) * 12 + extract(month FROM every);
  days CONSTANT integer := extract(day FROM every);
  seconds CONSTANT numeric := extract(hour FROM every) * 3600 + extract(minute FROM every) * 60 + extract(second FROM every);
  clock CONSTANT timestamp := at AT TIME ZONE zone;
  since numeric;
  start timestamp;
BEGIN
  IF (months > 0)::integer + (days > 0)::integer + (seconds > 0)::integer <> 1 OR months < 0 OR days < 0 OR seconds < 0 OR seconds % 60 <> 0 THEN
    RAISE EXCEPTION 'a partition cannot be % long', every
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use whole months (or years), whole days (or weeks), or whole minutes (or hours), not a mixture.';
  END IF;
  IF seconds > 0 THEN
    since := extract(epoch FROM at - (monday AT TIME ZONE zone));
    lower := (monday AT TIME ZONE zone) + make_interval(secs => (floor(since / seconds) * seconds)::double precision);
    upper := lower + every;
    RETURN;
  END IF;
  IF months > 0 THEN
    since := extract(year FROM clock) * 12 + extract(month FROM clock) - 1;
    since := floor(since / months) * months;
    start := make_timestamp(floor(since / 12)::integer, (since % 12)::integer + 1, 1, 0, 0, 0);
  ELSE
    start := monday + make_interval(days => (floor((clock::date - monday::date)::numeric / days) * days)::integer);
  END IF;
  WHILE start AT TIME ZONE zone > at LOOP
    start := start - every;
  END LOOP;
  WHILE (start + every) AT TIME ZONE zone <= at LOOP
    start := start + every;
  END LOOP;
  lower := start AT TIME ZONE zone;
  upper := (start + every) AT TIME ZONE zone;
END
$$;

CREATE OR REPLACE FUNCTION schemac.partition_floor(at timestamptz, every interval, zone text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$ SELECT cell.lower FROM schemac.partition_cell($1, $2, $3) cell $$;

CREATE OR REPLACE FUNCTION schemac.partition_list(parent text)
RETURNS TABLE (relation text, lower timestamptz, upper timestamptz, bound text, detaching boolean)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  SELECT format('%I.%I', n.nspname, c.relname),
    CASE WHEN b.bound ~ 'FROM \(MINVALUE' THEN '-infinity' ELSE substring(b.bound FROM 'FROM \(''([^'']*)''')::timestamptz END,
    CASE WHEN b.bound ~ 'TO \(MAXVALUE' THEN 'infinity' ELSE substring(b.bound FROM 'TO \(''([^'']*)''')::timestamptz END,
    b.bound, i.inhdetachpending
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) b(bound)
  WHERE i.inhparent = to_regclass($1)
  ORDER BY 2, 1
$$;

CREATE OR REPLACE FUNCTION schemac.partition_name(parent text, lower timestamptz, every interval) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  long CONSTANT boolean := every < interval '1 day' OR lower <> date_trunc('day', lower);
  suffix CONSTANT text := to_char(lower, CASE WHEN long THEN '"_p"YYYYMMDD"T"HH24MI' ELSE '"_p"YYYYMMDD' END);
  tail text := suffix;
  number integer := 1;
  namespace oid;
  base text;
  found text;
BEGIN
  SELECT c.relnamespace, c.relname INTO STRICT namespace, base FROM pg_class c WHERE c.oid = partition_name.parent::regclass;
  LOOP
    SELECT left(base, max(size)) || tail INTO found
      FROM generate_series(0, length(base)) size WHERE octet_length(left(base, size)) + octet_length(tail) <= 63;
    EXIT WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = namespace AND c.relname = found);
    number := number + 1;
    tail := suffix || '_' || number;
  END LOOP;
  RETURN found;
END
$$;

CREATE OR REPLACE FUNCTION schemac.partition_plan(parent text, at timestamptz)
RETURNS TABLE (action text, name text, lower timestamptz, upper timestamptz, relation text, bound text)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  relid CONSTANT oid := partition_plan.parent::regclass;
  rule schemac.partition_rule;
  schema_name name;
  key_type text;
  key_zone text := 'UTC';
  clock timestamptz;
  cell record;
  expired timestamptz;
  first timestamptz;
  start timestamptz;
  finish timestamptz;
  gap tstzrange;
BEGIN
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = relid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partition rule for %', partition_plan.parent USING ERRCODE = 'undefined_object';
  END IF;
  SELECT n.nspname, format_type(a.atttypid, NULL) INTO schema_name, key_type
    FROM pg_partitioned_table p
    JOIN pg_class c ON c.oid = p.partrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = relid AND p.partstrat = 'r' AND p.partnatts = 1;
  IF key_type IS NULL OR key_type NOT IN ('timestamp with time zone', 'timestamp without time zone', 'date') THEN
    RAISE EXCEPTION 'a partition rule needs a range key of one date or timestamp column, % has none', partition_plan.parent
      USING ERRCODE = 'wrong_object_type';
  END IF;
  IF key_type = 'date' AND rule.every < interval '1 day' THEN
    RAISE EXCEPTION 'partitions by the date % of % cannot be % long', rule.column_name, partition_plan.parent, rule.every
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use whole days, weeks, months or years.';
  END IF;

  -- A key without a zone is the wall clock of the rule's zone: its grid has no missing and no double hours.
  IF key_type = 'timestamp with time zone' THEN
    key_zone := rule.zone;
    clock := at;
  ELSE
    clock := (at AT TIME ZONE rule.zone) AT TIME ZONE 'UTC';
  END IF;

  SELECT c.* INTO cell FROM schemac.partition_cell(clock, rule.every, key_zone) c;
  start := cell.lower;
  finish := cell.upper;
  FOR step IN 1 .. rule.premake LOOP
    SELECT c.upper INTO finish FROM schemac.partition_cell(finish, rule.every, key_zone) c;
  END LOOP;

  expired := ((clock AT TIME ZONE key_zone) - rule.retain) AT TIME ZONE key_zone;
  SELECT min(e.lower) INTO first FROM schemac.partition_list(rule.parent) e WHERE e.upper > coalesce(expired, '-infinity');
  IF first < start THEN
    start := least(start, greatest(first, schemac.partition_floor(expired, rule.every, key_zone)));
  END IF;

  FOR gap IN
    SELECT missing FROM unnest(
      tstzmultirange(tstzrange(start, finish))
      - (SELECT coalesce(range_agg(tstzrange(e.lower, e.upper)), '{}') FROM schemac.partition_list(rule.parent) e WHERE e.lower IS NOT NULL)
    ) missing
  LOOP
    action := 'create';
    lower := pg_catalog.lower(gap);
    WHILE lower < pg_catalog.upper(gap) LOOP
      SELECT least(c.upper, pg_catalog.upper(gap)) INTO upper FROM schemac.partition_cell(lower, rule.every, key_zone) c;
      name := schemac.partition_name(rule.parent, lower, rule.every);
      relation := format('%I.%I', schema_name, name);
      bound := CASE key_type
        WHEN 'date' THEN format('FOR VALUES FROM (%L) TO (%L)', lower::date, upper::date)
        WHEN 'timestamp without time zone' THEN format('FOR VALUES FROM (%L) TO (%L)', lower::timestamp, upper::timestamp)
        ELSE format('FOR VALUES FROM (%L) TO (%L)', lower, upper) END;
      RETURN NEXT;
      lower := upper;
    END LOOP;
  END LOOP;

  RETURN QUERY
    SELECT 'retire', c.relname::text, e.lower, e.upper, e.relation, e.bound
    FROM schemac.partition_list(rule.parent) e JOIN pg_class c ON c.oid = e.relation::regclass
    WHERE e.upper <= expired AND NOT e.detaching
    ORDER BY e.lower;
END
$$;

CREATE OR REPLACE FUNCTION schemac.partition_create(parent text, at timestamptz) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  limit_of_partitions CONSTANT integer := 1000;
  template jsonb;
  parameters text;
  wanted record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('schemac partitions of ' || partition_create.parent::regclass::oid, 0));
  SELECT r.template INTO template FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_create.parent::regclass;
  SELECT ' WITH (' || string_agg((SELECT string_agg(quote_ident(part), '.') FROM regexp_split_to_table(key, '\.') part) || ' = ' || quote_literal(value), ', ' ORDER BY key) || ')'
    INTO parameters FROM jsonb_each_text(template);
  IF (SELECT count(*) FROM schemac.partition_plan(partition_create.parent, at) p WHERE p.action = 'create') > limit_of_partitions THEN
    RAISE EXCEPTION 'the partition rule of % asks for more than % partitions at once', partition_create.parent, limit_of_partitions
      USING ERRCODE = 'program_limit_exceeded', HINT = 'Make the interval longer or the number of partitions ahead smaller.';
  END IF;
  FOR wanted IN SELECT p.* FROM schemac.partition_plan(partition_create.parent, at) p WHERE p.action = 'create' LOOP
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)%s', wanted.relation, partition_create.parent::regclass, parameters);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s %s', partition_create.parent::regclass, wanted.relation, wanted.bound);
    INSERT INTO schemac.partition_log (parent, relation, action, lower, upper)
      VALUES (partition_create.parent::regclass::text, wanted.relation, 'created', wanted.lower, wanted.upper);
    RETURN NEXT wanted.relation;
  END LOOP;
END
$$;

COMMENT ON TABLE schemac.partition_rule IS 'schemac partition support, version 1';

INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template)
  VALUES ('public.digest_interactions', 'occurred_at', '1 month', 3, '90 days', 'drop', NULL, '7 days', 'UTC', '{"autovacuum_vacuum_insert_scale_factor":"0.02"}')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template;

DO $$
BEGIN
  PERFORM schemac.partition_create('public.digest_interactions', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template)
  VALUES ('public.digest_payloads', 'created_at', '1 day', 7, '30 days', 'drop', NULL, '2 days', 'UTC', '{}')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template;

DO $$
BEGIN
  PERFORM schemac.partition_create('public.digest_payloads', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template)
  VALUES ('public.digest_sends', 'period_start', '1 month', 3, '13 months', 'archive', 'archive', '90 days', 'UTC', '{"autovacuum_vacuum_insert_scale_factor":"0.05","autovacuum_vacuum_scale_factor":"0.05"}')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template;

DO $$
BEGIN
  PERFORM schemac.partition_create('public.digest_sends', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template)
  VALUES ('public.digests', 'created_at', '1 month', 3, '13 months', 'archive', 'archive', '90 days', 'UTC', '{"autovacuum_freeze_min_age":"0","autovacuum_vacuum_insert_scale_factor":"0.05"}')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template;

DO $$
BEGIN
  PERFORM schemac.partition_create('public.digests', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

ALTER TABLE public.digests ADD CONSTRAINT digests_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

ALTER TABLE public.user_digest_preferences ADD CONSTRAINT user_digest_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

COMMENT ON CONSTRAINT digests_user_id_fkey ON public.digests IS 'A digest is personal data and goes with the account; and none is generated for a user who is not there.';

COMMENT ON CONSTRAINT user_digest_preferences_user_id_fkey ON public.user_digest_preferences IS 'Preferences mean nothing without their user and go with the account.';
