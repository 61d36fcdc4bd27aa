/** Codes of declarations that cannot be composed into a schema, found before any database is asked. */
import type { Explanations } from './explanation.ts';

export const declaringExplanations: Explanations = {
  'invalid-declaration': {
    meaning: 'A declaration is not of the form that its word asks for, so it cannot be read at all.',
    remedy: 'The type check says which part is wrong: npx schemac check.',
  },
  'not-a-column': {
    meaning: 'Something in columns is not made by a column word.',
    remedy: "Write text({ doc: '…' }), references(() => users, 'id'), …",
  },
  'unknown-policy-rule': {
    meaning: 'The policy of the project names something that statements are not known to do.',
    remedy:
      'Forbid what the heads of migrations speak of: rewrite, blocks-reads, blocks-writes, long-scan, data-loss and the others of the hint.',
  },
  'unknown-reference': {
    meaning: 'A declaration refers to something that no schema file exports. Only what is exported is part of the schema.',
    remedy: 'Export it, or correct the name.',
  },
  'invalid-time': {
    meaning: 'The time of a budget has no unit, or one that is not known.',
    remedy: "Write milliseconds or seconds: under: '10 ms', under: '1.5 s'.",
  },
  'unknown-column': {
    meaning: 'A key, index or reference names a column that its table does not have.',
    remedy: 'Correct the name; the hint gives the nearest.',
  },
  'invalid-role': {
    meaning: 'A grant, policy, owner or default privilege names something that cannot be a role.',
    remedy:
      "Name a role as PostgreSQL has it, or 'public' for everybody. CURRENT_USER and the like mean another role for everybody who applies the schema.",
  },
  'invalid-privilege': {
    meaning: 'A grant names a privilege that such an object does not have, or that columns cannot have.',
    remedy: 'The hint lists what there is (manual §5.8, table 5.2).',
  },
  'nothing-to-revoke': {
    meaning:
      'A privilege is taken away that nobody has by itself. PostgreSQL gives everybody EXECUTE on functions and USAGE on types, and the owner everything.',
    remedy: 'Leave it out: what is not granted, nobody has.',
  },
  'grant-to-owner': {
    meaning: 'A privilege is given to the role that owns the object and may do everything with it.',
    remedy: 'Take the role out of the grant.',
  },
  'external-access': {
    meaning: 'A table of another team is given privileges, policies or an owner; migrations never touch it.',
    remedy: 'Ask the team that owns the table.',
  },
  'policy-clause': {
    meaning: 'A policy has a clause that its command has no use for: select and delete take using alone, insert withCheck alone.',
    remedy: 'Write the condition in the other clause, or make it a policy for another command.',
  },
  'unknown-schema': {
    meaning: 'A table is put into a database schema that nobody declared.',
    remedy: "Declare it: export const archive = schema('archive', { doc: '…' }).",
  },
  'unknown-address': {
    meaning:
      'A requirement, decision, question or review names an object that is not there any more, so the document would promise what the schema does not hold.',
    remedy: 'Name what is there now, or take it out. An address is a kind and a path: table public.digests.',
  },
  'impossible-values': {
    meaning:
      'What is said of the values of a column cannot be: shares of common values and of NULLs lie between 0 and 1, and together not above 1; a column goes along with another one of its own table.',
    remedy: 'Correct the shares, each a part of all rows: values: { nulls: 0.1, common: { daily: 0.6, weekly: 0.3 } }.',
  },
  'unknown-parameter': {
    meaning: 'A sample or a type is given for a parameter that the SQL of the query does not have.',
    remedy: 'Parameters are written :name in the SQL; give samples and types by the same names.',
  },
  'invalid-address': {
    meaning: 'A text that should be an address is none.',
    remedy: 'Write a kind and a path, with * for any run of characters: table public.legacy_*.',
  },
  'ignored-and-declared': {
    meaning: 'An object is declared and also on the ignore list; one of the two is wrong.',
    remedy: 'Take it out of one of them.',
  },
  'no-reason': { meaning: 'An entry of the ignore list does not say why.', remedy: "Give a reason: { address: '…', reason: '…' }." },
  'invalid-date': { meaning: 'A date is not an ISO date of the calendar.', remedy: "Write '2026-03-31'." },
  'two-projects': {
    meaning: 'project(…) is declared twice, and only one can hold.',
    remedy: 'Keep one, by convention in schema/project.ts.',
  },
  'unsupported-postgres': {
    meaning: 'Migrations are written for PostgreSQL 14 to 18 only.',
    remedy: 'Set postgres in schema/project.ts to the major version that runs in production.',
  },
  'not-in-target': {
    meaning: 'Something is used that the PostgreSQL of the project does not have yet, whatever the engine that compiles would accept.',
    remedy: 'Write it without, or raise postgres in schema/project.ts once production is upgraded.',
  },
  'duplicate-name': {
    meaning:
      'Two things have one name where PostgreSQL allows one: relations and types of a schema, constraints of a table. Names that are equal only after the cut at 63 bytes count too.',
    remedy: 'Rename one of them, with renamedFrom if it exists in a database.',
  },
  'duplicate-column': { meaning: 'A key names a column twice.', remedy: 'Name each column once.' },
  'invalid-name': { meaning: 'A name is empty or has a character that PostgreSQL cannot hold in a name.', remedy: 'Give it another name.' },
  'name-too-long': {
    meaning:
      'PostgreSQL cuts names after 63 bytes (manual §4.1.1), silently, so that two long names may become one. Bytes are counted, not characters.',
    remedy: 'Shorten it; the hint shows a form with a hash that stays its own.',
  },
  'reserved-schema': {
    meaning: 'Schemas that begin with pg_, information_schema, and our own schema schemac are not for declared objects.',
    remedy: 'Give it another name.',
  },
  'raw-string-in-sql': {
    meaning:
      'A bare string stands where SQL is expected. It could be meant as SQL or as a text, so it is neither: strings never become SQL by accident.',
    remedy: "Write sql`now()` for SQL, literal('queued') for a text.",
  },
  'value-in-sql': {
    meaning: 'A value that has no meaning in SQL is interpolated into an sql template.',
    remedy: 'Interpolate declarations, literal(…), name(…) or another sql template.',
  },
  'invalid-type': {
    meaning: 'A type is given by text that is no name of a type.',
    remedy: "Write its SQL name: customType('geometry(Point, 4326)').",
  },
  'invalid-enum-value': {
    meaning:
      'An enum has a value twice, an empty one, or one longer than 63 bytes (manual §8.7); or renamedValues names one that the enum has not, or a former one that it has still.',
    remedy: "Give distinct texts of 1 to 63 bytes; in renamedValues the new label first: { sent: 'done' } renames done to sent.",
  },
  'invalid-attribute': {
    meaning:
      'An attribute of a composite type is not a type alone: it refers to a table, or says what only a column of a table can have. Attributes may always be null and have no default (manual §8.16).',
    remedy: "Write text({ doc: '…' }). A domain over the composite type can check its values.",
  },
  'invalid-range-subtype': {
    meaning: 'CREATE TYPE … AS RANGE takes a length or a precision of the subtype and forgets it, so ranges would hold more than was said.',
    remedy: 'Write the subtype without it, or use a domain as the subtype.',
  },
  'invalid-operator': {
    meaning: 'An exclusion compares with something that is no operator.',
    remedy: "Write one such as '=' or '&&' (manual §4.1.3).",
  },
  'invalid-operator-class': {
    meaning: 'The operator class of an index key is no name.',
    remedy: 'Write its name, with options in parentheses: gist_trgm_ops(siglen=32).',
  },
  'invalid-publication': {
    meaning: 'A publication is of all tables and lists some as well, lists a table twice, or publishes no kind of change.',
    remedy: "Write allTables: true, or tables: [digests] with schemas where wanted; operations: ['insert'] names what is published.",
  },
  'invalid-row': {
    meaning:
      'A declared row of a lookup table cannot be one: it lacks its key or a column that the other rows give, gives what is generated, counts on an identity, has the key of another row, or a value that is none of the column’s type.',
    remedy: "Give every row the same columns: rows: [{ id: 1, name: 'open' }]. What no row gives is left to the database.",
  },
  'invalid-rows-key': {
    meaning:
      'Rows are named by a key, in addresses as in migrations, so a table that declares rows needs one whose texts are the same here and in PostgreSQL: integers, text, uuid, boolean, date or an enum. A numeric 1 may be printed 1.00.',
    remedy: "Declare primaryKey: ['id'], or a unique key and rowsKey: ['code'].",
  },
  'invalid-statistics': {
    meaning:
      'Extended statistics are on two to eight columns and expressions, which are looked at together, or on one expression alone, which then has no kinds; their target is a number from 0 to 10000 (manual: CREATE STATISTICS).',
    remedy: "Write statistics: { digests_kind_period: { on: ['kind', 'period'], kinds: ['mcv'], doc: '…' } }.",
  },
  'reference-circle': {
    meaning: 'Reference columns take their types from one another in a circle, so none has a type of its own.',
    remedy: 'Give one column its own type and declare its reference in foreignKeys.',
  },
  'reference-lengths': {
    meaning: 'A foreign key has a different number of columns on its two sides.',
    remedy: 'Give as many columns in `to` as in `columns`.',
  },
  'reference-without-key': {
    meaning:
      'A foreign key refers to columns that no primary or unique key of the other table covers, which PostgreSQL refuses (manual §5.5.5).',
    remedy: 'Declare the key there, or use softReference, which needs none.',
  },
  'key-without-partition-key': {
    meaning:
      'A primary or unique key of a partitioned table lacks a column of the partition key. PostgreSQL enforces uniqueness in each partition by itself, so it demands the partition key in every such key (manual §5.12.2.3), at all levels.',
    remedy:
      "Add the column: primaryKey: ['id', 'created_at']. If uniqueness of the id alone matters, make the id time-ordered and partition by it.",
  },
  'invalid-partition-rule': {
    meaning:
      'A rule that makes and retires partitions needs a key of one column that is a date or a time, an id that holds its time, or a number; and what it says must be about something that happens.',
    remedy:
      "range('created_at', { every: '1 month' }), range('id', { every: '1 month', key: 'uuidv7' }), range('id', { every: 10_000_000 }); anything else is declared with children.",
  },
  'partition-interval': {
    meaning:
      'Partitions are cut on the calendar. Months that do not divide a year, or hours that do not divide a day, would begin at another place each time; a mixture of units has no grid at all.',
    remedy: "Write '1 month', '3 months', '1 week', '1 day', '6 hours' or the like. A date column cannot be cut within a day.",
  },
  'retention-shorter-than-partition': {
    meaning:
      'A partition is retired as a whole, when its last row is past retention; a retention shorter than one partition, or partitions made ahead of time in a past that is already retired, can never be as they are written.',
    remedy: 'Make the partitions shorter, or keep rows longer; make past smaller.',
  },
  'partition-bounds': {
    meaning: 'Two declared partitions of one table would take the same rows. PostgreSQL refuses the second one (42P17).',
    remedy: 'Take the value, or the part of the range, out of one of them. An upper bound is not part of its range.',
  },
  'partition-bounds-gap': {
    meaning: 'Rows between two declared partitions, or with a value of the enum that no list has, would be refused (23514).',
    remedy: 'Declare a partition for them, or say gaps: true beside children where they are to be refused.',
  },
  'invalid-interval': { meaning: 'A length of time is not an amount and a unit.', remedy: "Write '1 month', '7 days' or '12 hours'." },
  'hash-remainders': {
    meaning: 'The partitions of a hash do not cover every remainder once, so some rows would have no place (23514).',
    remedy: 'Declare one child for each remainder from 0 to modulus - 1.',
  },
  'invalid-argument': {
    meaning: 'An argument or the result of a function or procedure is declared in a way that PostgreSQL has no place for.',
    remedy: 'Of the options of a column word an argument has its default alone; a function says what it returns.',
  },
  'invalid-trigger': {
    meaning:
      'A trigger puts together what CREATE TRIGGER does not allow: rows and TRUNCATE, INSTEAD OF on a table, transition tables before there are any, a function that does not return trigger.',
    remedy: 'The hint says what to change. Where nothing is said, a trigger fires for each row.',
  },
};
