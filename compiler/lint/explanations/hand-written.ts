/** Codes of SQL that people write: files of schema/custom/. */
import type { Explanations } from './explanation.ts';

export const handWrittenExplanations: Explanations = {
  'custom-name': {
    meaning:
      'A file of schema/custom/ has the name that its migration is to have, NNNN_what_it_does.sql, so that everybody sees where it runs. This one has none, shares its number with another, or has that of a migration which schema/ asked for.',
    remedy: 'Give it the number after the last migration; npx schemac compile --custom NAME begins a file under the right one.',
  },
  'custom-empty': {
    meaning:
      'A file of schema/custom/ holds comments and no statement. It keeps its number, so that what schema/ asks for later cannot be compiled in its place.',
    remedy: 'Write the SQL, or remove the file. To compile the changes of schema/ first, give the file a higher number.',
  },
  'custom-edited': {
    meaning:
      'A file of schema/custom/ is not the one that its migration was compiled from: the head of the migration has the hash of what it was. A migration that a database has run is never changed.',
    remedy:
      'Where it was applied nowhere, npx schemac compile --amend makes it anew, and all that follow it. Otherwise take the file back with git checkout, and write what is to change into another one.',
  },
  'custom-missing': {
    meaning: 'A migration was compiled from a file of schema/custom/ that is not there any more, so that nobody can read what was meant.',
    remedy: 'Take the file back with git checkout. To take the migration back, where it was applied nowhere: npx schemac compile --amend.',
  },
  'custom-too-early': {
    meaning:
      'A file of schema/custom/ that was not compiled yet has a number below that of the last migration. Migrations are only ever added at the end.',
    remedy: 'Give it the number of the hint; where two branches were put together, npx schemac compile --rebase does.',
  },
  'custom-undeclared': {
    meaning:
      'Hand-written SQL makes something that schema/ does not declare. What is declared, what is documented and what runs in the database are one thing: the next migration would drop it.',
    remedy: 'Put the lines of the hint into schema/, or drop the object at the end of the file where it only helps there.',
  },
  'custom-disagrees': {
    meaning:
      'Hand-written SQL drops something that schema/ declares, or changes it away from what is declared; the next migration would take that back.',
    remedy: 'Change the declaration too, or leave the object as it is declared.',
  },
  'custom-external': {
    meaning: 'Hand-written SQL changes a table that is declared as external: it belongs to another team, whose migrations would not know.',
    remedy: 'Leave it out. What is to change there is for its owners to write.',
  },
  'forbidden-by-policy': {
    meaning:
      "A statement of a migration does what the project's policy forbids on a table of so many declared rows. A migration is judged by its head: what was measured there, and the rows that were declared when it was compiled. A table that says no rows counts as large.",
    remedy:
      'Write the change as the hint says, or except it in project({ policy: { except: […] } }) by migration, rule and table, with the reason. What was there before the policy is left alone by after.',
  },
  'policy-exception-unused': {
    meaning: 'The policy excepts something that no migration does. Left in place it would excuse the next one, which nobody has judged.',
    remedy: 'Take the exception out, or correct the migration, the rule or the table that it names.',
  },
  'sql-hazard': {
    meaning:
      'A statement of an SQL file loses data, writes or reads a whole table while others wait for it, or keeps many rows locked until it ends. It was run on generated rows, after the last migration, and its locks were measured.',
    remedy: 'Write it in steps that hold nobody up, as migrations do, or say that it is meant with the --allow of the hint.',
  },
  'sql-refused': {
    meaning:
      "PostgreSQL refuses a statement that was written by hand; message and SQLSTATE are the server's, the place is the character that it means. It ran on the state after the migrations before it, on generated rows and once more on none.",
    remedy:
      'Correct the statement. A column of an external table that it names must be declared there; a role that it names must exist on the server that compiles, where that is not the embedded one.',
  },
};
