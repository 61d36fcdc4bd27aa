/**
 * The fifteen changes of the measurement that nothing is blocked: each as an edit of a schema, and as
 * the statement that somebody would write who thinks of no one else. They follow on each other.
 */
export interface MeasuredChange {
  readonly name: string;
  /** What to replace in the schema, and by what. */
  readonly edits: readonly (readonly [text: string, by: string])[];
  readonly naive: string;
  /** Flags of `compile`. */
  readonly allow?: string;
}

export const firstSchema = `import { bigint, list, literal, project, references, sql, table, text, timestamptz, uuid, varchar } from 'schemac';

export const settings = project({ postgres: 18, title: 'Blocking' });

export const users = table('users', {
  doc: 'Who reads.',
  columns: { id: bigint({ doc: 'Identity.' }), name: text({ doc: 'Name.' }) },
  primaryKey: ['id'],
});

export const digests = table('digests', {
  doc: 'One digest.',
  columns: {
    id: bigint({ doc: 'Identity.', identity: 'by default' }),
    user_id: bigint({ doc: 'Who receives it.' }),
    subject: text({ doc: 'Subject.' }),
    label: varchar({ length: 40, doc: 'Label.' }),
    state: text({ doc: 'State.', nullable: true }),
    number: bigint({ doc: 'Counts.' }),
    // columns
  },
  primaryKey: ['id'],
  indexes: {
    digests_user: { on: ['user_id'], doc: 'Of a user.' },
    // indexes
  },
  // constraints
});

export const events = table('events', {
  doc: 'What happened to it.',
  columns: {
    id: bigint({ doc: 'Identity.', identity: 'by default' }),
    region: text({ doc: 'Where.' }),
    what: text({ doc: 'What.' }),
    // event columns
  },
  primaryKey: ['id', 'region'],
  partitionBy: list('region', { children: { events_eu: { values: ['eu'] }, events_us: { values: ['us'] } } }),
  // event indexes
});
`;

function column(text: string): readonly [string, string] {
  return ['// columns', `${text},\n    // columns`];
}

export const measuredChanges: readonly MeasuredChange[] = [
  {
    name: 'a nullable column is added',
    edits: [column(`note: text({ doc: 'Note.', nullable: true })`)],
    naive: 'ALTER TABLE digests ADD COLUMN note text',
  },
  {
    name: 'a NOT NULL column with a constant default is added',
    edits: [column(`tone: text({ doc: 'Tone.', default: literal('plain') })`)],
    naive: `ALTER TABLE digests ADD COLUMN tone text NOT NULL DEFAULT 'plain'`,
  },
  {
    name: 'a NOT NULL column with a volatile default is added',
    edits: [column(`token: uuid({ doc: 'Token.', default: sql\`gen_random_uuid()\` })`)],
    naive: 'ALTER TABLE digests ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()',
  },
  {
    name: 'a column is added and filled from another',
    edits: [column(`short: text({ doc: 'Short subject.', nullable: true, backfill: sql\`left(subject, 10)\` })`)],
    naive: 'ALTER TABLE digests ADD COLUMN short text; UPDATE digests SET short = left(subject, 10)',
  },
  {
    name: 'an index is added',
    edits: [['// indexes', `digests_subject: { on: ['subject'], doc: 'By subject.' },\n    // indexes`]],
    naive: 'CREATE INDEX digests_subject ON digests (subject)',
  },
  {
    name: 'an index gets other columns',
    edits: [[`{ on: ['subject'],`, `{ on: ['subject', 'state'],`]],
    naive: 'DROP INDEX digests_subject; CREATE INDEX digests_subject ON digests (subject, state)',
  },
  {
    name: 'an index is dropped',
    edits: [[`digests_subject: { on: ['subject', 'state'], doc: 'By subject.' },\n    `, '']],
    naive: 'DROP INDEX digests_subject',
  },
  {
    name: 'a unique constraint is added',
    edits: [['// constraints', `uniques: { digests_number_key: { columns: ['number'], doc: 'Once.' } },\n  // constraints`]],
    naive: 'ALTER TABLE digests ADD CONSTRAINT digests_number_key UNIQUE (number)',
  },
  {
    name: 'a foreign key is added',
    edits: [[`user_id: bigint({ doc: 'Who receives it.' })`, `user_id: references(() => users, 'id', { doc: 'Who receives it.' })`]],
    naive: 'ALTER TABLE digests ADD FOREIGN KEY (user_id) REFERENCES users',
  },
  {
    name: 'a check is added',
    edits: [
      ['// constraints', `checks: { digests_number_check: { expression: sql\`number > 0\`, doc: 'Counts from 1.' } },\n  // constraints`],
    ],
    naive: 'ALTER TABLE digests ADD CONSTRAINT digests_number_check CHECK (number > 0)',
  },
  {
    name: 'a column becomes NOT NULL',
    edits: [[`state: text({ doc: 'State.', nullable: true })`, `state: text({ doc: 'State.' })`]],
    naive: 'ALTER TABLE digests ALTER COLUMN state SET NOT NULL',
  },
  {
    name: 'a varchar becomes longer',
    edits: [['length: 40,', 'length: 80,']],
    naive: 'ALTER TABLE digests ALTER COLUMN label TYPE varchar(80)',
  },
  {
    name: 'an index is added to a partitioned table',
    edits: [['// event indexes', `indexes: { events_what: { on: ['what'], doc: 'By what.' } },`]],
    naive: 'CREATE INDEX events_what ON events (what)',
  },
  {
    name: 'a NOT NULL column with a volatile default is added to a partitioned table',
    edits: [['// event columns', `token: uuid({ doc: 'Token.', default: sql\`gen_random_uuid()\` }),`]],
    naive: 'ALTER TABLE events ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()',
  },
  {
    name: 'a column is dropped',
    edits: [[`note: text({ doc: 'Note.', nullable: true }),\n    `, '']],
    naive: 'ALTER TABLE digests DROP COLUMN note',
    allow: 'data-loss:column public.digests.note',
  },
];
