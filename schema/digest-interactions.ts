/**
 * What readers did, raw and for a short time: appended, counted into digest_daily_stats, dropped. No
 * user, address or user agent here: only the digest leads to a person.
 */
import { boolean, date, range, softReference, sql, table, text, timestamptz, uuid } from 'schemac';
import { digests } from './digests.ts';
import { analyticsGroup } from './project.ts';

export const digestInteractions = table('digest_interactions', {
  doc: 'One thing that a reader, or a machine on their behalf, did with a digest: opened it, followed a link, unsubscribed. Appended and never updated.',
  owner: 'digest team',
  group: analyticsGroup,
  expectedRows: 50_000_000,
  columns: {
    id: uuid({
      doc: "Time of the event, then a hash of the e-mail service's event id in place of UUIDv7's random bits: the same event delivered again has the same id and is not counted twice.",
      values: { follows: 'occurred_at' },
    }),
    occurred_at: timestamptz({
      doc: 'When it happened, by the clock of the e-mail service, which says the same when it repeats itself; the partition key.',
    }),
    digest_id: softReference(() => digests, 'id', {
      doc: 'The digest, from the tracking link.',
      pii: 'leads to the user as long as the digest is there',
      reference: {
        doc: 'Not enforced: events come at a high rate and late, and the drop of a month must lock nothing else. An event whose digest was erased is anonymous.',
      },
      values: { follows: 'occurred_at' },
    }),
    kind: text({
      doc: "The digest's kind, from the tracking link, so that counting needs no join.",
      values: { common: { daily: 0.93, weekly: 0.07 }, width: 5 },
    }),
    period_start: date({
      doc: "First day that the digest covers, from the tracking link: an open counts for the digest's day, however late it comes.",
      values: { follows: 'occurred_at' },
    }),
    type: text({
      doc: 'open, click or unsubscribe. Bounces and complaints are states of a send.',
      values: { common: { open: 0.75, click: 0.24, unsubscribe: 0.01 }, width: 5 },
    }),
    link_key: text({
      doc: 'Which link of the template was followed, such as item-3 or settings; never the address behind it, which may be personal. Only with clicks.',
      nullable: true,
      values: { nulls: 0.76, distinct: 40, width: 8 },
    }),
    is_automatic: boolean({
      doc: 'Done by a mail proxy or a link scanner, as far as it can be told (Apple Mail opens every mail). Kept, but not part of any rate.',
      default: false,
      values: { common: { true: 0.3, false: 0.7 } },
    }),
  },
  primaryKey: { columns: ['id', 'occurred_at'], doc: 'Makes record_interaction repeatable: webhooks are delivered at least once.' },
  checks: {
    digest_interactions_kind: {
      expression: sql`kind IN ('daily', 'weekly')`,
      doc: 'The same list as on digests, or the event would be counted nowhere.',
    },
    digest_interactions_type: { expression: sql`type IN ('open', 'click', 'unsubscribe')`, doc: 'The types that the roll-up counts.' },
    digest_interactions_link_key: {
      expression: sql`(type = 'click') = (link_key IS NOT NULL)`,
      doc: 'A click says on what; nothing else was on a link.',
    },
  },
  indexes: {
    digest_interactions_digest: {
      on: ['digest_id'],
      doc: "Serves erase_user, which comes from the user's digests, and the sampling for orphans.",
    },
    digest_interactions_cohort: {
      on: ['period_start', 'kind'],
      include: ['type', 'digest_id', 'is_automatic', 'occurred_at'],
      doc: 'Serves roll_up_day from the index alone: one period is one range, and is counted again at will.',
    },
  },
  partitionBy: range('occurred_at', {
    every: '1 month',
    premake: 3,
    retain: '90 days',
    onRetire: 'drop',
    grace: '7 days',
    // An index-only roll-up needs a fresh visibility map.
    template: { autovacuum_vacuum_insert_scale_factor: 0.02 },
    analyzeEvery: '7 days',
  }),
});
