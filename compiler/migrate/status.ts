/**
 * Says where a database stands against the migrations of the folder. Reads only: it takes no lock,
 * makes no table, and works on a replica.
 */
import { connect, databaseDiagnostics } from './connection.ts';
import { describeUrl } from './describe-url.ts';
import { parseMigration, proveFiles, readFolder } from './folder.ts';
import { compareHistory, historyProblems } from './history.ts';
import type { History } from './history.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { readMigration } from '../sql/migration-file.ts';
import type { MigrationFile } from '../sql/migration-file.ts';
import { readRecords } from './state-schema.ts';
import type { RecordedStep, RecordedUndo, Records } from './state-schema.ts';
import { undoName } from './undo-plan.ts';

export interface StatusOptions {
  readonly generated: string;
  readonly url?: string;
  readonly stateSchema?: string;
}

export interface StepStatus {
  readonly step: number;
  readonly purpose: string;
  readonly state: 'done' | 'running' | 'failed' | 'pending';
  readonly error?: string;
}

export interface StatusResult {
  readonly database: string;
  /** `as`: the last of the migrations that a baseline stands for, where the database applied those. */
  readonly applied: readonly {
    readonly name: string;
    readonly finishedAt: string | null;
    readonly how: 'applied' | 'baseline';
    readonly as?: string;
  }[];
  readonly pending: readonly string[];
  /** Those of them that run after the deploy. */
  readonly afterDeploy: readonly string[];
  readonly halfDone: readonly { readonly name: string; readonly startedAt: string; readonly steps: readonly StepStatus[] }[];
  readonly edited: readonly { readonly name: string; readonly recordedName: string }[];
  /** In the database, not in the folder. */
  readonly unknown: readonly string[];
  /** It has some of the migrations that a baseline stands for, and not all. */
  readonly partly?: { readonly baseline: string; readonly applied: readonly string[] };
  /** An undo that is not finished: what it takes back, newest first, and what it goes back to. */
  readonly undoing?: {
    readonly names: readonly string[];
    readonly to: number;
    readonly startedAt: string;
    readonly steps: readonly StepStatus[];
  };
  readonly diagnostics: readonly Diagnostic[];
}

function stepsOf(file: MigrationFile, steps: readonly RecordedStep[]): readonly StepStatus[] {
  const recorded = new Map(steps.map((step) => [step.step, step]));
  return file.transactions
    .flatMap((transaction) => transaction.steps)
    .map(({ number, purpose }) => {
      const found = recorded.get(number);
      return {
        step: number,
        purpose,
        state: found?.state ?? 'pending',
        ...(typeof found?.error === 'string' ? { error: found.error } : {}),
      };
    });
}

function undoingOf({ names, to, startedAt, script, steps }: RecordedUndo): NonNullable<StatusResult['undoing']> {
  return { names, to, startedAt, steps: stepsOf(readMigration(script, `${undoName(script)}.sql`), steps) };
}

function present(database: string, history: History): StatusResult {
  return {
    database,
    applied: history.applied.map(({ migration, recorded }) => ({
      name: migration.name,
      finishedAt: recorded.finishedAt,
      how: recorded.state === 'baseline' ? 'baseline' : 'applied',
      ...(recorded.name === migration.name ? {} : { as: recorded.name }),
    })),
    pending: history.pending.map(({ name }) => name),
    afterDeploy: history.pending.filter((migration) => parseMigration(migration).phase === 'contract').map(({ name }) => name),
    halfDone: history.halfDone.map((half) => ({
      name: half.migration.name,
      startedAt: half.recorded.startedAt,
      steps: stepsOf(parseMigration(half.migration), half.steps),
    })),
    edited: history.edited.map(({ migration, recorded }) => ({ name: migration.name, recordedName: recorded.name })),
    unknown: history.unknown.map(({ name }) => name),
    ...(history.partly === undefined
      ? {}
      : { partly: { baseline: history.partly.baseline.name, applied: history.partly.recorded.map(({ name }) => name) } }),
    ...(history.undo === undefined ? {} : { undoing: undoingOf(history.undo) }),
    diagnostics: historyProblems(history),
  };
}

async function read(options: StatusOptions): Promise<Records> {
  const connection = await connect({ url: options.url, applicationName: 'schemac status' });
  try {
    return await readRecords(connection, options.stateSchema ?? 'schemac');
  } finally {
    await connection.close();
  }
}

/** Compares folder and database. What hinders the comparison itself comes back as diagnostics with empty lists. */
export async function status(options: StatusOptions): Promise<StatusResult> {
  const database = describeUrl(options.url);
  try {
    const [folder, records] = await Promise.all([readFolder(options.generated), read(options)]);
    proveFiles(folder, folder);
    return present(database, compareHistory(folder, records));
  } catch (error) {
    const nothing = { applied: [], pending: [], afterDeploy: [], halfDone: [], edited: [], unknown: [] };
    return { database, ...nothing, diagnostics: databaseDiagnostics(error, database) };
  }
}
