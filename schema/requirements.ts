/**
 * What the e-mail digests were ordered to do, and which tables, indexes and queries do it. A
 * requirement that nothing in the schema can meet says what does.
 */
import { requirement } from 'schemac';
import { digestDailyStats } from './digest-daily-stats.ts';
import { digestInteractions } from './digest-interactions.ts';
import { digestPayloads } from './digest-payloads.ts';
import { digestSends } from './digest-sends.ts';
import { digests } from './digests.ts';
import { archive } from './project.ts';
import * as queries from './queries.ts';
import { userDigestPreferences } from './user-digest-preferences.ts';

export const preferencesPerUser = requirement('Preferences of each user', {
  text: 'Every user has preferences: how often, at what time, and whether at all.',
  metBy: [
    userDigestPreferences,
    'column public.user_digest_preferences.frequency',
    'column public.user_digest_preferences.send_hour',
    'column public.user_digest_preferences.time_zone',
    'column public.user_digest_preferences.enabled',
    queries.preferencesOfUser,
    queries.savePreferences,
  ],
});

export const generatedContent = requirement('Generated content and metadata', {
  text: 'What was generated for a user is stored, with its content and what is to be known about it.',
  metBy: [digests, 'column public.digests.content', digestPayloads, queries.latestDigestsOfUser, queries.digestOfMailLink],
});

export const deliveryAttempts = requirement('Delivery attempts and status', {
  text: "Each attempt to deliver a digest is stored with its status, its times and the e-mail service's response; a digest is never delivered twice.",
  metBy: [
    digestSends,
    'column public.digest_sends.status',
    'column public.digest_sends.provider_response',
    'index public.digest_sends_one_live',
    'index public.digest_sends_queued',
    queries.claimSend,
    queries.retrySend,
    queries.handOverSend,
    queries.failSend,
    queries.recordDeliveryEvent,
    queries.stuckSends,
  ],
});

export const interactionsStored = requirement('Interactions', {
  text: 'Opens, clicks and unsubscribes are stored per digest.',
  metBy: [digestInteractions, queries.recordInteraction, queries.unsubscribe],
});

export const historicalAnalytics = requirement('Historical queries for analytics', {
  text: 'Open, click and bounce rates can be asked for any day of the past, also when raw events are long gone.',
  metBy: [
    digestDailyStats,
    'index public.digest_interactions_cohort',
    'index public.digest_sends_period',
    queries.rollUpDay,
    queries.ratesPerDay,
  ],
});

export const millionUsers = requirement('A million active users and more', {
  text: 'The schema carries 1M+ active users: about 640,000 digests a day, 235 million a year.',
  metBy: [
    'index public.user_digest_preferences_due',
    'partition-rule public.digests',
    'partition-rule public.digest_payloads',
    'partition-rule public.digest_sends',
    'partition-rule public.digest_interactions',
    queries.timeZonesInUse,
    queries.usersDue,
  ],
});

export const fastPreferences = requirement('Preferences in under 10 ms', {
  text: 'A query for preferences answers in under 10 ms.',
  metBy: ['primary-key public.user_digest_preferences.user_digest_preferences_pkey', queries.preferencesOfUser],
});

export const largePayloads = requirement('Large payloads stored efficiently', {
  text: 'Large text and HTML is compressed, stored apart from what is searched, and leaves early.',
  metBy: [
    digestPayloads,
    'column public.digest_payloads.html',
    'column public.digest_payloads.plain_text',
    'partition-rule public.digest_payloads',
  ],
});

export const partitionsByDate = requirement('Partitions by date for archives', {
  text: 'What grows with time is partitioned by date, and old partitions are archived or dropped by rule.',
  metBy: [
    'partition-rule public.digests',
    'partition-rule public.digest_payloads',
    'partition-rule public.digest_sends',
    'partition-rule public.digest_interactions',
    archive,
  ],
});

export const foreignKeyToUsers = requirement('Foreign key to users', {
  text: 'Preferences and digests belong to a user that exists, and go when the user goes.',
  metBy: [
    'foreign-key public.user_digest_preferences.user_digest_preferences_user_id_fkey',
    'foreign-key public.digests.digests_user_id_fkey',
    queries.eraseUser,
  ],
});

export const deliveryTracking = requirement('Delivery tracking through the e-mail log', {
  text: "A delivery can be followed into the mail team's log, and an event of the e-mail service back to its delivery.",
  metBy: [
    'column public.digest_sends.email_log_id',
    'column public.digest_sends.provider_message_id',
    'index public.digest_sends_provider_message',
    queries.deliveryStatusByMessage,
    queries.sendsWithoutMailLog,
  ],
});

export const indexedQueries = requirement('Indexes for performance-critical queries', {
  text: 'Every query that the application sends is declared, and has a key or an index that serves it.',
  metBy: [
    'primary-key public.user_digest_preferences.user_digest_preferences_pkey',
    'index public.user_digest_preferences_due',
    'primary-key public.digests.digests_pkey',
    'index public.digests_user_recent',
    'primary-key public.digest_payloads.digest_payloads_pkey',
    'primary-key public.digest_sends.digest_sends_pkey',
    'index public.digest_sends_one_live',
    'index public.digest_sends_provider_message',
    'index public.digest_sends_queued',
    'index public.digest_sends_period',
    'primary-key public.digest_interactions.digest_interactions_pkey',
    'index public.digest_interactions_digest',
    'index public.digest_interactions_cohort',
    'primary-key public.digest_daily_stats.digest_daily_stats_pkey',
  ],
});

export const migrationTested = requirement('Migration written and tested', {
  text: 'The migration that makes these tables is written, and proven before anybody applies it: the compiler runs it statement by statement on a PostgreSQL with rows, and the tests apply it to real servers.',
  metBy: [userDigestPreferences, digests, digestPayloads, digestSends, digestInteractions, digestDailyStats],
});

export const reviewedAndApproved = requirement('Review and approval by the backend team', {
  text: 'The backend team reviews and approves the schema. No object can meet this: reviewers do, in the pull request, by adding a review(…) declaration that names what they looked at. Until there is one with the verdict "approved", this is not met.',
  metBy: [],
});
