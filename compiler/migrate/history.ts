/**
 * Compares the migrations of the folder with what a database recorded: applied, pending, half-done,
 * edited, unknown. Pure: no file and no database is touched.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import { parseMigration } from './folder.ts';
import type { FolderMigration } from './folder.ts';
import { hashSql } from './record.ts';
import type { RecordedMigration, RecordedStep, RecordedUndo, Records } from './state-schema.ts';

export interface HalfDone {
  readonly migration: FolderMigration;
  readonly recorded: RecordedMigration;
  readonly steps: readonly RecordedStep[];
}

export interface History {
  readonly applied: readonly { readonly migration: FolderMigration; readonly recorded: RecordedMigration }[];
  /** Nothing of it is in the database, oldest first. */
  readonly pending: readonly FolderMigration[];
  /** Begun and not finished. */
  readonly halfDone: readonly HalfDone[];
  /** Applied or begun from another text than the file has now. */
  readonly edited: readonly { readonly migration: FolderMigration; readonly recorded: RecordedMigration }[];
  /** In the database and not in the folder. */
  readonly unknown: readonly RecordedMigration[];
  /** Some of the migrations that a baseline stands for, where the others are not applied. */
  readonly partly?: Partly;
  /** What an undo that is not finished is taking back. */
  readonly undo?: RecordedUndo;
}

export interface Partly {
  readonly baseline: FolderMigration;
  readonly recorded: readonly RecordedMigration[];
}

/** What the database recorded up to the number of a baseline, and what that means for the baseline. */
function judgeBaseline(baseline: FolderMigration, recorded: readonly RecordedMigration[]): 'own' | 'folded' | 'partly' {
  const last = recorded.at(-1);
  if (last === undefined || last.name === baseline.name) return 'own';
  const isWhole = last.chainedHash === baseline.chainedHash && recorded.every(isApplied);
  return isWhole && recorded.length === baseline.folded?.length ? 'folded' : 'partly';
}

function isApplied(recorded: RecordedMigration): boolean {
  return recorded.state === 'done' || recorded.state === 'baseline';
}

/** Whether a step left anything behind, or may have: a failed one in a transaction did not. */
function leftSomething(step: RecordedStep): boolean {
  return step.state !== 'failed' || step.parts.length > 0;
}

type Lists = Omit<History, 'undo' | 'partly'>;

/** Sorts every migration into one of the five lists; those that an undo is taking back are in none. */
export function compareHistory(folder: readonly FolderMigration[], { migrations, steps, undo }: Records): History {
  const byNumber = new Map(migrations.map((recorded) => [recorded.number, recorded]));
  const history = { applied: [], pending: [], halfDone: [], edited: [], unknown: [] } as {
    -readonly [Key in keyof Lists]: Lists[Key][number][];
  };
  let partly: Partly | undefined;
  for (const migration of folder) {
    const before =
      migration.folded === undefined ? [] : migrations.filter(({ number, state }) => number <= migration.number && state !== 'undoing');
    const way = judgeBaseline(migration, before);
    if (way !== 'own') {
      for (const { number } of before) byNumber.delete(number);
      const last = before.at(-1);
      if (way === 'partly') partly = { baseline: migration, recorded: before };
      else if (last !== undefined) history.applied.push({ migration, recorded: last });
      continue;
    }
    const recorded = byNumber.get(migration.number);
    byNumber.delete(migration.number);
    const begun = steps.filter((step) => step.migration === migration.number);
    if (recorded === undefined) {
      history.pending.push(migration);
    } else if (recorded.state === 'undoing') {
      continue;
    } else if (!isApplied(recorded) && !begun.some(leftSomething) && recorded.fileHash !== migration.fileHash) {
      // It failed and left nothing behind: correcting the file is what one should do.
      history.pending.push(migration);
    } else if (
      recorded.name !== migration.name ||
      recorded.fileHash !== migration.fileHash ||
      recorded.chainedHash !== migration.chainedHash
    ) {
      history.edited.push({ migration, recorded });
    } else if (isApplied(recorded)) {
      history.applied.push({ migration, recorded });
    } else {
      history.halfDone.push({ migration, recorded, steps: begun });
    }
  }
  history.unknown.push(...[...byNumber.values()].filter(({ state }) => state !== 'undoing'));
  return { ...history, ...(undo === undefined ? {} : { undo }), ...(partly === undefined ? {} : { partly }) };
}

function describeEdited({ migration, recorded }: History['edited'][number]): Diagnostic {
  const place = { file: migration.file, line: 1, column: 1 };
  if (recorded.name !== migration.name) {
    return {
      code: 'migration-edited',
      severity: 'error',
      place,
      message: `the database applied ${recorded.name} as number ${String(recorded.number)}, the folder has ${migration.name}`,
      hint: 'the two histories parted: give the file that was not applied a new number with npx schemac compile --rebase',
    };
  }
  if (recorded.fileHash !== migration.fileHash) {
    return {
      code: 'migration-edited',
      severity: 'error',
      place,
      message: `${migration.name} was changed after this database began to apply it (on ${recorded.startedAt})`,
      hint: `take the file back from git: git log -- ${migration.file}; changes belong in a new migration${isApplied(recorded) ? '' : '. Where only steps that did not run yet were changed: npx schemac migrate --amended'}`,
    };
  }
  return {
    code: 'migration-history',
    severity: 'error',
    place,
    message: `${migration.name} was applied here after other migrations than the folder has before it`,
    hint: 'find the first migration that differs with npx schemac status, and take its file back from git',
  };
}

function unfinishedUndo({ to, names, startedAt }: RecordedUndo): Diagnostic {
  return {
    code: 'undo-half-done',
    severity: 'error',
    message: `${names.join(', ')}: an undo that was begun on ${startedAt} is half done here`,
    hint: `finish it: npx schemac migrate --down-to ${String(to)}; it runs what was planned then. Afterwards npx schemac migrate applies them again`,
  };
}

function describePartly({ baseline, recorded }: Partly): Diagnostic {
  const folded = baseline.folded ?? [];
  const has = new Set(recorded.filter(isApplied).map(({ chainedHash }) => chainedHash));
  const missing = folded.filter(({ chainedHash }) => !has.has(chainedHash)).map(({ name }) => name);
  return {
    code: 'squash-partly',
    severity: 'error',
    place: { file: baseline.file, line: 1, column: 1 },
    message: `the database has only some of the migrations that were folded into ${baseline.name}: not ${missing.join(', ')}`,
    hint: `take generated/ as it was before the squash (git log -- ${baseline.file}), run npx schemac migrate --to ${String(baseline.number)} with it, then this one`,
  };
}

/** Why nothing may be applied to a database with this history. */
export function historyProblems(history: History): readonly Diagnostic[] {
  const problems = [
    ...(history.undo === undefined ? [] : [unfinishedUndo(history.undo)]),
    ...(history.partly === undefined ? [] : [describePartly(history.partly)]),
    ...history.edited.map(describeEdited),
  ];
  const begun = [...history.applied, ...history.halfDone].map(({ recorded }) => recorded.number);
  const reached = Math.max(0, ...begun, ...history.unknown.map(({ number }) => number));
  for (const recorded of history.unknown) {
    problems.push({
      code: 'migration-unknown',
      severity: 'error',
      message: `the database has applied ${recorded.name}, which is not in the folder`,
      hint: 'the folder is older than the database, or of another branch: use the one that it was migrated with',
    });
  }
  for (const migration of history.pending.filter(({ number }) => number < reached)) {
    problems.push({
      code: 'migration-gap',
      severity: 'error',
      place: { file: migration.file, line: 1, column: 1 },
      message: `${migration.name} is not applied, but later ones are`,
      hint: 'give it a number at the end: npx schemac compile --rebase',
    });
  }
  return problems;
}

/** Whether every step that left something is in the new text as it ran. */
function keepsSteps(migration: FolderMigration, steps: readonly RecordedStep[]): boolean {
  const hashes = new Map(
    parseMigration(migration).transactions.flatMap((transaction) => transaction.steps.map(({ number, sql }) => [number, hashSql(sql)])),
  );
  return steps.filter(leftSomething).every((step) => hashes.get(step.step) === step.sqlHash);
}

/**
 * Takes a half-done migration whose file was changed as half-done still, where the steps that ran are
 * unchanged: what failed may be written anew, what is in the database may not (`--amended`).
 */
export function acceptAmended(history: History, { steps }: Records): History {
  const accepted = history.edited
    .map((edited) => ({ ...edited, steps: steps.filter((step) => step.migration === edited.migration.number) }))
    .filter(
      ({ migration, recorded, steps: begun }) => !isApplied(recorded) && recorded.name === migration.name && keepsSteps(migration, begun),
    );
  const numbers = new Set(accepted.map(({ migration }) => migration.number));
  return {
    ...history,
    halfDone: [...history.halfDone, ...accepted],
    edited: history.edited.filter(({ migration }) => !numbers.has(migration.number)),
  };
}
