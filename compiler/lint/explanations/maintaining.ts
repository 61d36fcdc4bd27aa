/** Codes of the maintenance of partitions: what apply could not do, and what check finds. */
import type { Explanations } from './explanation.ts';

const apply = 'npx schemac partitions apply';

export const maintainingExplanations: Explanations = {
  'partition-left': {
    meaning:
      'A step of maintenance did not get its locks, or older transactions on the table did not end, in the time that there was. Nothing is wrong yet: a step is done as a whole or not at all, but for a detachment, which the next run finishes.',
    remedy: 'End the transactions that were named, or leave it to the next run. --lock-budget and --detach-deadline give it more time.',
  },
  'partition-step-failed': {
    meaning: 'PostgreSQL refused a step on a partition. The other tables were still maintained.',
    remedy: `Do what the hint says, then run ${apply} again.`,
  },
  'partition-rule-failed': {
    meaning: 'The plan of a table cannot be made: its key is not what the rule says, or the rule asks for too much.',
    remedy: 'Compare the table with the rule in schema/, and migrate what differs.',
  },
  'no-partition-rule': {
    meaning: 'A table was named, and the database has no partition rule for it.',
    remedy: 'Declare one with partitionBy, compile and migrate; the name is that of the table with its schema.',
  },
  'no-partitioned-table': {
    meaning: 'The database has a partition rule for a table that is not there: it was dropped or renamed by hand.',
    remedy: 'Give the table its name back, or drop it by a migration, which takes the rule along.',
  },
  'partition-missing': {
    meaning: 'No partition takes the rows of now. Inserts fail with 23514 until there is one.',
    remedy: `Run ${apply}: it makes the present partition first of all.`,
  },
  'partition-gap': {
    meaning: 'A time that the table keeps has no partition. Rows of that time, late ones or corrections, are refused.',
    remedy: `Run ${apply}.`,
  },
  'partitions-late': {
    meaning:
      'Fewer partitions than the rule asks for are ready ahead, and have been for as long as a daily job could have made them. Nothing is refused yet.',
    remedy: `Look why the job that runs ${apply} has stopped or fails; premake is the time there is for it.`,
  },
  'retirement-late': {
    meaning: 'Partitions are past their retention, or past their grace, and have been for as long as a daily job could have retired them.',
    remedy: `Run ${apply} and read what it says; where it retires no more than so many in one run, run it again, or with --force.`,
  },
  'detach-pending': {
    meaning:
      'A detachment was begun and not finished (pg_inherits.inhdetachpending). Rows of the partition are out of sight of the table, and no other partition can be detached concurrently.',
    remedy: `Run ${apply}: it finishes it.`,
  },
  'partition-off-grid': {
    meaning: 'Partitions are not where the rule would put them: the interval was changed, or somebody made them by hand.',
    remedy: 'Nothing, where that was meant. They are retired by their real upper bound, like the others.',
  },
  'maintenance-failed': {
    meaning: 'The maintenance inside the server (schemac.partition_maintain, called by pg_cron) noted failures and no success since.',
    remedy: `Read the entries with action 'failed' in schemac.partition_log, or run ${apply}, which says more.`,
  },
  'retired-partition-renamed': {
    meaning:
      'A table was a partition once, was retired, and was renamed or moved by hand since. It is taken for somebody’s own and never dropped.',
    remedy: 'Whoever wanted it keeps it; COMMENT ON TABLE … IS NULL takes off the mark by which it is known.',
  },
  'rows-in-default-partition': {
    meaning:
      'Rows that no partition takes are in the default partition. The partition that they belong into cannot be made while they are there (23514), and nothing can be detached concurrently beside it (55000).',
    remedy:
      'Move them into partitions of their own, and do without a default partition: a row without a place is then refused at once, which is seen.',
  },
  'partition-index': {
    meaning:
      'A partition lacks its part of an index of the table, or has one that is not valid, so that the index of the table is not valid either.',
    remedy: 'Run npx schemac migrate again where a migration was building it.',
  },
  'partition-settings': {
    meaning: 'Partitions have other storage parameters, privileges, row security or owner than a new one would have.',
    remedy: 'Set them by hand, or leave them until they are retired. Rows are read through the table, whose privileges and policies count.',
  },
  'partition-analyze-late': {
    meaning:
      'The table as a whole was not analyzed for longer than the rule says. Autovacuum analyzes partitions and never their parent (manual §25.1.3), so that queries over several partitions are planned with old figures.',
    remedy: `Run ${apply}.`,
  },
  'export-folder': {
    meaning:
      'A partition is to be dropped whose rule says that it is written to a file before, and no folder was given. It was not dropped.',
    remedy: `Run ${apply} --export-to FOLDER.`,
  },
  'no-such-partition': {
    meaning: 'A partition was named that is not there, or is none of ours: it has no rule, or was not retired by it.',
    remedy: 'Give its name with its schema. What bears no mark of ours is attached and detached by hand.',
  },
  'retired-partition-differs': {
    meaning: 'A retired partition lacks columns that its table got later, and PostgreSQL attaches only what has all of them (42804).',
    remedy: 'Add the columns as the hint says; those without a default are filled by hand where they may not be NULL.',
  },
  'present-partition': {
    meaning: 'A partition that takes the present rows, or those to come, was to be detached: inserts would be refused from then on.',
    remedy: 'Detach an older one. --force does it all the same.',
  },
  'time-ahead': {
    meaning: 'apply was told to go by a time that is still to come. Partitions would be retired whose rows are not old yet.',
    remedy: 'Use plan --at to look ahead. On a copy of the database --force does it.',
  },
};
