/** The users of the platform: the accounts team's table, of which we need the key and nothing else. */
import { bigint, externalTable } from 'schemac';
import { otherTeams } from './project.ts';

export const users = externalTable('users', {
  doc: 'Everybody who has an account. Digests need to know that a user exists; name and address are looked up by the mailer when it sends.',
  owner: 'accounts team',
  group: otherTeams,
  expectedRows: 1_000_000,
  columns: {
    id: bigint({ doc: 'Number of the account. It never changes and is never given to somebody else.' }),
  },
  primaryKey: { columns: ['id'], doc: 'What the foreign keys of preferences and digests rest on.' },
});
