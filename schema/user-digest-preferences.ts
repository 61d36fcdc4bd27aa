/**
 * What each user wants to be sent, and when. The table is read by bucket (time zone, hour) and never
 * written by a send: what was sent is known from digest_sends.
 */
import { boolean, literal, references, smallint, sql, table, text, timestamptz } from 'schemac';
import { preferencesGroup } from './project.ts';
import { users } from './users.ts';

export const userDigestPreferences = table('user_digest_preferences', {
  doc: 'One row for each user who was ever asked: how often, at which local hour, or not at all. A user without a row gets no digest.',
  owner: 'digest team',
  group: preferencesGroup,
  expectedRows: 1_000_000,
  columns: {
    user_id: references(() => users, 'id', {
      doc: 'Whose preferences these are.',
      onDelete: 'cascade',
      constraint: { doc: 'Preferences mean nothing without their user and go with the account.' },
    }),
    enabled: boolean({
      doc: 'Off stops every digest and keeps the other choices for the day it is switched on again. One-click unsubscribe sets it.',
      default: true,
      values: { common: { true: 0.9, false: 0.1 } },
    }),
    frequency: text({
      doc: 'daily or weekly. There is no value for never: that is enabled.',
      default: literal('weekly'),
      values: { common: { daily: 0.66, weekly: 0.34 }, width: 6 },
    }),
    time_zone: text({
      doc: 'IANA name, such as Europe/Paris, in which send_hour and send_weekday are meant. The application accepts only names that it knows.',
      pii: 'tells roughly where the user lives',
      default: literal('UTC'),
      values: { distinct: 60, width: 15 },
    }),
    send_hour: smallint({
      doc: 'Hour of the local day, 0 to 23, in which the digest is to leave.',
      default: 8,
      values: { between: [0, 23] },
    }),
    send_weekday: smallint({
      doc: 'ISO day of the week, 1 is Monday, on which a weekly digest is to leave. Kept, but of no effect, while the frequency is daily.',
      default: 1,
      values: { between: [1, 7] },
    }),
    created_at: timestamptz({ doc: 'When the user was first asked; proof of when consent was given.', default: sql`now()` }),
    updated_at: timestamptz({
      doc: 'When the user last changed anything; written by the application with every change.',
      default: sql`now()`,
    }),
  },
  primaryKey: { columns: ['user_id'], doc: 'One row a user; serves preferences_of_user, save_preferences and unsubscribe in one descent.' },
  checks: {
    user_digest_preferences_frequency: {
      expression: sql`frequency IN ('daily', 'weekly')`,
      doc: 'Only frequencies that the scheduler knows: any other would silently never be due. A check and not an enum, so that a value can be added and taken away online.',
    },
    user_digest_preferences_time_zone: {
      expression: sql`char_length(time_zone) BETWEEN 1 AND 64`,
      doc: 'Keeps garbage out of the leading column of the due index. Whether the name is a zone cannot be checked here: the list of zones changes with the server, and a check must not.',
    },
    user_digest_preferences_send_hour: {
      expression: sql`send_hour BETWEEN 0 AND 23`,
      doc: 'An hour that no day has would silently never be due.',
    },
    user_digest_preferences_send_weekday: {
      expression: sql`send_weekday BETWEEN 1 AND 7`,
      doc: 'A weekday that no week has would silently never be due.',
    },
  },
  indexes: {
    user_digest_preferences_due: {
      on: ['time_zone', 'send_hour', 'user_id'],
      include: ['frequency', 'send_weekday'],
      where: sql`enabled`,
      doc: 'Serves users_due and time_zones_in_use from the index alone: a bucket is one range of it, in the order that batches are taken in.',
    },
  },
  // An index-only scan needs a fresh visibility map: vacuum at 2 % of dead rows, not at the usual 20 %.
  storageParameters: { autovacuum_vacuum_scale_factor: 0.02, autovacuum_analyze_scale_factor: 0.02 },
});
