/**
 * What nobody has answered yet, and who is to answer. A question is blocking only if the schema would
 * have to be changed expensively, or must not be released, without the answer.
 */
import { openQuestion } from 'schemac';
import { digestDailyStats } from './digest-daily-stats.ts';
import { digestInteractions } from './digest-interactions.ts';
import { digestPayloads } from './digest-payloads.ts';
import { digestSends } from './digest-sends.ts';
import { digests } from './digests.ts';
import { emailLogs } from './email-logs.ts';
import { archive } from './project.ts';
import { userDigestPreferences } from './user-digest-preferences.ts';

export const whoApproves = openQuestion('Who approves', {
  question:
    'Who of the backend team reviews and approves the schema, and by when? Nobody has yet; the first release waits for a review(…) with the verdict "approved".',
  owner: 'backend team',
  blocking: true,
  concerns: [userDigestPreferences, digests, digestPayloads, digestSends, digestInteractions, digestDailyStats],
});

export const perUserCadence = openQuestion('Cadence of each user', {
  question:
    'Will there be digests every three days, twice a day, or when enough has gathered? Then a next_due_at and its partial index come back (8 MB and 1.4 ms a batch at 1M users, at 640,000 to 900,000 updates a day), beside the buckets and without changing them.',
  owner: 'product team',
  concerns: [userDigestPreferences, 'index public.user_digest_preferences_due'],
});

export const payloadsInObjectStore = openQuestion('Rendered mails in object storage', {
  question:
    'Should rendered mails move to object storage? It would take 13 GB a day (430 GB in all, grace included) out of the database, its backups and its replicas, for a second system to erase from. digest_payloads alone would go; content stays.',
  owner: 'platform team',
  concerns: [digestPayloads],
});

export const consent = openQuestion('Users who were never asked', {
  question:
    'Do users without a row get a digest by default? As it is, they do not. If they should, rows are made for them; the schema stays.',
  owner: 'legal team',
  concerns: [userDigestPreferences],
});

export const archiveRetention = openQuestion('How long archives are kept', {
  question:
    'Is a grace of 90 days in the schema archive enough for disputes about deliveries, and is a copy to cold storage wanted before the drop? Longer is a changed rule and nothing more, but keeps personal data longer.',
  owner: 'legal team',
  concerns: [archive, 'partition-rule public.digests', 'partition-rule public.digest_sends'],
});

export const mailLogKey = openQuestion('Key and retention of the mail log', {
  question:
    'Is email_logs partitioned, what is its key then, and how long does it keep entries? Nothing here rests on the answer but the plan of sends_without_mail_log, which finds the log by id.',
  owner: 'mail team',
  concerns: [emailLogs, 'query sends_without_mail_log'],
});
