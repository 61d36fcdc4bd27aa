/** Codes of making and proving a migration, and of the outputs in generated/. */
import type { Explanations } from './explanation.ts';

const fault = 'This is a fault of the compiler, not of the schema. Please report it with the schema before and after.';
const regenerate = 'Run npm run compile and commit what it writes.';

export const compilingExplanations: Explanations = {
  'refused-by-postgres': {
    meaning:
      "PostgreSQL itself refused the declaration: the message, the SQLSTATE and the hint are the server's, the place is the declaration's.",
    remedy: 'Correct the declaration; the manual explains the SQLSTATE in appendix A.',
  },
  'partitioning-with-other-changes': {
    meaning:
      'A table becomes partitioned, and its columns, defaults, checks, indexes or foreign keys change in the same compile. The table of before becomes the first partition as it is: ATTACH refuses one whose columns or checks are others, and builds indexes that it lacks while nobody can use it. Where rows are moved into declared partitions, only its columns must stay as they are.',
    remedy:
      'Compile the other change as a migration of its own, before or after the partitioning. Keys may change along: their indexes are built beforehand.',
  },
  'partitioning-stands-in-the-way': {
    meaning:
      'A table becomes partitioned, and something on it would have to be made again in the moment in which the old table and the new one are exchanged: a materialized view would be filled again, an index of another table built again, a foreign key of the table to itself checked for every row. Rows that are moved into declared partitions are found again by their primary key, which the table must have before and afterwards.',
    remedy: 'Drop it in a migration before, and declare it again in one afterwards, where it is made while the application goes on.',
  },
  'role-missing': {
    meaning:
      'A role that the schema names is not on the server. Roles belong to the whole server, with their passwords and memberships, so that no migration makes or drops one. The embedded engine makes what it needs for itself.',
    remedy: 'Run the CREATE ROLE of the hint there, with what the role needs, or correct the name.',
  },
  'access-changes-nothing': {
    meaning:
      'An owner or privilege is declared that is there without it, mostly because the role that owns things anyway is named. PostgreSQL does not keep it, so it could not be found again.',
    remedy: 'Take it out of the declaration.',
  },
  'query-refused': {
    meaning:
      "PostgreSQL does not take a declared query: the message and the SQLSTATE are the server's, the place is the character that it means. A query is prepared in a database that holds what is declared, so that every name and type in it is resolved.",
    remedy:
      "Correct the query. Where the type of a parameter cannot be determined, give it: types: { ids: 'bigint[]' }. Where a sample is refused, write one of the type that PostgreSQL found.",
  },
  'query-over-budget': {
    meaning:
      'At the declared volumes, as declared or after churn (twice the pages, half of them not all-visible), the query is planned in a way that its budget does not allow. The plan is that of PostgreSQL itself, for an empty database that pretends to be loaded; the plan for any parameters is judged where a server would keep it.',
    remedy:
      'Add the index that the hint names, if it names one: it was made and the query planned again. Otherwise change the query, the budget, or the declared rows and values if they are not what production has.',
  },
  'query-over-budget-when-grown': {
    meaning:
      'With ten times the declared rows the query is planned otherwise: it reads something whole, sorts, or reads more partitions than its budget allows. Costs and rows are not judged, for they grow with the data.',
    remedy: 'See to it before the data has grown; npx schemac plans --scale TABLE=ROWS shows from where on the plan changes.',
  },
  'plans-not-checked': {
    meaning:
      'Declared queries are planned on the embedded PostgreSQL, which lacks something that the schema needs, or does not take pretended lengths. No plan was judged, and the documents show none.',
    remedy: 'Without the extension that it lacks nothing can be planned; leave the budgets, they are judged again as soon as they can be.',
  },
  'unknown-query': {
    meaning: 'A query was asked for that schema/ does not declare.',
    remedy: 'Name a declared one, or none: then all are planned.',
  },
  'unknown-scale': {
    meaning: 'What --scale says is not TABLE=ROWS or TABLE.partitions=NUMBER, or names a table that is not declared.',
    remedy: 'Write --scale users=100M or --scale digests.partitions=60; a number may end in k, M or G.',
  },
  'engine-lacks': {
    meaning:
      'The PostgreSQL that compiles cannot hold something that is declared, such as an extension, so nothing about it can be proven.',
    remedy: 'Compile on a server that has it: --engine postgres://user@host/postgres. A scratch database is made there and dropped.',
  },
  'dependency-cycle': {
    meaning:
      'Objects need each other in a circle that cannot be broken by making one first and completing it later, as two foreign keys can.',
    remedy: 'Let one of them be made without the other.',
  },
  'data-loss': {
    meaning:
      'The migration would drop something that holds data. A drop beside an add of the same kind is often a rename that was not declared, and is never guessed.',
    remedy:
      "Write renamedFrom: 'old_name' if it is a rename. If the data is to go, pass --allow 'data-loss:ADDRESS'; the migration's header records it.",
  },
  'not-null-without-value': {
    meaning: 'A NOT NULL column is added to a table that may have rows, and nothing says which value they get.',
    remedy: 'Write backfill: sql`…`, a default, or nullable: true.',
  },
  'enum-value-removed': {
    meaning:
      'PostgreSQL adds values to an enum and never removes or reorders them (manual §8.7), so the type is made anew and columns are converted by their text. Something else uses the type, as a domain does, and cannot be converted.',
    remedy: 'Keep the old values in their order and forbid one with a check, or let what the message names use another type first.',
  },
  'domain-type-changed': {
    meaning: 'PostgreSQL cannot change the base type of a domain (manual: ALTER DOMAIN).',
    remedy: 'Declare another domain and change the columns to it.',
  },
  'attribute-type-changed': {
    meaning:
      'PostgreSQL refuses another type for an attribute of a composite type while a column holds values of it, also through an array, a domain or another type (manual: ALTER TYPE, 0A000).',
    remedy:
      'Add an attribute of the new type under another name; or declare a new composite type and change the columns to it, with using that builds the new value.',
  },
  'type-in-use': {
    meaning:
      'A composite type whose attributes stand in another order, and a range type that is made of something else, are other types: PostgreSQL cannot alter them so, and columns hold values of the old one.',
    remedy: 'Keep the order and write new attributes last; or declare a new type and change the columns to it with using.',
  },
  'extension-moved': {
    meaning: 'The extension is not relocatable, so it cannot be moved to another schema.',
    remedy: 'Leave it in the schema where it is.',
  },
  'generated-column-changed': {
    meaning: 'How a column is generated cannot be changed before PostgreSQL 17, and never from stored to virtual or back.',
    remedy: 'Declare a new generated column under another name and drop this one.',
  },
  'partition-key-changed': {
    meaning:
      'PostgreSQL has no statement that changes a partition key (manual: ALTER TABLE); the rows have to move to a new table. That is done for you into declared partitions and into a plain table; a rule takes in a plain table as its first partition, and no rows of other partitions. A partition that is partitioned itself is not moved.',
    remedy:
      'Go by two migrations: take partitionBy out and compile, then declare the new one and compile again. For a partition, declare another one with the key that you want, move the rows, and drop the old one.',
  },
  'access-method-changed': {
    meaning: 'SET ACCESS METHOD came with PostgreSQL 15, for partitioned tables with 17 (manual: ALTER TABLE).',
    remedy: 'Declare a new table with the access method that you want, move the rows, and drop the old one.',
  },
  'rename-circle': {
    meaning: 'Two objects each say renamedFrom the other. A rename needs a free name, and neither is free while the other stands.',
    remedy: 'Give one of them a name of its own first and compile; take it to its final name in a second migration.',
  },
  'partition-parent-changed': {
    meaning: 'A partition belongs to one parent; its rows fit the bounds of that one only.',
    remedy: 'Declare a partition under the new parent, move the rows, drop the old one.',
  },
  'partition-support-version': {
    meaning: "The schema's partition functions were written by another version of schemac than this one.",
    remedy: 'Use the version that wrote them, or a newer one.',
  },
  'opaque-psql-command': {
    meaning: 'The SQL of an opaque object has a psql command in it; objects are made by SQL alone.',
    remedy: 'Write SQL without backslash commands.',
  },
  'migration-refused': {
    meaning:
      'The migration ran on the state before it with generated rows, and PostgreSQL refused a statement because of the rows. It could fail on yours.',
    remedy: 'Say how existing rows get through: backfill, using, or a change in two steps.',
  },
  'rows-lost': { meaning: 'Rows that were there before the migration are gone after it, although it was not to lose any.', remedy: fault },
  'not-proven': { meaning: 'After the migration the database is not what the schema says.', remedy: fault },
  'unexpected-lock': {
    meaning:
      "A statement took a lock, or rewrote a table, that it was not expected to. On the engine's own major version this fails the compile, so that no migration claims less than it does.",
    remedy: fault,
  },
  'replay-failed': {
    meaning: 'A migration of the history does not run on the state that the ones before it make.',
    remedy: 'Migrations are never edited: take the file back from git.',
  },
  'query-plan-changed': {
    meaning: 'Since generated/ was last written, a declared query is planned in another way, or costs half as much again.',
    remedy:
      'Where it is meant, there is nothing to do: the new plan is written down with the rest. Else look at what changed: an index, a column, the declared rows.',
  },
  'nothing-to-amend': { meaning: 'There is no migration that --amend could replace.', remedy: 'Run npm run compile without it.' },
  'nothing-to-rebase': {
    meaning: 'Every migration follows from the lock; no other branch has come between.',
    remedy: 'Run npm run compile.',
  },
  'migration-pending': { meaning: 'schema/ has changed since the last migration was written.', remedy: regenerate },
  'output-missing': { meaning: 'A file that the compiler writes is not there.', remedy: regenerate },
  'output-stale': { meaning: 'A file in generated/ is not what the schema says now, or was edited by hand.', remedy: regenerate },
  'output-extra': {
    meaning: 'A file in generated/ is no output of the compiler.',
    remedy: 'Remove it, or keep it elsewhere: hand-written SQL lives in schema/custom/.',
  },
  'cannot-read': {
    meaning: 'The operating system refuses to give a file that the compiler needs.',
    remedy: 'Make it readable for who runs the compiler.',
  },
  'report-missing': {
    meaning: 'A change report that was written with its migration is not there.',
    remedy: 'Take it back from git: reports are written once.',
  },
  'write-interrupted': {
    meaning:
      'A compile was interrupted while it wrote generated/: some files are new, some are old. Nothing is lost, since all of them can be made anew.',
    remedy: regenerate,
  },
  'report-edited': {
    meaning: 'A change report is not what was written with its migration.',
    remedy: 'Take it back from git: reports are written once.',
  },
  'dbml-unreadable': { meaning: "DBML's own parser cannot read generated/schema.dbml.", remedy: fault },
  'dbml-lost': { meaning: 'Read back by its own parser, the DBML lacks something that is declared.', remedy: fault },
  'dbml-invented': { meaning: 'Read back by its own parser, the DBML says something that nobody declared.', remedy: fault },
  'dbml-not-verified': {
    meaning: 'The DBML was written but not read back, since its parser is not installed.',
    remedy: 'npm install -D @dbml/core',
  },
  'no-diagrams': { meaning: 'generated/ has no diagram to render.', remedy: 'Write them first: npm run compile.' },
  'mermaid-cli-missing': {
    meaning: 'Rendering diagrams needs mermaid-cli, which is optional and not installed.',
    remedy: 'npm install -D @mermaid-js/mermaid-cli; hosts such as GitHub draw the .mmd files without it.',
  },
  'chromium-missing': {
    meaning: 'Rendering diagrams needs a Chromium or Chrome, and none was found.',
    remedy: 'Install one, or name it as the hint says.',
  },
  'chromium-not-started': {
    meaning: 'The browser that was found does not start; its own words are in the message.',
    remedy: 'Mend what it names, often a missing library or sandbox.',
  },
  'diagram-too-long': {
    meaning: 'Mermaid refuses to draw a text of that length.',
    remedy: 'Put tables into groups: each group gets a diagram of its own.',
  },
  'diagram-not-rendered': { meaning: 'Mermaid could not draw a diagram; its own words are in the message.', remedy: fault },
  'signature-spelling': {
    meaning:
      'Functions and procedures are told apart by the types of their arguments, in the names that PostgreSQL prints, and an argument has a type that is written otherwise: an alias of an extension, or a type without its schema.',
    remedy: "Write the name that the hint shows: customType('public.geometry').",
  },
};
