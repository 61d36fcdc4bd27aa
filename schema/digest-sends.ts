/**
 * Each attempt to deliver a digest. The row is claimed before the mail is handed over, under a key that
 * a second scheduler cannot claim again; that key decides how the table is partitioned.
 */
import { date, jsonb, literal, range, smallint, softReference, sql, table, text, timestamptz } from 'schemac';
import { digests } from './digests.ts';
import { emailLogs } from './email-logs.ts';
import { deliveryGroup } from './project.ts';
import { users } from './users.ts';

export const digestSends = table('digest_sends', {
  doc: 'One attempt to deliver one digest: who, for which period, what became of it, and what the e-mail service said.',
  owner: 'digest team',
  group: deliveryGroup,
  expectedRows: 268_000_000,
  columns: {
    user_id: softReference(() => users, 'id', {
      doc: 'Who it went to.',
      reference: {
        doc: 'Not enforced: each monthly create, detach and drop of a partition would lock users, drops even against readers. The digest, which is enforced, was made for the same user.',
      },
    }),
    kind: text({ doc: 'daily or weekly, as on the digest.', values: { common: { daily: 0.93, weekly: 0.07 }, width: 5 } }),
    period_start: date({ doc: 'First day that the digest covers; the partition key, since what must be unique must contain it.' }),
    attempt: smallint({
      doc: 'Counts the attempts for one user, kind and period, from 1.',
      default: 1,
      values: { common: { 1: 0.95, 2: 0.05 } },
    }),
    digest_id: softReference(() => digests, 'id', {
      doc: 'What is delivered. Known at the claim, before the digest is written, since the application makes the id.',
      suppress: {
        'soft-reference-without-index':
          'no query goes from a digest to its sends: a webhook comes with the message id, an erasure with the user',
      },
      reference: {
        doc: 'Not enforced: it would take both columns of the key, make sends leave before digests, and lock and scan both tables at each detach. Sampled for orphans instead.',
      },
      values: { follows: 'period_start' },
    }),
    status: text({
      doc: 'queued, then sent once the e-mail service took it, then what its webhooks say: delivered, bounced or complained. failed means that it was never taken, and that another attempt may be made.',
      default: literal('queued'),
      values: { common: { delivered: 0.953, sent: 0.02, bounced: 0.015, failed: 0.01, complained: 0.0015, queued: 0.0005 }, width: 9 },
    }),
    created_at: timestamptz({
      doc: 'When the attempt was claimed. A queued row that grows old belongs to a worker that died.',
      default: sql`now()`,
      values: { follows: 'period_start' },
    }),
    sent_at: timestamptz({
      doc: 'When the e-mail service took the mail; empty until then.',
      nullable: true,
      values: { follows: 'period_start', nulls: 0.0105 },
    }),
    status_changed_at: timestamptz({
      doc: 'When the status came about, by the clock of whoever reported it. Not used to order events: some services round it to seconds.',
      default: sql`now()`,
      values: { follows: 'period_start' },
    }),
    email_log_id: softReference(() => emailLogs, 'id', {
      doc: "The mail team's entry for this mail; empty until it was handed over.",
      nullable: true,
      suppress: { 'soft-reference-without-index': 'read from the send to the log only; the other way is the mail team’s own index' },
      reference: {
        doc: "Not enforced: another team's log, with a retention of its own, which must not be held up by ours. sends_without_mail_log finds what does not match.",
      },
      values: { nulls: 0.0105, correlation: 1 },
    }),
    provider_message_id: text({
      doc: "The e-mail service's id of the mail, by which its webhooks name it; empty until it took the mail.",
      nullable: true,
      values: { nulls: 0.0105, width: 40, distinct: 255_000_000 },
    }),
    provider_response: jsonb({
      doc: 'What the e-mail service said last, as it came: code, reason, kind of bounce.',
      nullable: true,
      pii: 'the text of a bounce may quote the address',
      compression: 'lz4',
      values: { nulls: 0.05, width: 120 },
    }),
  },
  primaryKey: {
    columns: ['user_id', 'kind', 'period_start', 'attempt'],
    doc: 'Makes a claim unrepeatable; serves claim_send, retry_send, and by its first column erase_user. No id beside it: nobody would look a send up by one.',
  },
  checks: {
    digest_sends_kind: {
      expression: sql`kind IN ('daily', 'weekly')`,
      doc: 'The same list as on digests: a misspelt kind would be a key of its own, and a second mail.',
    },
    digest_sends_status: {
      expression: sql`status IN ('queued', 'sent', 'delivered', 'bounced', 'complained', 'failed')`,
      doc: 'The states that statistics count. A check and not an enum: adding a state is NOT VALID then VALIDATE, and can be undone.',
    },
    digest_sends_attempt: { expression: sql`attempt BETWEEN 1 AND 10`, doc: 'Stops a retry loop that has lost its own count.' },
    digest_sends_handed_over: {
      expression: sql`status IN ('queued', 'failed') OR (sent_at IS NOT NULL AND provider_message_id IS NOT NULL)`,
      doc: 'What the e-mail service took has a time and an id; without the id its webhooks would find nothing.',
    },
  },
  indexes: {
    digest_sends_one_live: {
      on: ['user_id', 'kind', 'period_start'],
      unique: true,
      where: sql`status <> 'failed'`,
      doc: 'At most one attempt for a user, kind and period that has not failed: whatever a retry gets wrong, nobody is mailed twice. Serves claim_send and retry_send, and finds the row for hand_over_send and fail_send.',
    },
    digest_sends_provider_message: {
      on: ['provider_message_id', 'period_start'],
      unique: true,
      where: sql`provider_message_id IS NOT NULL`,
      doc: 'Serves delivery_status_by_message and record_delivery_event. Unique within a period, which is as far as a partitioned table can say it.',
    },
    digest_sends_queued: {
      on: ['created_at'],
      where: sql`status = 'queued'`,
      doc: 'Serves stuck_sends; holds only what is in flight, so that it stays small.',
    },
    digest_sends_period: {
      on: ['period_start'],
      method: 'brin',
      storageParameters: { pages_per_range: 32, autosummarize: true },
      doc: 'Serves roll_up_day and sends_without_mail_log: sends of one period lie together on disk, and a btree would be many times as large.',
    },
  },
  partitionBy: range('period_start', {
    every: '1 month',
    premake: 3,
    // A weekly digest covers days of the week before, so the first sends may belong into the month before.
    past: 1,
    retain: '13 months',
    onRetire: { archive: 'archive' },
    grace: '90 days',
    // Each row is updated two or three times, and never in place, since status is part of two index conditions.
    template: { autovacuum_vacuum_scale_factor: 0.05, autovacuum_vacuum_insert_scale_factor: 0.05 },
    analyzeEvery: '7 days',
  }),
});
