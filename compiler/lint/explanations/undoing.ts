/** Codes of taking migrations back, and of folding old ones into a baseline. */
import type { Explanations } from './explanation.ts';

export const undoingExplanations: Explanations = {
  'undo-half-done': {
    meaning: 'An undo was stopped half-way on this database. Its migrations are neither applied nor pending until it is finished.',
    remedy:
      'Run the same npx schemac migrate --down-to again: it runs what was planned then, and needs nothing of what compiles. Afterwards npx schemac migrate applies the migrations again.',
  },
  'undo-below': {
    meaning:
      'The number given with --down-to is not one that this database can go back to: it is not applied, or a half-done migration comes before it.',
    remedy: 'npx schemac status says what is applied; finish what is half done with npx schemac migrate --to, or give a lower number.',
  },
  'undo-step-begun': {
    meaning:
      'A half-done migration is to be taken back, and one of its steps is in the database in part, so that nothing tells from what state the way back begins.',
    remedy: 'Finish the migration with npx schemac migrate --to, then take it back.',
  },
  'undo-rows': {
    meaning: 'A step of the undo would fail on rows that are there. It was found out before anything was changed.',
    remedy: 'Give rows a value for the column that comes back with --fill, or change the rows that the hint finds.',
  },
  'undo-not-restored': {
    meaning:
      'The undo brings back the objects and not what was in them: values that were lost when the migration was applied, or rows that it wrote.',
    remedy: 'Only a backup has them.',
  },
  'undo-names': {
    meaning: 'A name that an object had before belongs to another object now; planned in one step, the wrong one would get it.',
    remedy: 'Take it back by new migrations: one that gives the name free, then one that renames.',
  },
  'squash-partly': {
    meaning:
      'The database has some of the migrations that were folded into a baseline, and not the others: neither the baseline nor what comes after it fits.',
    remedy:
      'Take generated/ as it was before the squash, bring the database up to the last migration that was folded, then go on with the new folder.',
  },
  'squash-folded': {
    meaning: 'A migration of that number was folded into a baseline, and its state is known no more.',
    remedy: 'Take generated/ as it was before the squash from git.',
  },
  'squash-nothing': { meaning: 'There are not two migrations to fold.', remedy: 'Nothing is to be done; --to takes a later number.' },
  'squash-uncommitted': {
    meaning: 'Files that would be folded are not in git as they are here, and would be lost.',
    remedy: 'Commit generated/ first, or name a folder to copy them to with --archive.',
  },
  'squash-differs': {
    meaning: 'A fresh database would not get the same from the baseline as from the migrations that it stands for; nothing was written.',
    remedy: 'Fold fewer migrations with --to, or make what differs something that the schema can declare.',
  },
  'squash-amend': {
    meaning: 'A baseline stands for migrations that databases have applied; it is never made anew.',
    remedy: 'npx schemac compile writes what changed as a migration after it.',
  },
  'undo-needs-compiler': {
    meaning: 'Planning an undo and proving it needs the embedded PostgreSQL and what else compiles; a deploy image has none of it.',
    remedy: 'Run migrate --down-to where the whole package is installed. An undo that was begun is finished without it.',
  },
};
