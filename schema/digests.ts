/**
 * What was generated, without the rendered mail, and nothing about its delivery: a row is written once
 * and never updated.
 */
import { date, desc, integer, jsonb, range, references, sql, table, text, timestamptz, uuid } from 'schemac';
import { contentGroup } from './project.ts';
import { users } from './users.ts';

/** One entry of a digest, as the template takes it. */
export interface DigestItem {
  readonly id: string;
  /** Why it was chosen, between 0 and 1. */
  readonly score: number;
}

/** What is put into the template of a digest. */
export interface DigestContent {
  readonly items: readonly DigestItem[];
}

export const digests = table('digests', {
  doc: 'One digest generated for one user and one period: its metadata, and its content in the form from which the mail can be rendered again.',
  owner: 'digest team',
  group: contentGroup,
  expectedRows: 255_000_000,
  columns: {
    id: uuid({
      doc: 'UUIDv7 made by the application before anything is written, so that a send can be claimed under it. Links in mails carry it; the time in it is created_at.',
      values: { follows: 'created_at' },
    }),
    user_id: references(() => users, 'id', {
      doc: 'Who it was generated for.',
      onDelete: 'cascade',
      suppress: {
        'foreign-key-from-partitioned-table':
          'asked for: once a month users is locked for a moment, and three partitions made ahead leave three months to retry',
      },
      constraint: { doc: 'A digest is personal data and goes with the account; and none is generated for a user who is not there.' },
    }),
    created_at: timestamptz({
      doc: 'The time inside id, to the millisecond, written by the application; the partition key. It has no default, since now() would differ from the id and links would miss the row.',
    }),
    kind: text({
      doc: 'daily or weekly: the frequency for which it was generated, whatever the user has chosen since.',
      values: { common: { daily: 0.93, weekly: 0.07 }, width: 5 },
    }),
    period_start: date({ doc: "First day that it covers, in the user's time zone.", values: { follows: 'created_at' } }),
    period_end: date({ doc: 'Day after the last that it covers.', values: { follows: 'created_at' } }),
    subject: text({
      doc: 'Subject line as sent; shown in the list of past digests.',
      pii: 'may name people and topics that the user follows',
      values: { distinct: 100_000_000, width: 60 },
    }),
    locale: text({ doc: 'Language and region that it was written in, as a BCP 47 tag such as pt-BR.', values: { distinct: 40, width: 5 } }),
    template_version: text({
      doc: 'Version of the template that rendered it; with content it gives the mail again when the payload is gone.',
      values: { distinct: 12, width: 5 },
    }),
    html_bytes: integer({
      doc: 'Size of the HTML before compression. Gmail cuts mails off at 102 kB, so that this is watched per template.',
      values: { distinct: 70_000, between: [30_000, 100_000] },
    }),
    content: jsonb<DigestContent>({
      doc: 'Chosen items with their scores, about 1.2 kB. Kept as long as the row, which the HTML of 30 to 100 kB is not.',
      pii: 'shows what the user is interested in',
      compression: 'lz4',
      values: { width: 1_250 },
    }),
  },
  primaryKey: {
    columns: ['id', 'created_at'],
    doc: 'Serves digest_of_mail_link. PostgreSQL wants the partition key in it (manual §5.12.2.3); the pair finds its partition without asking the others.',
  },
  checks: {
    digests_kind: {
      expression: sql`kind IN ('daily', 'weekly')`,
      doc: 'The kinds that statistics are kept for; the same list as for preferences and sends.',
    },
    digests_period: {
      expression: sql`period_end > period_start`,
      doc: 'A period covers at least a day; a turned one would make the digest empty.',
    },
    digests_subject_length: {
      expression: sql`char_length(subject) BETWEEN 1 AND 255`,
      doc: 'Mails without subject end up as spam; longer ones are cut by every client.',
    },
    digests_locale_length: {
      expression: sql`char_length(locale) BETWEEN 2 AND 35`,
      doc: '35 characters hold every tag that RFC 5646 §4.4.1 asks systems to take.',
    },
    digests_content: {
      expression: sql`jsonb_typeof(content) = 'object'`,
      doc: 'Refuses JSON that was encoded twice, which arrives as a string and fails only when it is rendered again.',
    },
    digests_html_bytes: { expression: sql`html_bytes > 0`, doc: 'An empty mail was not rendered and must not be sent.' },
  },
  indexes: {
    digests_user_recent: {
      on: ['user_id', desc('created_at')],
      doc: 'Serves latest_digests_of_user newest first without sorting, the cascade from users, and erase_user.',
    },
  },
  partitionBy: range('created_at', {
    every: '1 month',
    premake: 3,
    retain: '13 months',
    onRetire: { archive: 'archive' },
    grace: '90 days',
    // Rows never change: vacuum soon after they came, and freeze them then, so that no partition is rewritten against wraparound.
    template: { autovacuum_vacuum_insert_scale_factor: 0.05, autovacuum_freeze_min_age: 0 },
    analyzeEvery: '7 days',
  }),
});
