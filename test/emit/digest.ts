/** The e-mail digest schema as document nodes: the fixture that a person looks at. */
import type { DesignDocument, DocumentNode } from '../../compiler/model/document.ts';
import { check, column, designOf, edge, enumeration, key, table } from './nodes.ts';

const frequency = enumeration('digest_frequency', ['daily', 'weekly', 'never'], { doc: 'How often a user wants a digest.' });
const status = enumeration('send_status', ['queued', 'sent', 'delivered', 'bounced', 'failed'], { doc: 'State of one delivery attempt.' });

const users = table('users', { form: 'external table', owner: 'accounts team', doc: 'Application users.' });
const logs = table('email_logs', { form: 'external table', owner: 'mail team', doc: 'Every mail that left the platform.' });
export const preferences = table('user_digest_preferences', {
  doc: 'What a user wants: how often, when, or not at all.',
  group: 'preferences',
  owner: 'digest team',
});
export const digests = table('digests', {
  doc: 'One digest generated for one user and one period.',
  group: 'delivery',
  owner: 'digest team',
  partition: 'RANGE (created_at), one partition a month, 13 months kept',
});
export const sends = table('digest_sends', {
  doc: 'One attempt to deliver a digest.',
  group: 'delivery',
  owner: 'digest team',
  partition: 'RANGE (sent_at), one partition a month, 13 months kept',
});
const interactions = table('digest_interactions', {
  doc: 'Opens, clicks and unsubscribes.',
  group: 'analytics',
  owner: 'digest team',
  partition: 'RANGE (occurred_at), one partition a week, 8 weeks kept',
});
const daily = table('digest_daily_stats', { doc: 'Counts per day, kept for ever.', group: 'analytics', owner: 'digest team' });

const time = 'timestamp with time zone';

export const digestNodes: readonly DocumentNode[] = [
  frequency,
  status,
  users,
  column(users, 'id', 'uuid', { doc: 'Identifier of the user.' }),
  column(users, 'email', 'text', { doc: 'Address that mail goes to.', pii: 'e-mail address' }),
  key(users, 'primary key', 'users_pkey', ['id']),
  logs,
  column(logs, 'id', 'bigint', { doc: 'Identifier of the log entry.' }),
  column(logs, 'message_id', 'text', { doc: "The provider's message id." }),
  key(logs, 'primary key', 'email_logs_pkey', ['id']),
  preferences,
  column(preferences, 'user_id', 'uuid', { doc: 'Whose preferences these are.' }),
  column(preferences, 'frequency', 'digest_frequency', {
    doc: 'How often.',
    enumeration: frequency.id,
    value: "'weekly'::digest_frequency",
  }),
  column(preferences, 'time_zone', 'text', { doc: 'IANA name, such as Europe/Paris.', value: "'UTC'::text" }),
  column(preferences, 'send_at', 'time without time zone', { doc: 'Local time of day.', value: "'08:00:00'::time without time zone" }),
  column(preferences, 'enabled', 'boolean', { doc: 'Off stops every digest.', value: 'true' }),
  column(preferences, 'next_due_at', time, { doc: 'When the next digest is due.', nullable: true }),
  key(preferences, 'primary key', 'user_digest_preferences_pkey', ['user_id'], { doc: "A user's preferences by the user's id." }),
  key(preferences, 'index', 'preferences_due', ['next_due_at'], {
    doc: 'Users due now, in batches.',
    where: 'enabled',
    include: ['user_id'],
    definition: 'CREATE INDEX preferences_due ON public.user_digest_preferences USING btree (next_due_at) INCLUDE (user_id) WHERE enabled',
  }),
  check(preferences, 'time_zone_not_empty', "time_zone <> ''::text", 'A time zone is always known.'),
  edge(preferences, ['user_id'], users, ['id'], { cardinality: 'one', onDelete: 'cascade', doc: 'Preferences go with their user.' }),
  digests,
  column(digests, 'id', 'uuid', { doc: 'Time-ordered identifier (UUIDv7).' }),
  column(digests, 'user_id', 'uuid', { doc: 'Who receives it.' }),
  column(digests, 'created_at', time, { doc: 'When it was generated; the partition key.', value: 'now()' }),
  column(digests, 'subject', 'text', { doc: 'Subject line as sent.' }),
  column(digests, 'body_html', 'text', { doc: 'HTML body, compressed by the database.', nullable: true }),
  column(digests, 'score', 'numeric(10,2)', { nullable: true }),
  key(digests, 'primary key', 'digests_pkey', ['id', 'created_at']),
  key(digests, 'index', 'digests_user_recent', ['user_id', 'created_at DESC'], { doc: "A user's latest digests." }),
  edge(digests, ['user_id'], users, ['id'], { onDelete: 'cascade' }),
  sends,
  column(sends, 'id', 'uuid', { doc: 'Identifier of the attempt.' }),
  column(sends, 'digest_id', 'uuid', { doc: 'Which digest.' }),
  column(sends, 'digest_created_at', time, { doc: "The digest's partition key." }),
  column(sends, 'sent_at', time, { doc: 'When it was handed to the provider.' }),
  column(sends, 'status', 'send_status', { doc: 'How far it came.', enumeration: status.id }),
  column(sends, 'email_log_id', 'bigint', { doc: "The mail log's entry.", nullable: true }),
  column(sends, 'response', 'jsonb', { doc: "The provider's answer.", nullable: true }),
  key(sends, 'primary key', 'digest_sends_pkey', ['id', 'sent_at']),
  edge(sends, ['digest_id', 'digest_created_at'], digests, ['id', 'created_at'], {
    onDelete: 'cascade',
    doc: 'Attempts go with their digest.',
  }),
  edge(sends, ['email_log_id'], logs, ['id'], { form: 'soft reference', optional: true, doc: 'The log is pruned on its own schedule.' }),
  interactions,
  column(interactions, 'id', 'uuid'),
  column(interactions, 'send_id', 'uuid', { doc: 'Which attempt.' }),
  column(interactions, 'occurred_at', time, { doc: 'When it happened.' }),
  column(interactions, 'form', 'text', { doc: 'open, click or unsubscribe.' }),
  key(interactions, 'primary key', 'digest_interactions_pkey', ['id', 'occurred_at']),
  check(interactions, 'known_form', "form = ANY (ARRAY['open'::text, 'click'::text | 'unsubscribe'::text])"),
  edge(interactions, ['send_id'], sends, ['id'], { form: 'soft reference', doc: 'Events may come before the attempt is stored.' }),
  daily,
  column(daily, 'day', 'date', { doc: 'The day, in UTC.' }),
  column(daily, 'opens', 'bigint', { doc: 'Digests opened.', value: '0' }),
  column(daily, 'clicks', 'bigint', { doc: 'Links clicked.', value: '0' }),
  key(daily, 'primary key', 'digest_daily_stats_pkey', ['day']),
];

export const digestDocument: DesignDocument = designOf(digestNodes, {
  title: 'E-mail digests',
  purpose: 'Stores what each user wants to be told, what was sent to them and what became of it, for 1M+ active users.',
  groups: [
    { name: 'preferences', doc: 'What users want.' },
    { name: 'delivery', doc: 'What was generated and sent.' },
    { name: 'analytics', doc: 'What became of it.' },
  ],
  requirements: [
    {
      name: 'preferences',
      text: 'Per-user frequency, time and an off switch, read in under 10 ms.',
      metBy: [preferences.id, 'primary-key public.user_digest_preferences_pkey', 'query user_preferences'],
    },
    { name: 'due-batch', text: 'Find the users due now, in batches.', metBy: ['index public.preferences_due', 'query due_now'] },
    { name: 'archives', text: 'Old digests leave by date without long deletes.', metBy: [digests.id, sends.id] },
    { name: 'audit', text: 'Who changed a preference, and when.', metBy: [] },
  ],
  decisions: [
    {
      name: 'partitions-not-archive',
      question: 'Partitioning or an archive table?',
      decision: 'Range partitions by month, detached and archived after 13 months.',
      because: 'Dropping a partition takes milliseconds; a DELETE of a month leaves bloat and WAL.',
      alternatives: ['An archive table filled nightly: every row is written twice.', 'Nothing: the table grows by 30M rows a month.'],
      decidedOn: '2026-03-02',
      concerns: [digests.id, sends.id],
    },
  ],
  openQuestions: [
    { name: 'legal-hold', question: 'Must some digests outlive 13 months?', owner: 'legal', blocking: false, concerns: [digests.id] },
    {
      name: 'bounce-codes',
      question: 'Which bounce codes stop further attempts?',
      owner: 'mail team',
      blocking: true,
      concerns: [sends.id],
    },
  ],
  reviews: [
    { reviewer: 'A. Backend', on: '2026-03-05', verdict: 'approved', concerns: [digests.id], stale: false },
    {
      reviewer: 'B. Backend',
      on: '2026-03-06',
      verdict: 'changes requested',
      concerns: [sends.id],
      note: 'Name the status values.',
      stale: true,
    },
  ],
  queries: [
    {
      name: 'user_preferences',
      sql: 'SELECT * FROM user_digest_preferences WHERE user_id = $1',
      purpose: "A user's preferences, on every page of settings.",
    },
    {
      name: 'due_now',
      sql: 'SELECT user_id\nFROM user_digest_preferences\nWHERE enabled AND next_due_at <= now()\nORDER BY next_due_at\nLIMIT 1000',
      purpose: 'The batch of users whose digest is due now.',
    },
  ],
  retention: [
    { table: digests.id, text: '13 months, then archived' },
    { table: interactions.id, text: '8 weeks, then dropped' },
  ],
});
