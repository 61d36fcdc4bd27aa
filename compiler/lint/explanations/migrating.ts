/** Codes of migration files and their lock, and of applying them to a database. */
import type { Explanations } from './explanation.ts';

const fromGit = 'Take the file back from git: git checkout -- generated/migrations.';

export const migratingExplanations: Explanations = {
  'bad-argument': { meaning: 'An argument of the command has a value that it cannot have.', remedy: 'See npx schemac migrate --help.' },
  connection: {
    meaning: 'The database cannot be reached, or the connection broke. Passwords are never printed.',
    remedy:
      'Check --url, DATABASE_URL or the variables PGHOST, PGPORT, PGUSER, PGDATABASE; a password also comes from PGPASSWORD or .pgpass.',
  },
  database: {
    meaning: 'The server answered with an error outside any step; its SQLSTATE is in brackets.',
    remedy: 'The manual explains the SQLSTATE in appendix A.',
  },
  privilege: {
    meaning: 'The role that migrates lacks a privilege that a pending migration needs. It was found out before anything was applied.',
    remedy: 'Grant it as the hint says, or migrate as the owner of the objects.',
  },
  'database-changed': {
    meaning:
      'Since the last run somebody changed, dropped or added something that migrations made. What the next migration was proven on is not what is there.',
    remedy:
      'Take it back, or bring it into the schema with a migration; npx schemac drift shows it. To go on with the database as it is: npx schemac migrate --verify off.',
  },
  'promise-broken': {
    meaning: 'All migrations are applied, and the database is not what they were proven to lead to.',
    remedy: 'npx schemac drift --against migrations shows what differs; tell us where a migration ran and did something else.',
  },
  'urls-list': {
    meaning: 'The list of databases cannot be read: the file is not there, the command failed, or the list is empty.',
    remedy: 'Give one postgres:// URL a line with --urls-file or --urls-command.',
  },
  'runner-busy': {
    meaning: 'Another runner is at work on the database, and --if-busy leave said not to wait for it. Exit code 2; nothing was done.',
    remedy: 'Run it again later, or without --if-busy leave.',
  },
  'no-migrations': { meaning: 'There is no folder of migrations.', remedy: 'Run npm run compile, or name the folder with --generated.' },
  'lock-missing': {
    meaning: 'migrations.lock is not there, so nothing tells whether the migrations are whole.',
    remedy: fromGit,
  },
  'lock-conflict': {
    meaning: 'Two branches both added a migration. The lock conflicts on purpose: the order of the two must be decided, not merged.',
    remedy: 'Run npx schemac compile --rebase: yours is made anew after the other.',
  },
  'lock-format': { meaning: 'A line of migrations.lock is none that was written.', remedy: fromGit },
  'lock-chain': {
    meaning: 'The hashes in migrations.lock do not follow from one another: a line was changed or is missing.',
    remedy: `${fromGit} Where two branches were put together by hand, take the lock of the one that yours comes after and run npx schemac compile --rebase.`,
  },
  'lock-order': {
    meaning: 'The migrations in the lock are not in the order of their numbers.',
    remedy: 'Take the lock of the branch that yours comes after, then run npx schemac compile --rebase.',
  },
  'migration-missing': { meaning: 'A migration of the lock is not in the folder.', remedy: fromGit },
  'migration-extra': {
    meaning: 'A file in the folder is in no line of the lock, so nobody compiled it.',
    remedy: 'Remove it, or write hand-made SQL with npx schemac compile --custom NAME.',
  },
  'migration-edited': {
    meaning: 'A migration is not what was compiled, or not what was applied. What ran in one database must be what runs in the next.',
    remedy: `${fromGit} Change the schema and compile for another change; of the last, unapplied one: npx schemac compile --amend.`,
  },
  'migration-name': { meaning: 'A file is not named like a migration.', remedy: 'Name it NNNN_what_it_does.sql.' },
  'migration-format': { meaning: 'A comment of a migration that says how a step runs cannot be read.', remedy: fromGit },
  'psql-command': {
    meaning:
      'A migration has a psql command that the runner does not understand. It knows \\set ON_ERROR_STOP on and \\gexec, so that a file does the same here and in psql.',
    remedy: 'Write SQL instead.',
  },
  'copy-from-stdin': {
    meaning: 'COPY … FROM STDIN takes rows from the script, which drivers cannot do.',
    remedy: 'Write INSERT statements.',
  },
  unterminated: {
    meaning: 'A text, comment, parenthesis or body in SQL never ends, so what follows is part of it.',
    remedy: 'Close it at the place given.',
  },
  'probe-format': {
    meaning: 'The probe of a step, which tells whether it is done, cannot be read.',
    remedy: 'Write present, absent or valid, then a kind and a path.',
  },
  'unknown-migration': { meaning: 'There is no migration of that number.', remedy: 'npx schemac status lists them.' },
  'migration-unknown': {
    meaning: 'The database has a migration that the folder does not: the folder is older, or of another branch.',
    remedy: 'Use the folder that the database was migrated with.',
  },
  'migration-history': {
    meaning: 'A migration was applied here after others than the folder has before it.',
    remedy: 'Compare with npx schemac status, and take the files back from git.',
  },
  'migration-gap': {
    meaning: 'A migration is not applied although later ones are, as when a branch was merged late.',
    remedy: 'Give it a number at the end: npx schemac compile --rebase.',
  },
  'phase-order': {
    meaning:
      'With --phase, a migration of the other phase comes first and is pending: a contract one needs the application to be deployed first, and what comes after it may build on it.',
    remedy: 'Run npx schemac migrate --phase expand, deploy, then --phase contract; --to stops before the next release.',
  },
  pooler: {
    meaning:
      'The connection goes through a pooler that gives each transaction another server session, so session locks and settings are lost.',
    remedy: 'Give the address of the server itself, or of a pool in session mode.',
  },
  replica: { meaning: 'The server is a replica and takes no changes.', remedy: 'Give the URL of the primary.' },
  'read-only': { meaning: 'Sessions of this role are read-only by default.', remedy: 'Use a role that may write.' },
  'server-too-old': {
    meaning: 'A migration is written for a newer PostgreSQL than the server is.',
    remedy: 'Upgrade the server, or set postgres in schema/project.ts and make the migration anew: npx schemac compile --amend.',
  },
  'state-schema': {
    meaning: "The runner's own tables cannot be made or read.",
    remedy: 'Give the role CREATE on the database, or make the schema for it; --state-schema takes another name.',
  },
  'state-version': { meaning: "The runner's tables were written by a newer schemac.", remedy: 'Use the newer one.' },
  'step-failed': {
    meaning:
      'A step failed; the message says which, why, and what is left. A transaction is rolled back whole; other steps are taken up again.',
    remedy: 'Mend what the message names and run npx schemac migrate again: it goes on where it stopped.',
  },
  'step-unknown': {
    meaning: 'A step was interrupted, and nothing tells whether it is done.',
    remedy: 'Look at the database, then run npx schemac migrate --mark-applied for it if it is, or --amended if the file was written anew.',
  },
  interrupted: {
    meaning: 'A signal stopped the run; the message says where.',
    remedy: 'Run npx schemac migrate again: it goes on where it stopped.',
  },
  'baseline-half-done': {
    meaning: 'A baseline cannot be set while a migration is half done.',
    remedy: 'Finish it with npx schemac migrate --to, then set the baseline.',
  },
  'mark-unknown': {
    meaning: 'What --mark-applied names is no step of a half-done migration, or one that has not begun.',
    remedy: 'npx schemac status lists them.',
  },
};
