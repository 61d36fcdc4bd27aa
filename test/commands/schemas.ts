/**
 * Schemas as texts for tests of the verbs: small, but with what the real one has, a partitioned table,
 * keys, a check, an index and docs. A test edits one by replacing a piece of its text.
 */

/** Users, their digests by month, and a table that nobody needs. */
export const mails = `import { bigint, desc, integer, project, range, references, sql, table, text, timestamptz, varchar } from 'schemac';

export default project({ title: 'Mails', purpose: 'Tests the compiler.', postgres: 16 });

export const users = table('users', {
  doc: 'Who gets mails.',
  columns: {
    id: bigint({ doc: 'Number.', identity: 'always' }),
    mail: varchar({ length: 320, doc: 'Address.' }),
    age: integer({ doc: 'Years.', nullable: true }),
  },
  primaryKey: { columns: ['id'], doc: 'One row a user.' },
  checks: { users_mail_form: { expression: sql\`mail LIKE '%@%'\`, doc: 'Has a host.' } },
});

export const digests = table('digests', {
  doc: 'What was sent.',
  columns: {
    id: bigint({ doc: 'Number.' }),
    user_id: references(() => users, 'id', { doc: 'To whom.', onDelete: 'cascade', constraint: { doc: 'Goes with the user.' } }),
    created_at: timestamptz({ doc: 'When.', default: sql\`now()\` }),
    subject: text({ doc: 'Subject line.' }),
  },
  primaryKey: { columns: ['id', 'created_at'], doc: 'One row a mail.' },
  checks: { digests_subject_length: { expression: sql\`char_length(subject) <= 200\`, doc: 'Fits a line.' } },
  indexes: { digests_user_recent: { on: ['user_id', desc('created_at')], doc: 'Latest first.' } },
  partitionBy: range('created_at', { every: '1 month', premake: 3, retain: '13 months', onRetire: 'drop', grace: '7 days' }),
});

export const notes = table('notes', {
  doc: 'Notes.',
  columns: { id: bigint({ doc: 'Number.', identity: 'always' }), body: text({ doc: 'Text.' }) },
  primaryKey: { columns: ['id'], doc: 'One row a note.' },
});
`;

/** One table, for tests that are not about what is in it. `columns` are further lines of columns. */
export const users = (columns = ''): string => `import { bigint, integer, sql, table, text } from 'schemac';

export const users = table('users', {
  doc: 'Who gets mails.',
  columns: {
    id: bigint({ doc: 'Number.', identity: 'always' }),
    mail: text({ doc: 'Address.' }),
    ${columns}
  },
  primaryKey: { columns: ['id'], doc: 'One row a user.' },
});
`;

/** Replaces a piece of a text that must be there once. */
export function edited(text: string, piece: string, by: string): string {
  if (text.split(piece).length !== 2) throw new Error(`'${piece}' is not there exactly once`);
  return text.replace(piece, () => by);
}
