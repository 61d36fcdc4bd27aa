/** The log of all mail that leaves the platform: the mail team's table, which deliveries are traced through. */
import { bigint, externalTable, text } from 'schemac';
import { otherTeams } from './project.ts';

export const emailLogs = externalTable('email_logs', {
  doc: 'Every mail that the platform handed to the e-mail service, whichever feature sent it. It holds the address and the full dialogue, so that we need not.',
  owner: 'mail team',
  group: otherTeams,
  expectedRows: 400_000_000,
  columns: {
    id: bigint({ doc: 'Number of the log entry; the mailer returns it when it takes a mail.' }),
    provider_message_id: text({
      doc: "The e-mail service's own id of the mail. Copied into digest_sends, so that a webhook finds its digest without this table.",
      nullable: true,
      values: { width: 40, distinct: 400_000_000 },
    }),
  },
  primaryKey: { columns: ['id'], doc: 'Lets a delivery be followed into the log by number.' },
});
