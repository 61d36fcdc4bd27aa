/**
 * The rendered mail, apart from the digest because it is 50 times as large and kept for a month only.
 * Nothing refers to it, so that a day of it can be dropped without locking any other table.
 */
import { range, sql, table, text, timestamptz, uuid } from 'schemac';
import { digests } from './digests.ts';
import { contentGroup } from './project.ts';

export const digestPayloads = table('digest_payloads', {
  doc: 'The mail as rendered, for sending it again, for support, and for "view in browser". Gone after a month; a digest can then be rendered again from its content.',
  owner: 'digest team',
  group: contentGroup,
  expectedRows: 19_300_000,
  columns: {
    digest_id: uuid({ doc: 'The digest that it is the mail of.', values: { follows: 'created_at' } }),
    created_at: timestamptz({ doc: "The digest's created_at; the partition key of both tables, so that one value prunes both." }),
    html: text({
      doc: 'HTML body, typically 30 to 100 kB. lz4 stores 59 kB in 18 kB and writes it 1.7 times as fast as pglz.',
      pii: 'greets the user by name and carries personal links',
      compression: 'lz4',
      values: { width: 18_400 },
    }),
    plain_text: text({
      doc: 'Text body for clients that show no HTML; spam filters mark mails down that lack it.',
      pii: 'greets the user by name and carries personal links',
      compression: 'lz4',
      values: { width: 4_000 },
    }),
  },
  primaryKey: {
    columns: ['digest_id', 'created_at'],
    doc: 'One mail a digest; serves digest_of_mail_link and erase_user by the key of the digest.',
  },
  softReferences: [
    {
      columns: ['digest_id', 'created_at'],
      references: () => digests,
      to: ['id', 'created_at'],
      doc: 'Not enforced: a foreign key would make each daily drop lock digests against readers. Both rows are written in one transaction.',
    },
  ],
  checks: {
    digest_payloads_html_size: {
      expression: sql`octet_length(html) BETWEEN 1 AND 1048576`,
      doc: 'A mail of more than 1 MiB is a fault of the template, and would be refused by the e-mail service anyway.',
    },
    digest_payloads_plain_text_size: {
      expression: sql`octet_length(plain_text) BETWEEN 1 AND 1048576`,
      doc: 'The same for the text body.',
    },
  },
  partitionBy: range('created_at', { every: '1 day', premake: 7, retain: '30 days', onRetire: 'drop', grace: '2 days' }),
});
