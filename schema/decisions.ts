/**
 * Questions about the storage of digests that were decided, with the figures that decided them:
 * measured on PostgreSQL 14 to 18, volumes for 1M active users of which 60 % get a daily and 30 % a
 * weekly digest. Who wants it otherwise finds here what to refute.
 */
import { decision } from 'schemac';
import { digestDailyStats } from './digest-daily-stats.ts';
import { digestInteractions } from './digest-interactions.ts';
import { digestPayloads } from './digest-payloads.ts';
import { digestSends } from './digest-sends.ts';
import { digests } from './digests.ts';
import { archive } from './project.ts';
import { userDigestPreferences } from './user-digest-preferences.ts';

const decidedOn = '2026-11-24';

export const partitionsOrArchive = decision('Partitioning or an archive table', {
  question: 'Are old rows moved to an archive table, or are the tables partitioned?',
  decision:
    'Range partitions by time: digests, sends and interactions by month, payloads by day. The archive is made of partitions, detached and moved whole to the schema archive, where they wait to be dropped. Preferences and daily statistics are plain tables.',
  because:
    'An archive table fed by INSERT … SELECT and DELETE writes each row twice and leaves 20 million dead rows a month to vacuum; detaching moves no row. Partitions stay in the range of 1 to 50 GB, and each table has at most 40 of them: with 17, planning a query without the key takes 0.15 to 0.3 ms (2 ms in a fresh session), with 1,200 it takes 80 to 200 ms and 3,600 locks. There is no default partition, since it would forbid DETACH CONCURRENTLY (55000) and be scanned at each attach.',
  alternatives: [
    'An archive table with the same columns: writes every row twice, and its vacuum never ends.',
    'Partitions by user (hash): spread writes, which are no problem, and cannot be retired.',
    'pg_partman: cannot detach concurrently, and makes a default partition.',
  ],
  decidedOn,
  concerns: ['partition-rule public.*', archive],
});

export const retention = decision('How long old digests are kept', {
  question: 'How long are old digests kept, and what about the rest?',
  decision:
    'Preferences: as long as the account. Rendered mails: 30 days. Digests with their content, and sends: 13 months, then 90 days in the archive. Raw interactions: 90 days. Daily statistics: for good. An erasure takes everything of one user at once, archives included.',
  because:
    'Support, resending and "view in browser" ask for mails of the last weeks; at 20 kB stored a mail and 13 GB a day, 13 months of them would be 5.2 TB, against 331 GB for content. 13 months compare a month with the same of the year before. Rates over years need counts only. Keeping less is also what data protection asks for. Retention stands in the tables, so that changing it is reviewed.',
  alternatives: [
    'Everything for good: 5 TB a year, and personal data without a purpose.',
    'Raw interactions for 13 months: only 25 GB, but nothing asks for them once a day is counted.',
  ],
  decidedOn,
  concerns: ['partition-rule public.*', digestDailyStats, 'query erase_user'],
});

export const queryPatterns = decision('Which query patterns are expected', {
  question: 'Which query patterns are expected?',
  decision:
    'Those that are declared, and no others: preferences by user; the batch due by bucket; the latest digests of a user; a digest by its link; sends by claim, by message id, and those that are stuck; rates by day from the roll-up; erasure by user. Each says which index serves it, and each index which query.',
  because:
    'An index costs 20 to 40 bytes for each of 640,000 rows a day, and each query without the partition key asks all 17 partitions. Searching in content and analysing raw events belong into a warehouse.',
  alternatives: ['Indexes for questions that may come: they can be added online on the day they come.'],
  decidedOn,
  concerns: ['query *'],
});

export const payloadApart = decision('Rendered mail in a table of its own', {
  question: 'Does the rendered mail stand in the row of its digest?',
  decision: 'HTML and text stand in digest_payloads under the key of the digest. The chosen items, as JSON, stay in digests.',
  because:
    'Not for speed: TOAST keeps the HTML out of the heap anyway (61 bytes a row). The retention differs: 30 days against 13 months, and dropping a partition is the only cheap way to delete. SELECT * stays cheap as well. The items are 1.2 kB where the HTML is 60 kB, and give it again with the template.',
  alternatives: [
    'One table, emptying html after 30 days: 640,000 updates a day, and their dead TOAST rows.',
    'Only the items, rendered on demand: what was sent could no longer be shown once a template changed.',
    'A third table for the items: same key, same retention, one more lookup for each link.',
  ],
  decidedOn,
  concerns: [digests, digestPayloads],
});

export const payloadCompression = decision('Compression of payloads', {
  question: 'How are HTML and text compressed?',
  decision: 'By PostgreSQL with lz4, column by column.',
  because:
    'For mails of 59 kB lz4 stores 18.4 kB where pglz stores 19.9 kB, and inserts in 1.7 ms instead of 2.8 ms; reading takes the same 0.2 ms. The server must have been built --with-lz4, which all packaged ones are.',
  alternatives: [
    'pglz, the default: as small, slower to write.',
    'gzip or brotli in the application: 26 to 35 % smaller, but bytes that no query, psql or support tool can read. Worth it only if payloads were kept for long.',
  ],
  decidedOn,
  concerns: ['column public.digest_payloads.html', 'column public.digest_payloads.plain_text', 'column public.digests.content'],
});

export const dailyPayloadPartitions = decision('Payloads by day', {
  question: 'How long is a partition of payloads?',
  decision: 'A day, with seven made ahead, a retention of 30 days and a grace of two.',
  because:
    'A day is 13 GB. A month would be 400 GB, and mails would be kept for up to 61 days to keep them for 30. 31 days, 7 ahead and the grace stay within 40 partitions, and both queries give the key.',
  alternatives: ['A week: 92 GB each, and up to 37 days kept.'],
  decidedOn,
  concerns: ['partition-rule public.digest_payloads'],
});

export const keysByApplication = decision('Keys are UUIDv7, made by the application', {
  question: 'What are digests and interactions identified by?',
  decision:
    'A UUIDv7 made by the application; the primary key is (id, created_at), where created_at is the time inside the id. For interactions the random part is a hash of the event id of the e-mail service.',
  because:
    'The id must be known before the row: a send is claimed under it. A link that carries nothing but the id finds one partition out of 17, since the time is in it. Time-ordered keys are appended: the key of 1M rows takes 31.6 MB against 39.9 MB for UUIDv4. bigint would take 22.5 MB, but numbers in links can be counted up, and say nothing of the partition. PostgreSQL makes UUIDv7 from 18 on, and we run 16.',
  alternatives: [
    'bigint identity: smallest, but known only after the insert.',
    'UUIDv4: a quarter larger, inserted all over the index, and without the time.',
    'Partitioning by ranges of the id: a single-column key, but bounds that nobody can read, and rules that no tool maintains.',
  ],
  decidedOn,
  concerns: ['column public.digests.id', 'column public.digests.created_at', 'column public.digest_interactions.id'],
});

export const partitionKeys = decision('Partition key of each table', {
  question: 'By which column is each table partitioned?',
  decision: 'digests and payloads by created_at, sends by period_start, interactions by occurred_at.',
  because:
    'What must be unique must contain the partition key (manual §5.12.2.3). A send must be unique for user, kind and period, so that period_start is the only possible key: with created_at, a second claim after midnight of the first would go to another partition and succeed. Links know created_at. Events come late, and occurred_at always falls into a partition that is there.',
  alternatives: [
    'Sends by created_at, with a lock or a plain table for claims: a second structure to keep and to clean.',
    'Interactions by period_start: an open of an old mail would find no partition (23514).',
  ],
  decidedOn,
  concerns: ['partition-rule public.*', 'index public.digest_sends_one_live'],
});

export const idempotentSend = decision('Idempotent send', {
  question: 'How is a digest kept from being sent twice, while a failed attempt can be repeated?',
  decision:
    'A row is claimed before the mail is handed over. The primary key counts attempts; a partial unique index on (user_id, kind, period_start) lets only one attempt be there that has not failed. The e-mail service is given the digest id as its idempotency key.',
  because:
    'The database refuses the second mail whatever scheduler, retry or operator gets wrong, and each attempt keeps its own response. The index costs some 35 bytes a row. A worker that dies leaves a queued row, which is found by stuck_sends and cleared by asking the e-mail service.',
  alternatives: [
    'A plain unique key on the three, with a counter of attempts: the response of the first attempt would be lost.',
    'Uniqueness of (…, attempt) alone: two attempts at once would both succeed.',
    'SELECT … FOR UPDATE SKIP LOCKED on preferences: protects while the transaction runs, and not after.',
  ],
  decidedOn,
  concerns: [digestSends, 'index public.digest_sends_one_live', 'query claim_send', 'query retry_send'],
});

export const hardAndSoft = decision('Hard and soft references', {
  question: 'Which references are foreign keys, and which are soft?',
  decision:
    'Foreign keys: preferences to users and digests to users, both ON DELETE CASCADE. Soft: sends to users, digests and email_logs; payloads and interactions to digests. Soft ones are declared, drawn dashed, and sampled for orphans.',
  because:
    'A foreign key from a partitioned table makes its life cycle lock the other table: making and attaching a partition take SHARE ROW EXCLUSIVE on users and block its writes, dropping a detached one takes ACCESS EXCLUSIVE and blocks reads too. Digests pay this once a month, with three months of partitions ahead in which to try again, since an orphan there would be the worst: personal data of nobody. Payloads would pay it every day. A key from sends to digests would need both columns, lock and scan both tables at each detach, and forbid digests to leave before sends. email_logs is a table of another team, and its retention is not ours to hold up.',
  alternatives: [
    'Foreign keys everywhere: sends and interactions would lock users 72 more times a year, and payloads would lock digests daily.',
    'None at all: the order asks for one to users, and the cascade is what makes deleting an account complete.',
  ],
  decidedOn,
  concerns: [
    'foreign-key public.user_digest_preferences.user_digest_preferences_user_id_fkey',
    'foreign-key public.digests.digests_user_id_fkey',
    digestSends,
    digestPayloads,
    digestInteractions,
  ],
});

export const buckets = decision('Due users by bucket', {
  question: 'How does the scheduler find the users that are due?',
  decision:
    'By time zone and local hour, in a partial covering index on (time_zone, send_hour, user_id), a batch at a time. Nothing is written to preferences by a send. The scheduler ticks every quarter of an hour, as there are zones at :30 and :45, and asks for each local hour since its last tick.',
  because:
    'With 1M users, 14,286 due ones in 20 zones come in 4.3 ms from the index alone (47 MB). With next_due_at a batch of 438 comes in 1.4 ms, but the column is updated 640,000 to 900,000 times a day, never in place: for 100,000 rows 0.94 s instead of 0.63 s with its own index alone, 3.9 s with four; and daylight saving would have to be applied to every stored time. The row keeps the local hour, which does not change with the clocks.',
  alternatives: [
    'next_due_at with a partial index: for cadences of each user; see the open question.',
    'Times to the minute: 60 times as many buckets for mails that take minutes to generate.',
    '(time_zone, send_hour, weekday, frequency) without user_id: 6.5 MB instead of 47, but batches cannot be continued by key, nor read without the heap.',
  ],
  decidedOn,
  concerns: ['index public.user_digest_preferences_due', 'query users_due', 'query time_zones_in_use'],
});

export const preferencesPlain = decision('Preferences are one plain table', {
  question: 'Does the table of preferences have to be partitioned, or cached?',
  decision: 'Neither.',
  because:
    'At 1M rows a lookup by primary key takes 0.03 ms and 7 buffers on the server, and 0.3 ms in all at 13,550 a second with four clients on two cores: thirty times under the 10 ms that are asked for. The table does not grow with time.',
  alternatives: ['Partitions by hash of the user: planning costs more than the lookup.', 'A cache in front: a second truth about consent.'],
  decidedOn,
  concerns: [userDigestPreferences, 'query preferences_of_user'],
});

export const statusesAsText = decision('Statuses are text with a check', {
  question: 'Are kinds, frequencies, statuses and types enums?',
  decision: 'No: text with a CHECK that lists them.',
  because:
    'A value of an enum can be added but never removed, and a swapped type rewrites the table under ACCESS EXCLUSIVE. A check is replaced online: NOT VALID, VALIDATE, drop the old one. The texts take a few bytes more a row than the 4 of an enum.',
  alternatives: ['Enums.', 'Lookup tables: a foreign key from each partitioned table, with the locks that this brings.'],
  decidedOn,
  concerns: ['check public.*_kind', 'check public.*_frequency', 'check public.*_status', 'check public.*_type'],
});

export const rollUp = decision('Raw interactions go, daily counts stay', {
  question: 'Where do rates over history come from?',
  decision:
    'From digest_daily_stats, one row for each period and kind, counted again from raw rows for 30 days and final afterwards. Interactions are appended; no counter stands on a digest.',
  because:
    'Counting again is idempotent, counts each digest once, and takes late and repeated events as they come; adding up would do none of it. One period is some 640,000 sends, found by a BRIN index (24 kB for 1M rows, against 22.5 MB for a btree), and 420,000 interactions, read from an index alone. Counters on digests would mean an update for each open, in partitions that have long been frozen.',
  alternatives: [
    'Counters on digests: dead rows, hot writes to old partitions.',
    'A materialized view: computed from raw rows, and gone with them.',
    'Counting by day of the event: open rates over 100 % after a quiet day.',
  ],
  decidedOn,
  concerns: [digestInteractions, digestDailyStats, 'index public.digest_interactions_cohort', 'index public.digest_sends_period'],
});

export const roomForUpdates = decision('Room for updates on pages', {
  question: 'Which tables get a fillfactor?',
  decision: 'Only digest_daily_stats (70).',
  because:
    'Room helps updates that change no indexed column (HOT). Counters are such; a send is not, since status, message id and the conditions on them are indexed; preferences are updated by people, seldom; the rest is never updated.',
  alternatives: ['fillfactor 85 on sends: 15 % more disk for updates that cannot be HOT.'],
  decidedOn,
  concerns: [digestDailyStats, digestSends, userDigestPreferences],
});

export const littlePersonalData = decision('Little personal data', {
  question: 'What is not stored?',
  decision:
    'No address, name, IP address or user agent. Interactions name the digest and not the user, and a link by its place in the template. Columns that are personal all the same are marked.',
  because:
    'Addresses are in users and in the mail log already. Once a digest is erased its interactions lead to nobody, so that even a deletion that goes past erase_user, through the cascade, leaves no behaviour of a person.',
  alternatives: ['User and agent on interactions: for analyses that nobody asked for.'],
  decidedOn,
  concerns: [digestInteractions, 'query erase_user'],
});
