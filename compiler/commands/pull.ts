/**
 * The verb `pull`: an existing database becomes schema/*.ts. Before a file is written, what was made is
 * loaded, built in an engine and compared with the database: a schema that says anything else is
 * never handed out. Files that are there stay as they are, unless told otherwise; none is removed.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { authorSchema, type AuthoredSchema } from '../author/author.ts';
import { recogniseRules, type Recognised } from '../author/recognise-rules.ts';
import { select, type Selection } from '../author/select.ts';
import { address, type Address } from '../model/address.ts';
import { DiagnosticError, fail, type Diagnostic } from '../model/diagnostic.ts';
import type { State } from '../model/object.ts';
import { nameParts } from '../sql/quote.ts';
import { makeEngines } from '../sources/engines.ts';
import { readDatabase } from '../sources/read-database.ts';
import type { Source } from '../sources/source.ts';
import { writeFiles } from '../workspace/files.ts';
import { workspaceAt } from '../workspace/workspace.ts';
import { proveAuthored } from './pull-proof.ts';
import { pullLines, pullReport } from './pull-report.ts';
import { reportNotModelled, type NotModelledHandling } from './not-modelled.ts';
import type { CommandResult, Report } from './result.ts';

export interface PullArguments {
  readonly root: string;
  /** The folder of the package schemac. */
  readonly home: string;
  /** Without it DATABASE_URL, then libpq's variables and .pgpass say which database. */
  readonly url?: string;
  /** All schemas where it is empty. */
  readonly schemas: readonly string[];
  /** Tables of other teams: `users`, `accounts.users`. */
  readonly externals: readonly string[];
  /** Partitions on the calendar of this time zone are of a rule too; on UTC's alone where absent. */
  readonly zone?: string;
  /** The folder that is written, relative to `root`. */
  readonly out: string;
  readonly existing: 'keep' | 'overwrite';
  readonly writing: 'write' | 'show';
  readonly proof: 'prove' | 'skip';
  /** What the model has no kind for; noticed where it is absent. */
  readonly notModelled?: NotModelledHandling;
  readonly engine?: string;
  readonly report: Report;
}

/**
 * Everything that is wrong is thrown as a `DiagnosticError`, and then nothing is written; exit code 1 for what is
 * not modelled where that is refused.
 */
export async function pullCommand(given: PullArguments): Promise<CommandResult> {
  const folder = resolve(given.root, given.out);
  refuseUnknownZone(given);
  given.report('reading the database');
  const source = await readDatabase(given.url ?? process.env['DATABASE_URL']);
  const chosen = given.schemas.length === 0 ? {} : { schemas: given.schemas };
  const unmodelled = reportNotModelled({ sources: [source], handling: given.notModelled ?? 'noticed', ...chosen });
  if (unmodelled.refusal !== undefined) return unmodelled.refusal;
  const selection = selectFrom(source, given);
  const recognised = recogniseRules(selection.state, given.zone);
  const authored = author(source, selection, recognised, given);
  const existing = [...authored.files.keys()].filter((path) => existsSync(join(folder, path)));
  if (given.writing === 'write' && given.existing === 'keep') refuseExisting(existing, given);
  const notices = given.proof === 'skip' ? [] : await prove(source, selection, recognised, authored, given);
  if (given.writing === 'write') await writeFiles(folder, authored.files, { order: [], isOurs: () => false });
  const outcome = { source, selection, recognised, authored, unmodelled, out: relative(given.root, folder) || '.', given };
  return { exitCode: 0, diagnostics: [...unmodelled.diagnostics, ...notices], json: pullReport(outcome), lines: pullLines(outcome) };
}

function refuseUnknownZone({ zone }: PullArguments): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
  } catch {
    fail('bad-argument', `there is no time zone ${zone ?? ''}`, { hint: 'name it as PostgreSQL does: Europe/Berlin' });
  }
}

function selectFrom(source: Source, { schemas, externals }: PullArguments): Selection {
  for (const name of schemas) {
    if (![...source.state.values()].some(({ path }) => path[0] === name))
      fail('unknown-schema', `${source.name} has nothing in a schema "${name}"`, {
        hint: `its schemas are ${schemasOf(source.state).join(', ')}`,
      });
  }
  const chosen = schemas.length === 0 ? {} : { schemas: new Set(schemas) };
  return select(source.state, { ...chosen, externals: new Set(externals.map((text) => externalTable(text, source))) });
}

function externalTable(text: string, { state, name }: Source): Address {
  const parts = nameParts(text);
  const id = address('table', ...(parts.length === 1 ? ['public', ...parts] : parts));
  if (state.has(id)) return id;
  return fail('unknown-reference', `${name} has no ${id}`, { hint: 'name a table as SQL does: users, accounts.users' });
}

/** The schemas that hold something, in the order of their names. */
function schemasOf(state: State): readonly string[] {
  return [
    ...new Set([...state.values()].flatMap(({ path, partOf }) => (path.length > 1 && partOf === undefined ? [path[0] ?? ''] : []))),
  ].sort();
}

function author(source: Source, selection: Selection, recognised: Recognised, { schemas }: PullArguments): AuthoredSchema {
  const ours = new Map([...recognised.state].filter(([id]) => !selection.externals.has(id)));
  const managed = schemas.length > 0 ? [...schemas].sort() : schemasOf(ours);
  return authorSchema({
    state: recognised.state,
    major: source.spelled.major,
    title: source.name.slice(source.name.lastIndexOf('/') + 1),
    schemas: managed.length === 0 ? ['public'] : managed,
    externals: selection.externals,
  });
}

function refuseExisting(existing: readonly string[], { out }: PullArguments): void {
  if (existing.length === 0) return;
  throw new DiagnosticError(
    existing.map((path): Diagnostic => ({
      code: 'file-exists',
      severity: 'error',
      message: `${join(out, path)} is there already`,
      hint: 'write to another folder with --out, or overwrite these files with --force',
    })),
  );
}

/** The files are loaded from a folder of their own, which goes again whatever comes of it. */
async function prove(
  source: Source,
  selection: Selection,
  recognised: Recognised,
  authored: AuthoredSchema,
  given: PullArguments,
): Promise<readonly Diagnostic[]> {
  given.report('proving that the schema is what the database holds');
  const workspace = workspaceAt(given.root);
  const users = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const cache = existsSync(workspace.cache) ? workspace.cache : join(users, 'schemac');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'pull-'));
  const engines = makeEngines({ cacheFolder: join(cache, 'engine'), ...(given.engine === undefined ? {} : { using: given.engine }) });
  try {
    for (const [path, text] of authored.files) {
      mkdirSync(dirname(join(folder, 'schema', path)), { recursive: true });
      writeFileSync(join(folder, 'schema', path), text);
    }
    return await proveAuthored({ folder, dslModule: languageOf(given.home), engines, source, selection, recognised, authored });
  } finally {
    await engines.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The schema language of this very package, whether it is installed in the project or not. */
function languageOf(home: string): string {
  const module = [join(home, 'compiler', 'dsl', 'index.ts'), join(home, 'dist', 'dsl.js')].find((path) => existsSync(path));
  if (module === undefined) throw new Error(`${home} holds no schema language; build schemac again`);
  return module;
}
