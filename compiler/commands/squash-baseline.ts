/**
 * The baseline: one migration from nothing to the state after those that are folded, proven by running
 * both ways in empty engines. Objects, what no kind has read, rows and the places of sequences must be
 * the same; what differs is said by name, and then there is no baseline.
 */
import { join } from 'node:path';
import { changedAttributes, diff, subjectOf } from '../diff/diff.ts';
import { openEngine, type EngineRequest } from '../engine/open.ts';
import type { Engine } from '../engine/engine.ts';
import { migrationText } from '../emit/migration.ts';
import { entryName } from '../introspect/account.ts';
import { load } from '../load/load.ts';
import type { Address } from '../model/address.ts';
import type { ReferenceTable } from '../model/declared.ts';
import { DiagnosticError, type Diagnostic } from '../model/diagnostic.ts';
import { sameJson, stateOf, withSourceOf, type State } from '../model/object.ts';
import type { Statement, Transaction } from '../model/statement.ts';
import { makePlan } from '../plan/plan.ts';
import { withCarried } from '../prove/carried.ts';
import { elaborate } from '../prove/elaborate.ts';
import { replay, type Replayed } from '../prove/replay.ts';
import { rolesNamed } from '../prove/roles.ts';
import { readAccount } from '../prove/run.ts';
import { extensionsIn, extensionsOf } from '../sources/extensions.ts';
import { readMigration, type MigrationFile } from '../sql/migration-file.ts';
import type { Lock } from '../sql/migrations-lock.ts';
import { splitScript } from '../sql/script.ts';
import { stubStatements, withoutExternals } from '../workspace/external.ts';
import type { History } from '../workspace/history.ts';
import { readSnapshot } from '../workspace/snapshot.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { engineRequestOf } from './engine-request.ts';
import { heldBy, keyedTables, sequenceSteps, type Held } from './squash-rows.ts';

export interface BaselineRequest {
  readonly workspace: Workspace;
  readonly history: History;
  readonly folded: Lock;
  readonly name: string;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

export interface Baseline {
  readonly text: string;
  readonly proven: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What an empty database has become. */
interface Outcome extends Held {
  readonly replayed: Replayed;
  /** The objects of our own, without tables of other teams. */
  readonly state: State;
  readonly notModelled: readonly string[];
  readonly engine: string;
}

/** Throws a `DiagnosticError` that names what would not be the same. */
export async function makeBaseline(request: BaselineRequest): Promise<Baseline> {
  const { workspace, history, folded, name } = request;
  const files = folded.map((entry) => readMigration(history.texts.get(entry.name) ?? '', `generated/migrations/${entry.name}.sql`));
  const texts = folded.map((entry) => history.texts.get(entry.name) ?? '');
  const extensions = [...new Set(texts.flatMap((text) => extensionsIn(splitScript(text, name))))].sort();
  const engine: EngineRequest = { ...engineRequestOf(workspace, request.engine), extensions };
  const known = readSnapshot(join(workspace.generated, 'snapshot.json'))?.references ?? [];
  const { before, references } = await oldWay(engine, files, known);
  const wanted = await asWritten(before.state, request, engine);
  const first = await newWay(engine, baselineText(request, files, before, wanted, []), name, references);
  const steps = sequenceSteps(before, first.outcome);
  const last = steps.length === 0 ? first : await newWay(engine, baselineText(request, files, before, wanted, steps), name, references);
  const problems = differences(before, last.outcome);
  if (problems.length > 0) throw new DiagnosticError(problems);
  return { text: last.text, proven: `proven on ${before.engine}`, diagnostics: [] };
}

/** Tables that hold rows which nobody declares are taken as lookup tables: their rows are part of what a fresh database gets. */
async function oldWay(
  request: EngineRequest,
  files: readonly MigrationFile[],
  known: readonly ReferenceTable[],
): Promise<{ readonly before: Outcome; readonly references: readonly ReferenceTable[] }> {
  return withEngine(request, async (engine) => {
    const replayed = await replay(engine, files, known);
    const more = await keyedTables(engine, replayed.state, new Set([...replayed.externals, ...known.map(({ table }) => table)]));
    const references = [...known, ...more];
    return { before: await outcomeOf(engine, replayed, references), references };
  });
}

async function withEngine<Result>(request: EngineRequest, use: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openEngine(request);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

async function outcomeOf(engine: Engine, replayed: Replayed, references: readonly ReferenceTable[]): Promise<Outcome> {
  const account = await readAccount(engine, { tables: references });
  const state = withoutExternals(withCarried(account.state, replayed.carried), new Set(replayed.externals));
  const held = await heldBy(engine, state);
  return { replayed, state, notModelled: account.notModelled.map(entryName), engine: engine.identity.name, ...held };
}

async function newWay(
  request: EngineRequest,
  text: string,
  name: string,
  references: readonly ReferenceTable[],
): Promise<{ readonly text: string; readonly outcome: Outcome }> {
  const file = readMigration(text, `generated/migrations/${name}.sql`);
  const outcome = await withEngine(request, async (engine) => outcomeOf(engine, await replay(engine, [file], references), references));
  return { text, outcome };
}

/** Statements are made from what was written, as far as the schema still says it (`sourceOf`). */
async function asWritten(state: State, { workspace, loader }: BaselineRequest, request: EngineRequest): Promise<State> {
  const declared = await load({ root: workspace.root, folder: 'schema', loader });
  const errors = declared.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new DiagnosticError(errors);
  const extensions = [...new Set([...(request.extensions ?? []), ...extensionsOf(declared.objects)])].sort();
  const desired = await withEngine({ ...request, extensions }, (engine) => elaborate(engine, declared));
  return stateOf(
    [...state.values()].map((object) => {
      const written = desired.get(object.id);
      return written !== undefined && sameJson(written.attributes, object.attributes) ? withSourceOf(object, written) : object;
    }),
  );
}

function targetOf(files: readonly MigrationFile[]): number {
  return Math.max(...files.map(({ target }) => target ?? 14));
}

function baselineText(
  { folded, name }: BaselineRequest,
  files: readonly MigrationFile[],
  before: Outcome,
  wanted: State,
  more: readonly Statement[],
): string {
  const target = targetOf(files);
  const nothing: State = new Map();
  const plan = makePlan({ before: nothing, after: wanted, changes: diff(nothing, wanted), major: target, annotation: () => ({}) });
  const transactions: readonly Transaction[] = [...plan.transactions, ...(more.length === 0 ? [] : [{ block: true, statements: more }])];
  const statements = transactions.flatMap((transaction) => transaction.statements);
  return migrationText({
    name,
    summary: [`Stands for ${String(folded.length)} migrations, ${folded[0]?.name ?? ''} to ${folded.at(-1)?.name ?? ''}.`],
    phase: 'expand',
    target,
    proven: `${before.engine}, to the same objects and rows as those migrations`,
    allowances: [],
    roles: rolesNamed(statements, [wanted]),
    externals: stubStatements(before.replayed.state, before.replayed.externals, target),
    transactions,
    statements: statements.map((statement) => ({ statement })),
  });
}

function differs(message: string, subject?: Address): Diagnostic {
  return {
    code: 'squash-differs',
    severity: 'error',
    message: `a fresh database would not get the same from the baseline: ${message}`,
    ...(subject === undefined ? {} : { subject }),
    hint: 'nothing was written; fold fewer migrations with --to, so that what differs stays in a migration of its own',
  };
}

function differences(before: Outcome, after: Outcome): readonly Diagnostic[] {
  const objects = diff(before.state, after.state).map((change) => {
    const words =
      change.change === 'altered'
        ? `differs in ${changedAttributes(change.before, change.after).join(', ')}`
        : change.change === 'added'
          ? 'would be there besides'
          : 'would be missing';
    return differs(`${subjectOf(change)} ${words}`, subjectOf(change));
  });
  const lists = [
    ['what no kind of object stands for', before.notModelled, after.notModelled],
    ['rows of', before.rows, after.rows],
    ['the place of', before.sequences, after.sequences],
  ] as const;
  const others = lists.flatMap(([what, old, made]) => {
    const [one, other] = [new Set(old), new Set(made)];
    const named = [...old.filter((line) => !other.has(line)), ...made.filter((line) => !one.has(line))];
    return [...new Set(named)].map((line) => differs(`${what} ${line.split('\n', 1)[0] ?? ''}`));
  });
  return [...objects, ...others];
}
