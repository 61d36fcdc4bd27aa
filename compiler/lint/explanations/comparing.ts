/** Codes of reading any state as a source, and of comparing two of them. */
import type { Explanations } from './explanation.ts';

export const comparingExplanations: Explanations = {
  'partition-is-a-table': {
    meaning:
      'One side has a partition and the other a table of its name: most likely it was detached, or is to be. Its rows would be lost if it were dropped, and they may be missed if it stays.',
    remedy: 'Attach or detach it by hand with the statement of the hint, or give the table or the partition another name.',
  },
  drift: {
    meaning:
      'The database is not what was reviewed: somebody changed it by hand, or a migration was never applied. An error says that rows or access are at stake, a warning that it is slower, a notice that words differ.',
    remedy:
      'Take the database back with the SQL that drift prints, or declare what was found and compile. What is meant to differ goes into the ignore list of project(), with its reason.',
  },
  'migrations-pending': {
    meaning: 'Migrations in generated/ were not applied to the database yet, so it differs from the schema by what they will change.',
    remedy: 'Apply them with schemac migrate, or compare with what was applied: schemac drift --against migrations.',
  },
  'unknown-source': {
    meaning: 'What was given as a source is neither there nor of a form that is known.',
    remedy:
      'Give a schema folder, a folder of migrations, a snapshot.json, a .sql file, a postgres:// URL, or env:NAME for a URL that the variable NAME holds.',
  },
  'not-postgres': {
    meaning: 'What answers at the address is no PostgreSQL, or only speaks its protocol.',
    remedy: 'Look at host and port of the URL.',
  },
  'postgres-too-old': {
    meaning: 'PostgreSQL before version 14 lacks catalogs that are read, and is not maintained any more.',
    remedy: 'Dump the schema with pg_dump --schema-only and give that file as the source.',
  },
  'missing-privilege': {
    meaning:
      'Every role may read the catalogs, but the tables of schemac itself, which say what a partition rule manages, belong to a role, and so do lookup tables whose rows are compared. Rows that a policy hides from the role count as well: without them the comparison would be wrong.',
    remedy:
      'GRANT USAGE ON SCHEMA schemac and SELECT ON ALL TABLES IN SCHEMA schemac to the role that reads, SELECT on lookup tables, and BYPASSRLS where their policies hide rows from it.',
  },
  'not-modelled': {
    meaning:
      'A source holds what schemac has no kind for, such as a subscription or a security label, or something of an object that is none of its attributes, or what the role may not see. It is named and left as it is: it is not compared, and no file and no migration says anything of it. With --strict that is an error.',
    remedy:
      'See to it by other means, and keep it out of the comparison with --exclude or the ignore list of project(); or leave --strict out. --json lists all of it under notModelled.',
  },
  'changed-while-read': {
    meaning:
      'The database was read several times and changed each time: functions of the catalog such as pg_get_viewdef look at the newest state and fail for what was dropped meanwhile.',
    remedy: 'Run it again when no migration is under way.',
  },
  'snapshot-unreadable': {
    meaning: 'A snapshot holds a digest of itself; it does not fit, or the file is of another version.',
    remedy: 'npx schemac compile writes it anew. Or give the folder of migrations as the source.',
  },
  'sql-file': {
    meaning: 'A statement of the file does not run in an empty PostgreSQL.',
    remedy: 'Mend the line, or give the file to a server that has what it needs: --engine postgres://user@host/postgres.',
  },
  'compared-as-text': {
    meaning:
      'PostgreSQL prints one expression in more than one way, so texts that differ are put into one engine and read back. The engine could not make this object, so its texts were compared as they are: a difference may be of spelling alone.',
    remedy: 'Name a server that can make it: --engine postgres://user@host/postgres.',
  },
  'opaque-not-seen': {
    meaning:
      'A database does not remember opaque objects: whether it has one is told by what its SQL makes, in an engine and in the database. This one makes nothing that the catalogs show, or the engine could not make it, so it counts as there where what it rests on, or what it made by the migrations, is there.',
    remedy:
      'Look by hand whether the database has it. Where the engine could not make it, name a server that can: --engine postgres://user@host/postgres.',
  },
  'looks-like-rename': {
    meaning:
      'One object is dropped and one like it is added. Between two databases nothing says that one became the other, and with a table or a column the rows would be lost.',
    remedy: 'Where it is a rename, rename it on the first source and compare again; in a schema folder write renamedFrom.',
  },
  unmanaged: {
    meaning: "With manages: 'declared', what the schema does not declare belongs to somebody else: it is counted and never changed.",
    remedy: 'Declare it, or let the project manage whole schemas.',
  },
  'pattern-matches-nothing': {
    meaning: 'A pattern of --include or --exclude matches the address of no object, so it is probably misspelled.',
    remedy: "Patterns are whole addresses with * for any characters: 'table public.*'.",
  },
  'left-out-but-needed': {
    meaning: 'An object in scope needs one that was left out and is not there, or one that was left out needs what would be dropped.',
    remedy: 'Include both or exclude both.',
  },
};
