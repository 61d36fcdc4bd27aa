-- schemac migration 0001_initial_schema
-- Adds partition support schemac.
-- Adds schema archive.
-- Adds table public.digest_daily_stats.
-- Adds table public.digest_interactions.
-- Adds table public.digest_payloads.
-- Adds table public.digest_sends.
-- Adds table public.digests.
-- Adds table public.user_digest_preferences.
--
-- phase: expand
-- target: PostgreSQL 16
-- proven: PGlite 0.5.16 (PostgreSQL 18.6), with rows in table public.users
-- locks:
--   155 ShareRowExclusiveLock on table public.users (blocks writes), no rewrite, no scan
--   156 ShareRowExclusiveLock on table public.users (blocks writes), no rewrite, no scan
-- hazards:
--   155 locks-other-table table public.users: writes to the referenced table wait while the constraint is added
--   156 locks-other-table table public.users: writes to the referenced table wait while the constraint is added
-- externals:
--   CREATE TABLE public.users (
--     id bigint NOT NULL,
--     CONSTRAINT users_pkey PRIMARY KEY (id)
--   );
-- undo:
--   ALTER TABLE public.user_digest_preferences DROP CONSTRAINT user_digest_preferences_user_id_fkey;
--   ALTER TABLE public.digests DROP CONSTRAINT digests_user_id_fkey;
--   DELETE FROM schemac.partition_rule WHERE parent = 'public.digests';
--   DELETE FROM schemac.partition_rule WHERE parent = 'public.digest_sends';
--   DELETE FROM schemac.partition_rule WHERE parent = 'public.digest_payloads';
--   DELETE FROM schemac.partition_rule WHERE parent = 'public.digest_interactions';
--   DROP INDEX public.user_digest_preferences_due;
--   DROP TABLE public.user_digest_preferences;
--   DROP INDEX public.digests_user_recent;
--   DROP TABLE public.digests;
--   DROP INDEX public.digest_sends_queued;
--   DROP INDEX public.digest_sends_provider_message;
--   DROP INDEX public.digest_sends_period;
--   DROP INDEX public.digest_sends_one_live;
--   DROP TABLE public.digest_sends;
--   DROP TABLE public.digest_payloads;
--   DROP INDEX public.digest_interactions_digest;
--   DROP INDEX public.digest_interactions_cohort;
--   DROP TABLE public.digest_interactions;
--   DROP TABLE public.digest_daily_stats;
--   DROP SCHEMA archive;
\set ON_ERROR_STOP on
SET search_path TO public;

BEGIN;

-- step 1 transactional: Create schema archive.
-- probe: present schema archive
CREATE SCHEMA archive;

COMMENT ON SCHEMA archive IS 'Partitions of digests and digest_sends past their retention wait here, detached and whole, until their grace is over. Applications do not read them; an erasure must.';

-- step 3 transactional: Create table public.digest_daily_stats.
-- probe: present table public.digest_daily_stats
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

-- step 22 transactional: Create table public.digest_interactions.
-- probe: present table public.digest_interactions
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

-- step 23 transactional: Create index public.digest_interactions_cohort.
-- probe: valid index public.digest_interactions_cohort
CREATE INDEX digest_interactions_cohort ON public.digest_interactions (period_start, kind) INCLUDE (type, digest_id, is_automatic, occurred_at);

-- step 24 transactional: Create index public.digest_interactions_digest.
-- probe: valid index public.digest_interactions_digest
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

-- step 40 transactional: Create table public.digest_payloads.
-- probe: present table public.digest_payloads
CREATE TABLE public.digest_payloads (
  digest_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL,
  html text NOT NULL,
  plain_text text NOT NULL,
  CONSTRAINT digest_payloads_pkey PRIMARY KEY (digest_id, created_at),
  CONSTRAINT digest_payloads_html_size CHECK (octet_length(html) BETWEEN 1 AND 1048576),
  CONSTRAINT digest_payloads_plain_text_size CHECK (octet_length(plain_text) BETWEEN 1 AND 1048576)
) PARTITION BY RANGE (created_at);

-- step 41 expand: Compress public.digest_payloads.html with lz4 where the server was built with it; existing rows stay as they are.
-- carries: {"object":"column public.digest_payloads.html","attribute":"compression","value":"lz4"}
SELECT 'ALTER TABLE public.digest_payloads ALTER COLUMN html SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

-- step 42 expand: Compress public.digest_payloads.plain_text with lz4 where the server was built with it; existing rows stay as they are.
-- carries: {"object":"column public.digest_payloads.plain_text","attribute":"compression","value":"lz4"}
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

-- step 51 transactional: Create table public.digest_sends.
-- probe: present table public.digest_sends
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

-- step 52 expand: Compress public.digest_sends.provider_response with lz4 where the server was built with it; existing rows stay as they are.
-- carries: {"object":"column public.digest_sends.provider_response","attribute":"compression","value":"lz4"}
SELECT 'ALTER TABLE public.digest_sends ALTER COLUMN provider_response SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

-- step 53 transactional: Create index public.digest_sends_one_live.
-- probe: valid index public.digest_sends_one_live
CREATE UNIQUE INDEX digest_sends_one_live ON public.digest_sends (user_id, kind, period_start) WHERE status <> 'failed';

-- step 54 transactional: Create index public.digest_sends_period.
-- probe: valid index public.digest_sends_period
CREATE INDEX digest_sends_period ON public.digest_sends USING brin (period_start) WITH (autosummarize = 'true', pages_per_range = 32);

-- step 55 transactional: Create index public.digest_sends_provider_message.
-- probe: valid index public.digest_sends_provider_message
CREATE UNIQUE INDEX digest_sends_provider_message ON public.digest_sends (provider_message_id, period_start) WHERE provider_message_id IS NOT NULL;

-- step 56 transactional: Create index public.digest_sends_queued.
-- probe: valid index public.digest_sends_queued
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

-- step 79 transactional: Create table public.digests.
-- probe: present table public.digests
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

-- step 80 expand: Compress public.digests.content with lz4 where the server was built with it; existing rows stay as they are.
-- carries: {"object":"column public.digests.content","attribute":"compression","value":"lz4"}
SELECT 'ALTER TABLE public.digests ALTER COLUMN content SET COMPRESSION lz4'
WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) \gexec

-- step 81 transactional: Create index public.digests_user_recent.
-- probe: valid index public.digests_user_recent
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

-- step 102 transactional: Create table public.user_digest_preferences.
-- probe: present table public.user_digest_preferences
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

-- step 103 transactional: Create index public.user_digest_preferences_due.
-- probe: valid index public.user_digest_preferences_due
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

-- step 119 transactional: Make the schema of schemac itself, if it is not there.
CREATE SCHEMA IF NOT EXISTS schemac;

-- step 120 transactional: Make the table of partition rules.
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

-- step 121 transactional: Let rules be about ids and numbers too, and say how maintenance goes.
ALTER TABLE schemac.partition_rule
  ALTER COLUMN every DROP NOT NULL,
  ADD COLUMN IF NOT EXISTS key text NOT NULL DEFAULT 'time' CHECK (key IN ('time', 'uuidv7', 'snowflake', 'integer')),
  ADD COLUMN IF NOT EXISTS epoch timestamptz,
  ADD COLUMN IF NOT EXISTS bits integer,
  ADD COLUMN IF NOT EXISTS step bigint CHECK (step > 0),
  ADD COLUMN IF NOT EXISTS retain_keys bigint CHECK (retain_keys > 0),
  ADD COLUMN IF NOT EXISTS past integer NOT NULL DEFAULT 0 CHECK (past BETWEEN 0 AND 999),
  ADD COLUMN IF NOT EXISTS retire_limit integer NOT NULL DEFAULT 10 CHECK (retire_limit > 0),
  ADD COLUMN IF NOT EXISTS tablespace text,
  ADD COLUMN IF NOT EXISTS analyze_every interval,
  ADD COLUMN IF NOT EXISTS exports boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS managed_by text,
  ADD COLUMN IF NOT EXISTS within jsonb;

-- step 122 transactional: Make the log of partitions made and retired.
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

-- step 123 transactional: Let the log tell a retirement from beginning to end.
ALTER TABLE schemac.partition_log
  ADD COLUMN IF NOT EXISTS as_of timestamptz,
  ADD COLUMN IF NOT EXISTS bound text,
  ADD COLUMN IF NOT EXISTS entry bigint,
  ADD COLUMN IF NOT EXISTS held_until timestamptz;

-- step 124 transactional: Where the partition that holds a time begins and ends.
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

-- step 125 transactional: Where the partition that holds a time begins.
CREATE OR REPLACE FUNCTION schemac.partition_floor(at timestamptz, every interval, zone text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$ SELECT cell.lower FROM schemac.partition_cell($1, $2, $3) cell $$;

-- step 126 transactional: The time that a value of the key stands for.
CREATE OR REPLACE FUNCTION schemac.partition_moment(value text, rule schemac.partition_rule) RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  SELECT CASE ($2).key
    WHEN 'uuidv7' THEN timestamptz 'epoch' + ('x' || lpad(left(replace($1, '-', ''), 12), 16, '0'))::bit(64)::bigint * interval '1 millisecond'
    WHEN 'snowflake' THEN ($2).epoch + ($1::bigint >> ($2).bits) * interval '1 millisecond'
    ELSE $1::timestamptz
  END
$$;

-- step 127 transactional: The value of the key that stands for a time.
CREATE OR REPLACE FUNCTION schemac.partition_value(at timestamptz, key_type text, rule schemac.partition_rule) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  SELECT CASE
    WHEN ($3).key = 'uuidv7' THEN regexp_replace(lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0'), '^(.{8})(.{4})$', '\1-\2-0000-0000-000000000000')
    WHEN ($3).key = 'snowflake' THEN ((extract(epoch FROM $1 - ($3).epoch) * 1000)::bigint << ($3).bits)::text
    WHEN $2 = 'date' THEN ($1)::date::text
    WHEN $2 = 'timestamp without time zone' THEN ($1)::timestamp::text
    ELSE ($1)::text
  END
$$;

-- step 128 transactional: The partitions of a table with their bounds.
CREATE OR REPLACE FUNCTION schemac.partition_list(parent text)
RETURNS TABLE (relation text, lower timestamptz, upper timestamptz, low numeric, high numeric, bound text, detaching boolean)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  SELECT format('%I.%I', n.nspname, c.relname),
    CASE WHEN b.of_numbers THEN NULL WHEN b.bound ~ 'FROM \(MINVALUE' THEN '-infinity' ELSE schemac.partition_moment(b.lower, r) END,
    CASE WHEN b.of_numbers THEN NULL WHEN b.bound ~ 'TO \(MAXVALUE' THEN 'infinity' ELSE schemac.partition_moment(b.upper, r) END,
    CASE WHEN NOT b.of_numbers THEN NULL WHEN b.bound ~ 'FROM \(MINVALUE' THEN '-infinity' ELSE b.lower::numeric END,
    CASE WHEN NOT b.of_numbers THEN NULL WHEN b.bound ~ 'TO \(MAXVALUE' THEN 'infinity' ELSE b.upper::numeric END,
    b.bound, i.inhdetachpending
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN schemac.partition_rule r ON to_regclass(r.parent) = i.inhparent
  CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) text_of(bound)
  CROSS JOIN LATERAL (SELECT text_of.bound, substring(text_of.bound FROM 'FROM \(''([^'']*)'''), substring(text_of.bound FROM 'TO \(''([^'']*)'''),
    coalesce(r.key = 'integer', false)) b(bound, lower, upper, of_numbers)
  WHERE i.inhparent = to_regclass($1)
  ORDER BY 2, 4, 1
$$;

-- step 129 transactional: What the name of a new partition ends in.
CREATE OR REPLACE FUNCTION schemac.partition_suffix(lower timestamptz, every interval) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$ SELECT to_char($1, CASE WHEN $2 < interval '1 day' OR $1 <> date_trunc('day', $1) THEN '"_p"YYYYMMDD"T"HH24MI' ELSE '"_p"YYYYMMDD' END) $$;

-- step 130 transactional: A name for a new partition.
CREATE OR REPLACE FUNCTION schemac.partition_name(parent text, suffix text) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
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

-- step 131 transactional: The stretch that a partition rule wants partitions for at a time.
CREATE OR REPLACE FUNCTION schemac.partition_window(parent text, at timestamptz,
  OUT key_type text, OUT zone text, OUT clock timestamptz, OUT first timestamptz, OUT present timestamptz, OUT finish timestamptz, OUT expired timestamptz,
  OUT greatest_key numeric, OUT first_key numeric, OUT present_key numeric, OUT finish_key numeric, OUT expired_key numeric)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  relid CONSTANT oid := partition_window.parent::regclass;
  rule schemac.partition_rule;
BEGIN
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = relid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partition rule for %', partition_window.parent USING ERRCODE = 'undefined_object';
  END IF;
  SELECT format_type(a.atttypid, NULL) INTO key_type
    FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = relid AND p.partstrat = 'r' AND p.partnatts = 1;
  IF key_type IS NULL OR NOT key_type = ANY (CASE rule.key
      WHEN 'uuidv7' THEN ARRAY['uuid'] WHEN 'snowflake' THEN ARRAY['bigint'] WHEN 'integer' THEN ARRAY['bigint', 'integer', 'smallint']
      ELSE ARRAY['timestamp with time zone', 'timestamp without time zone', 'date'] END) THEN
    RAISE EXCEPTION 'a partition rule needs a range key of one % column, % has none',
      CASE rule.key WHEN 'time' THEN 'date or timestamp' WHEN 'uuidv7' THEN 'uuid' WHEN 'snowflake' THEN 'bigint' ELSE 'integer' END, partition_window.parent
      USING ERRCODE = 'wrong_object_type';
  END IF;
  IF rule.key = 'integer' THEN
    EXECUTE format('SELECT coalesce(max(%I), 0) FROM %s', rule.column_name, relid::regclass) INTO greatest_key;
    present_key := floor(greatest_key / rule.step) * rule.step;
    first_key := present_key - rule.past * rule.step;
    finish_key := present_key + (rule.premake + 1) * rule.step;
    expired_key := greatest_key - rule.retain_keys;
    first_key := greatest(first_key, floor(expired_key / rule.step) * rule.step);
    RETURN;
  END IF;
  IF key_type = 'date' AND rule.every < interval '1 day' THEN
    RAISE EXCEPTION 'partitions by the date % of % cannot be % long', rule.column_name, partition_window.parent, rule.every
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use whole days, weeks, months or years.';
  END IF;
  zone := CASE WHEN key_type IN ('date', 'timestamp without time zone') THEN 'UTC' ELSE rule.zone END;
  clock := CASE WHEN key_type IN ('date', 'timestamp without time zone') THEN (at AT TIME ZONE rule.zone) AT TIME ZONE 'UTC' ELSE at END;
  SELECT c.lower, c.upper INTO present, finish FROM schemac.partition_cell(clock, rule.every, zone) c;
  first := present;
  FOR step IN 1 .. rule.premake LOOP
    SELECT c.upper INTO finish FROM schemac.partition_cell(finish, rule.every, zone) c;
  END LOOP;
  FOR step IN 1 .. rule.past LOOP
    first := schemac.partition_floor(first - interval '1 microsecond', rule.every, zone);
  END LOOP;
  expired := ((clock AT TIME ZONE zone) - rule.retain) AT TIME ZONE zone;
  first := greatest(first, schemac.partition_floor(expired, rule.every, zone));
END
$$;

-- step 132 transactional: What no partition covers of it.
CREATE OR REPLACE FUNCTION schemac.partition_missing(parent text, at timestamptz)
RETURNS TABLE (lower timestamptz, upper timestamptz, suffix text, bound text, reason text)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  rule schemac.partition_rule;
  span record;
  oldest timestamptz;
  oldest_key numeric;
  gap tstzrange;
  keys numrange;
  key numeric;
  next_key numeric;
BEGIN
  SELECT r.* INTO STRICT rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_missing.parent::regclass;
  SELECT w.* INTO span FROM schemac.partition_window(rule.parent, at) w;
  IF rule.key = 'integer' THEN
    SELECT min(e.low) INTO oldest_key FROM schemac.partition_list(rule.parent) e WHERE e.high > coalesce(span.expired_key, '-infinity');
    oldest_key := least(span.first_key, CASE WHEN oldest_key IS NOT NULL THEN greatest(oldest_key, floor(span.expired_key / rule.step) * rule.step) END);
    FOR keys IN
      SELECT missing FROM unnest(nummultirange(numrange(oldest_key, span.finish_key))
        - (SELECT coalesce(range_agg(numrange(e.low, e.high)), '{}') FROM schemac.partition_list(rule.parent) e WHERE e.low IS NOT NULL)) missing
    LOOP
      key := pg_catalog.lower(keys);
      WHILE key < pg_catalog.upper(keys) LOOP
        next_key := least((floor(key / rule.step) + 1) * rule.step, pg_catalog.upper(keys));
        suffix := '_p' || replace(key::bigint::text, '-', 'm');
        bound := format('FOR VALUES FROM (%L) TO (%L)', key::bigint, next_key::bigint);
        reason := CASE WHEN next_key <= span.greatest_key THEN 'no partition takes these keys'
          WHEN key <= span.greatest_key THEN 'it takes the present keys' ELSE format('%s ahead of the greatest key', ceil((key - span.present_key) / rule.step)) END;
        RETURN NEXT;
        key := next_key;
      END LOOP;
    END LOOP;
    RETURN;
  END IF;
  SELECT min(e.lower) INTO oldest FROM schemac.partition_list(rule.parent) e WHERE e.upper > coalesce(span.expired, '-infinity');
  oldest := least(span.first, CASE WHEN oldest IS NOT NULL THEN greatest(oldest, schemac.partition_floor(span.expired, rule.every, span.zone)) END);
  FOR gap IN
    SELECT missing FROM unnest(tstzmultirange(tstzrange(oldest, span.finish))
      - (SELECT coalesce(range_agg(tstzrange(e.lower, e.upper)), '{}') FROM schemac.partition_list(rule.parent) e WHERE e.lower IS NOT NULL)) missing
  LOOP
    lower := pg_catalog.lower(gap);
    WHILE lower < pg_catalog.upper(gap) LOOP
      SELECT least(c.upper, pg_catalog.upper(gap)) INTO upper FROM schemac.partition_cell(lower, rule.every, span.zone) c;
      suffix := schemac.partition_suffix(lower, rule.every);
      bound := format('FOR VALUES FROM (%L) TO (%L)', schemac.partition_value(lower, span.key_type, rule), schemac.partition_value(upper, span.key_type, rule));
      reason := CASE WHEN upper <= span.clock THEN 'no partition takes rows of that time'
        WHEN lower <= span.clock THEN 'it takes the present rows' ELSE 'ahead of time' END;
      RETURN NEXT;
      lower := upper;
    END LOOP;
  END LOOP;
END
$$;

-- step 133 transactional: The partitions that were detached, by the mark that they bear.
CREATE OR REPLACE FUNCTION schemac.partition_retired(parent text)
RETURNS TABLE (entry bigint, relation text, schema_name text, name text, is_renamed boolean, lower timestamptz, upper timestamptz, bound text, detached_at timestamptz, exported_at timestamptz)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  SELECT l.id, format('%I.%I', n.nspname, c.relname), n.nspname::text, c.relname::text,
    format('%I.%I', n.nspname, c.relname) <> (SELECT last.relation FROM schemac.partition_log last WHERE last.id = l.id OR last.entry = l.id ORDER BY last.id DESC LIMIT 1),
    l.lower, l.upper, l.bound,
    (SELECT max(done.as_of) FROM schemac.partition_log done WHERE done.entry = l.id AND done.action = 'detached'),
    (SELECT max(done.as_of) FROM schemac.partition_log done WHERE done.entry = l.id AND done.action = 'exported')
  FROM pg_description d
  JOIN pg_class c ON c.oid = d.objoid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN schemac.partition_log l ON l.id = substring(d.description FROM '^schemac partition_log ([0-9]{1,18}): ')::bigint AND l.action = 'detaching'
  WHERE d.classoid = 'pg_class'::regclass AND d.objsubid = 0 AND l.parent = $1
  ORDER BY l.lower, l.id
$$;

-- step 134 transactional: What is to become of partitions past retention at a time.
CREATE OR REPLACE FUNCTION schemac.partition_retirement(parent text, at timestamptz)
RETURNS TABLE (action text, name text, lower timestamptz, upper timestamptz, relation text, bound text, reason text, entry bigint)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  rule schemac.partition_rule;
  span record;
BEGIN
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_retirement.parent::regclass;
  IF rule.managed_by IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT w.* INTO span FROM schemac.partition_window(partition_retirement.parent, at) w;
  RETURN QUERY
    SELECT 'finalize', c.relname::text, e.lower, e.upper, e.relation, e.bound, 'its detachment was begun and not finished', NULL::bigint
    FROM schemac.partition_list(rule.parent) e JOIN pg_class c ON c.oid = e.relation::regclass
    WHERE e.detaching;
  RETURN QUERY
    SELECT 'retire', c.relname::text, e.lower, e.upper, e.relation, e.bound,
      CASE WHEN rule.key = 'integer' THEN format('its keys are %s behind the greatest', (span.greatest_key - e.high + 1)::bigint)
        ELSE format('past retention since %s', replace(to_char((e.upper AT TIME ZONE span.zone + rule.retain) AT TIME ZONE span.zone, 'YYYY-MM-DD HH24:MI'), ' 00:00', '')) END, NULL::bigint
    FROM schemac.partition_list(rule.parent) e JOIN pg_class c ON c.oid = e.relation::regclass
    WHERE (e.upper <= span.expired OR e.high <= span.expired_key) AND NOT e.detaching
      AND NOT EXISTS (SELECT FROM schemac.partition_log l WHERE l.parent = rule.parent AND l.relation = e.relation AND l.action = 'attached' AND l.held_until > at)
    ORDER BY e.lower, e.high;
  RETURN QUERY
    SELECT due.what, due.name, t.lower, t.upper, t.relation, t.bound, due.why, t.entry
    FROM schemac.partition_retired(rule.parent) t
    CROSS JOIN LATERAL (SELECT
      CASE WHEN t.detached_at IS NULL THEN 'record'
        WHEN t.is_renamed THEN NULL
        WHEN rule.on_retire = 'archive' AND t.schema_name <> rule.archive_schema THEN 'move'
        WHEN rule.on_retire = 'drop' AND t.detached_at + coalesce(rule.grace, interval '0') <= at THEN 'drop'
        WHEN rule.on_retire = 'archive' AND t.detached_at + rule.grace <= at THEN 'drop' END,
      t.name,
      CASE WHEN t.detached_at IS NULL THEN 'it was detached by a run that was stopped'
        WHEN rule.on_retire = 'archive' AND t.schema_name <> rule.archive_schema THEN format('detached partitions are kept in schema %s', rule.archive_schema)
        ELSE format('detached on %s, its grace is over', to_char(t.detached_at, 'YYYY-MM-DD')) END) due(what, name, why)
    WHERE due.what IS NOT NULL
    ORDER BY CASE due.what WHEN 'record' THEN 1 WHEN 'move' THEN 2 ELSE 3 END, t.lower, t.entry;
END
$$;

-- step 135 transactional: What a partition rule wants made, retired, moved and dropped at a time.
CREATE OR REPLACE FUNCTION schemac.partition_plan(parent text, at timestamptz)
RETURNS TABLE (action text, name text, lower timestamptz, upper timestamptz, relation text, bound text, reason text, entry bigint)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  SELECT plan.action, plan.name, plan.lower, plan.upper, plan.relation, plan.bound, plan.reason, plan.entry FROM (
    SELECT 1 AS part, m.place, 'create' AS action, named.name, m.lower, m.upper, format('%I.%I', n.nspname, named.name) AS relation, m.bound, m.reason, NULL::bigint AS entry
    FROM schemac.partition_rule r
    JOIN pg_class c ON c.oid = to_regclass(r.parent) JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL schemac.partition_missing(r.parent, $2) WITH ORDINALITY m(lower, upper, suffix, bound, reason, place)
    CROSS JOIN LATERAL (SELECT schemac.partition_name(r.parent, m.suffix)) named(name)
    WHERE c.oid = $1::regclass AND r.managed_by IS NULL
    UNION ALL
    SELECT 2, t.place, t.action, t.name, t.lower, t.upper, t.relation, t.bound, t.reason, t.entry
    FROM schemac.partition_retirement($1, $2) WITH ORDINALITY t(action, name, lower, upper, relation, bound, reason, entry, place)
  ) plan
  ORDER BY plan.part, plan.place
$$;

-- step 136 transactional: Give a new partition what it does not inherit.
CREATE OR REPLACE FUNCTION schemac.partition_copy_settings(parent regclass, child regclass) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  command text;
BEGIN
  FOR command IN
    -- Default privileges may have given what the parent does not give.
    SELECT format('REVOKE ALL ON %s FROM %s', child, coalesce(quote_ident(r.rolname), 'PUBLIC'))
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = child AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, child, coalesce(quote_ident(r.rolname), 'PUBLIC'), CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = parent AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s (%I) ON %s TO %s%s', a.privilege_type, t.attname, child, coalesce(quote_ident(r.rolname), 'PUBLIC'), CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped CROSS JOIN aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = parent AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', child, t.attname, t.attstattarget)
      FROM pg_attribute t WHERE t.attrelid = parent AND t.attnum > 0 AND NOT t.attisdropped AND t.attstattarget >= 0
    UNION ALL
    SELECT format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', child, t.attname, string_agg(option, ', '))
      FROM pg_attribute t, unnest(t.attoptions) option WHERE t.attrelid = parent AND t.attnum > 0 AND NOT t.attisdropped AND NOT starts_with(option, 'pg_attver=') GROUP BY t.attname
    UNION ALL
    SELECT format('ALTER TABLE %s %s', child, setting)
      FROM pg_class c CROSS JOIN LATERAL (VALUES
        (CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END),
        (CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END),
        (CASE c.relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' END),
        (CASE WHEN c.relowner <> (SELECT own.relowner FROM pg_class own WHERE own.oid = child) THEN format('OWNER TO %I', pg_get_userbyid(c.relowner)) END)
      ) settings(setting)
      WHERE c.oid = parent AND setting IS NOT NULL
  LOOP
    EXECUTE command;
  END LOOP;
END
$$;

-- step 137 transactional: Make one partition, and those below it.
CREATE OR REPLACE FUNCTION schemac.partition_make(parent regclass, relation text, bound text, within jsonb, place text, tablespace text) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  part record;
BEGIN
  EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING IDENTITY)%s', relation, parent,
    CASE WHEN within IS NULL THEN place ELSE ' PARTITION BY ' || (within ->> 'key') || tablespace END);
  PERFORM schemac.partition_copy_settings(parent, relation::regclass);
  FOR part IN
    SELECT format('%I.%I', n.nspname, schemac.partition_name(partition_make.relation, '_' || each.name)) AS relation, each.bound, each.within
      FROM jsonb_to_recordset(partition_make.within -> 'parts') each(name text, bound text, within jsonb),
        pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = partition_make.relation::regclass
  LOOP
    PERFORM schemac.partition_make(partition_make.relation::regclass, part.relation, part.bound, part.within, place, tablespace);
  END LOOP;
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s %s', parent, relation, bound);
END
$$;

-- step 138 transactional: Make the partitions that a rule wants at a time.
CREATE OR REPLACE FUNCTION schemac.partition_create(parent text, at timestamptz, at_most integer DEFAULT 1000) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  limit_of_partitions CONSTANT integer := 1000;
  rule schemac.partition_rule;
  parameters text;
  place text;
  tablespace text;
  before bigint;
  leaves bigint;
  wanted record;
  identity record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('schemac partitions of ' || partition_create.parent::regclass::oid, 0));
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = partition_create.parent::regclass;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partition rule for %', partition_create.parent USING ERRCODE = 'undefined_object';
  END IF;
  IF rule.managed_by IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT ' WITH (' || string_agg((SELECT string_agg(quote_ident(part), '.') FROM regexp_split_to_table(key, '\.') part) || ' = ' || quote_literal(value), ', ' ORDER BY key) || ')'
    INTO parameters FROM jsonb_each_text(rule.template);
  SELECT coalesce(' TABLESPACE ' || quote_ident(coalesce(rule.tablespace, s.spcname)), ''), coalesce(' USING ' || quote_ident(m.amname), '') || coalesce(parameters, '')
    INTO tablespace, place FROM pg_class c LEFT JOIN pg_am m ON m.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
    WHERE c.oid = partition_create.parent::regclass;
  SELECT count(*) INTO before FROM pg_partition_tree(partition_create.parent::regclass) t WHERE t.isleaf AND t.level > 0;
  SELECT greatest(1, count(*)) INTO leaves FROM jsonb_path_query(rule.within, 'strict $.** ? (exists(@.bound) && !exists(@.within))');
  FOR wanted IN
    SELECT m.*, format('%I.%I', n.nspname, schemac.partition_name(rule.parent, m.suffix)) AS relation
      FROM (SELECT missing.*, count(*) OVER () AS number FROM schemac.partition_missing(rule.parent, at) WITH ORDINALITY missing(lower, upper, suffix, bound, reason, place)
        ORDER BY missing.reason NOT LIKE 'it takes the present%', missing.reason NOT LIKE '%ahead of%', missing.place LIMIT at_most) m,
        pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = partition_create.parent::regclass
      ORDER BY m.reason NOT LIKE 'it takes the present%', m.reason NOT LIKE '%ahead of%', m.place
  LOOP
    IF coalesce(current_setting('schemac.many_partitions', true), '') <> 'on'
      AND wanted.number * leaves + before > limit_of_partitions THEN
      RAISE EXCEPTION 'the partition rule of % asks for more than % partitions', partition_create.parent, limit_of_partitions
        USING ERRCODE = 'program_limit_exceeded', HINT = 'Make the interval longer or the number of partitions ahead smaller; SET schemac.many_partitions = on makes them all the same.';
    END IF;
    PERFORM schemac.partition_make(partition_create.parent::regclass, wanted.relation, wanted.bound, rule.within, place || tablespace, tablespace);
    FOR identity IN
      SELECT o.indrelid::regclass AS relation, own.relname FROM pg_index i CROSS JOIN LATERAL pg_partition_tree(i.indexrelid::regclass) t
        JOIN pg_index o ON o.indexrelid = t.relid JOIN pg_class own ON own.oid = o.indexrelid
        WHERE i.indrelid = partition_create.parent::regclass AND i.indisreplident
          AND o.indrelid IN (SELECT part.relid FROM pg_partition_tree(wanted.relation::regclass) part UNION SELECT wanted.relation::regclass)
    LOOP
      EXECUTE format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', identity.relation, identity.relname);
    END LOOP;
    INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of)
      VALUES (rule.parent, wanted.relation, 'created', wanted.lower, wanted.upper, wanted.bound, partition_create.at);
    RETURN NEXT wanted.relation;
  END LOOP;
END
$$;

-- step 139 transactional: Mark a partition that is about to be detached.
CREATE OR REPLACE FUNCTION schemac.partition_begin_retire(parent text, relation text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  part record;
  was text;
  number bigint;
BEGIN
  SELECT e.* INTO part FROM schemac.partition_list(partition_begin_retire.parent) e WHERE e.relation = partition_begin_retire.relation;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% is no partition of %', relation, partition_begin_retire.parent USING ERRCODE = 'wrong_object_type';
  END IF;
  was := obj_description(part.relation::regclass, 'pg_class');
  number := substring(was FROM '^schemac partition_log ([0-9]{1,18}): ');
  IF number IS NOT NULL AND EXISTS (SELECT FROM schemac.partition_log l WHERE l.id = number AND l.relation = part.relation AND l.parent = partition_begin_retire.parent) THEN
    RETURN number;
  END IF;
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, detail)
    VALUES (partition_begin_retire.parent, part.relation, 'detaching', part.lower, part.upper, part.bound, partition_begin_retire.at, jsonb_build_object('comment', was))
    RETURNING id INTO number;
  EXECUTE format('COMMENT ON TABLE %s IS %L', part.relation,
    format('schemac partition_log %s: retired from %s, %s', number, partition_begin_retire.parent, part.bound));
  RETURN number;
END
$$;

-- step 140 transactional: Note that it is detached.
CREATE OR REPLACE FUNCTION schemac.partition_end_retire(entry bigint, at timestamptz) RETURNS void
LANGUAGE sql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry)
  SELECT l.parent, t.relation, 'detached', l.lower, l.upper, l.bound, $2, l.id
  FROM schemac.partition_log l JOIN schemac.partition_retired(l.parent) t ON t.entry = l.id
  WHERE l.id = $1 AND t.detached_at IS NULL
$$;

-- step 141 transactional: Detach a partition where it cannot be done concurrently.
CREATE OR REPLACE FUNCTION schemac.partition_detach(parent text, relation text, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  number bigint;
BEGIN
  number := schemac.partition_begin_retire(parent, relation, at);
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', partition_detach.parent, partition_detach.relation);
  PERFORM schemac.partition_end_retire(number, at);
END
$$;

-- step 142 transactional: Move a detached partition into the archive, with those below it.
CREATE OR REPLACE FUNCTION schemac.partition_move_table(relation regclass, target text) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  namespace text;
  name text;
  free text;
  number integer := 1;
BEGIN
  SELECT n.nspname, c.relname INTO STRICT namespace, name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;
  free := name;
  WHILE to_regclass(format('%I.%I', target, free)) IS NOT NULL OR (number > 1 AND to_regclass(format('%I.%I', namespace, free)) IS NOT NULL) LOOP
    number := number + 1;
    free := left(name, 55) || '_' || number;
  END LOOP;
  IF free <> name THEN
    EXECUTE format('ALTER TABLE %s RENAME TO %I', relation, free);
  END IF;
  EXECUTE format('ALTER TABLE %I.%I SET SCHEMA %I', namespace, free, target);
  RETURN format('%I.%I', target, free);
END
$$;

-- step 143 transactional: Move a detached partition into the archive, with those below it.
CREATE OR REPLACE FUNCTION schemac.partition_move(entry bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  retired record;
  target text;
BEGIN
  SELECT t.*, l.parent, r.archive_schema INTO STRICT retired
    FROM schemac.partition_log l JOIN schemac.partition_rule r ON r.parent = l.parent JOIN schemac.partition_retired(l.parent) t ON t.entry = l.id
    WHERE l.id = partition_move.entry AND t.detached_at IS NOT NULL AND NOT t.is_renamed;
  PERFORM schemac.partition_move_table(part.relid, retired.archive_schema)
    FROM pg_partition_tree(retired.relation::regclass) part JOIN pg_class c ON c.oid = part.relid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE part.level > 0 AND n.nspname <> retired.archive_schema;
  target := schemac.partition_move_table(retired.relation::regclass, retired.archive_schema);
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry)
    VALUES (retired.parent, target, 'moved', retired.lower, retired.upper, retired.bound, partition_move.at, partition_move.entry);
  RETURN target;
END
$$;

-- step 144 transactional: Drop a detached partition whose grace is over.
CREATE OR REPLACE FUNCTION schemac.partition_drop(entry bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE STRICT
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD'
AS $$
DECLARE
  retired record;
BEGIN
  SELECT p.*, l.parent INTO retired FROM schemac.partition_log l JOIN schemac.partition_retirement(l.parent, partition_drop.at) p ON p.entry = l.id AND p.action = 'drop'
    WHERE l.id = partition_drop.entry;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'entry % of schemac.partition_log is of no partition that is to be dropped', partition_drop.entry USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  EXECUTE format('DROP TABLE %s', retired.relation);
  INSERT INTO schemac.partition_log (parent, relation, action, lower, upper, bound, as_of, entry)
    VALUES (retired.parent, retired.relation, 'dropped', retired.lower, retired.upper, retired.bound, partition_drop.at, partition_drop.entry);
END
$$;

-- step 145 transactional: All of it inside the server, for pg_cron.
CREATE OR REPLACE PROCEDURE schemac.partition_maintain(at timestamptz DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
  clock CONSTANT timestamptz := coalesce(partition_maintain.at, pg_catalog.clock_timestamp());
  key CONSTANT bigint := pg_catalog.hashtextextended('schemac partition maintenance', 0);
  rule record;
  step record;
  steps jsonb;
  tries integer;
  is_done boolean;
BEGIN
  IF NOT pg_catalog.pg_try_advisory_lock(key) THEN
    RAISE NOTICE 'another maintenance of partitions is at work';
    RETURN;
  END IF;
  FOR rule IN SELECT r.* FROM schemac.partition_rule r WHERE r.managed_by IS NULL AND pg_catalog.to_regclass(r.parent) IS NOT NULL ORDER BY r.parent LOOP
    tries := 0;
    LOOP
      is_done := false;
      BEGIN
        PERFORM pg_catalog.set_config('lock_timeout', '200ms', true);
        PERFORM schemac.partition_create(rule.parent, clock, 1);
        is_done := NOT FOUND;
      EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
          tries := tries + 1;
          is_done := tries >= 20;
          IF is_done THEN
            INSERT INTO schemac.partition_log (parent, relation, action, as_of, detail) VALUES (rule.parent, rule.parent, 'failed', clock, pg_catalog.jsonb_build_object('step', 'create', 'error', SQLERRM));
          END IF;
        WHEN OTHERS THEN
          is_done := true;
          INSERT INTO schemac.partition_log (parent, relation, action, as_of, detail) VALUES (rule.parent, rule.parent, 'failed', clock, pg_catalog.jsonb_build_object('step', 'create', 'error', SQLERRM));
      END;
      COMMIT;
      EXIT WHEN is_done;
      IF tries > 0 THEN
        PERFORM pg_catalog.pg_sleep(0.5 + pg_catalog.random());
      END IF;
    END LOOP;
  END LOOP;
  -- What is detached in the first pass is moved, or dropped, in the second.
  FOR rule IN SELECT r.*, pass FROM pg_catalog.generate_series(1, 2) pass, schemac.partition_rule r WHERE r.managed_by IS NULL AND pg_catalog.to_regclass(r.parent) IS NOT NULL ORDER BY pass, r.parent LOOP
    BEGIN
      SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(p) ORDER BY p.place), '[]') INTO steps FROM (
        SELECT planned.*, pg_catalog.row_number() OVER () AS place, pg_catalog.row_number() OVER (PARTITION BY planned.action ORDER BY planned.lower, planned.entry) AS number
          FROM schemac.partition_retirement(rule.parent, clock) planned WHERE NOT (planned.action = 'drop' AND rule.exports)
      ) p WHERE p.number <= rule.retire_limit;
    EXCEPTION WHEN OTHERS THEN
      steps := '[]';
    END;
  FOR step IN SELECT rule.parent, s.* FROM pg_catalog.jsonb_to_recordset(steps) s(action text, relation text, entry bigint)
  LOOP
    tries := 0;
    LOOP
      is_done := false;
      BEGIN
        PERFORM pg_catalog.set_config('lock_timeout', '200ms', true);
        CASE step.action
          WHEN 'finalize' THEN EXECUTE pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', step.parent, step.relation);
          WHEN 'retire' THEN PERFORM schemac.partition_detach(step.parent, step.relation, clock);
          WHEN 'record' THEN PERFORM schemac.partition_end_retire(step.entry, clock);
          WHEN 'move' THEN PERFORM schemac.partition_move(step.entry, clock);
          WHEN 'drop' THEN PERFORM schemac.partition_drop(step.entry, clock);
        END CASE;
        is_done := true;
      EXCEPTION
        WHEN lock_not_available OR deadlock_detected THEN
          tries := tries + 1;
          is_done := tries >= 20;
        WHEN OTHERS THEN
          is_done := true;
          INSERT INTO schemac.partition_log (parent, relation, action, as_of, entry, detail) VALUES (step.parent, step.relation, 'failed', clock, step.entry, pg_catalog.jsonb_build_object('step', step.action, 'error', SQLERRM));
      END;
      COMMIT;
      EXIT WHEN is_done;
      PERFORM pg_catalog.pg_sleep(0.5 + pg_catalog.random());
    END LOOP;
  END LOOP;
  END LOOP;
  PERFORM pg_catalog.pg_advisory_unlock(key);
END
$$;

-- step 146 transactional: Note which version of partition support this is.
COMMENT ON TABLE schemac.partition_rule IS 'schemac partition support, version 3';

-- step 147 transactional: Note how public.digest_interactions is partitioned: every 1 month.
INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template, analyze_every)
  VALUES ('public.digest_interactions', 'occurred_at', '1 month', 3, '90 days', 'drop', NULL, '7 days', 'UTC', '{"autovacuum_vacuum_insert_scale_factor":"0.02"}', '7 days')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template, analyze_every = excluded.analyze_every;

-- step 148 transactional: Make the partitions of public.digest_interactions from the present one to 3 ahead.
DO $$
BEGIN
  PERFORM schemac.partition_create('public.digest_interactions', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

-- step 149 transactional: Note how public.digest_payloads is partitioned: every 1 day.
INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template)
  VALUES ('public.digest_payloads', 'created_at', '1 day', 7, '30 days', 'drop', NULL, '2 days', 'UTC', '{}')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template;

-- step 150 transactional: Make the partitions of public.digest_payloads from the present one to 7 ahead.
DO $$
BEGIN
  PERFORM schemac.partition_create('public.digest_payloads', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

-- step 151 transactional: Note how public.digest_sends is partitioned: every 1 month.
INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template, past, analyze_every)
  VALUES ('public.digest_sends', 'period_start', '1 month', 3, '13 months', 'archive', 'archive', '90 days', 'UTC', '{"autovacuum_vacuum_insert_scale_factor":"0.05","autovacuum_vacuum_scale_factor":"0.05"}', 1, '7 days')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template, past = excluded.past, analyze_every = excluded.analyze_every;

-- step 152 transactional: Make the partitions of public.digest_sends from the present one to 3 ahead.
DO $$
BEGIN
  PERFORM schemac.partition_create('public.digest_sends', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

-- step 153 transactional: Note how public.digests is partitioned: every 1 month.
INSERT INTO schemac.partition_rule (parent, column_name, every, premake, retain, on_retire, archive_schema, grace, zone, template, analyze_every)
  VALUES ('public.digests', 'created_at', '1 month', 3, '13 months', 'archive', 'archive', '90 days', 'UTC', '{"autovacuum_freeze_min_age":"0","autovacuum_vacuum_insert_scale_factor":"0.05"}', '7 days')
  ON CONFLICT (parent) DO UPDATE SET column_name = excluded.column_name, every = excluded.every, premake = excluded.premake, retain = excluded.retain, on_retire = excluded.on_retire, archive_schema = excluded.archive_schema, grace = excluded.grace, zone = excluded.zone, template = excluded.template, analyze_every = excluded.analyze_every;

-- step 154 transactional: Make the partitions of public.digests from the present one to 3 ahead.
DO $$
BEGIN
  PERFORM schemac.partition_create('public.digests', coalesce(nullif(current_setting('schemac.at', true), '')::timestamptz, now()));
END
$$;

COMMIT;

BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 155 transactional: Add foreign key digests_user_id_fkey from public.digests to public.users.
-- probe: present foreign-key public.digests.digests_user_id_fkey
ALTER TABLE public.digests ADD CONSTRAINT digests_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

COMMIT;

BEGIN;
SET LOCAL lock_timeout = '2s';

-- step 156 transactional: Add foreign key user_digest_preferences_user_id_fkey from public.user_digest_preferences to public.users.
-- probe: present foreign-key public.user_digest_preferences.user_digest_preferences_user_id_fkey
ALTER TABLE public.user_digest_preferences ADD CONSTRAINT user_digest_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) ON DELETE CASCADE;

COMMIT;

BEGIN;

COMMENT ON CONSTRAINT digests_user_id_fkey ON public.digests IS 'A digest is personal data and goes with the account; and none is generated for a user who is not there.';
COMMENT ON CONSTRAINT user_digest_preferences_user_id_fkey ON public.user_digest_preferences IS 'Preferences mean nothing without their user and go with the account.';

COMMIT;
