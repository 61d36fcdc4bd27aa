/**
 * Pulls databases for tests: builds declared schemas in a database, turns what a database holds into
 * files, and asks of the files what a user would: that they compile to what the database holds, that
 * prettier has nothing to change, and that the types are right.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { authorSchema, type AuthoredSchema } from '../../compiler/author/author.ts';
import { recogniseRules, type Recognised } from '../../compiler/author/recognise-rules.ts';
import { select, type Chosen, type Selection } from '../../compiler/author/select.ts';
import { proveAuthored } from '../../compiler/commands/pull-proof.ts';
import { diff } from '../../compiler/diff/diff.ts';
import { connect } from '../../compiler/engine/server-connection.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import { stateOf, type State } from '../../compiler/model/object.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { rolesOf } from '../../compiler/prove/roles.ts';
import { proofClock } from '../../compiler/prove/run.ts';
import type { Engines } from '../../compiler/sources/engines.ts';
import { quoteName } from '../../compiler/sql/quote.ts';
import { readDatabase } from '../../compiler/sources/read-database.ts';
import { runTransactions } from './transactions.ts';
import type { Source } from '../../compiler/sources/source.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const dslModule = join(repository, 'compiler/dsl/index.ts');

/** Drops everything in a database that is ours to drop, and builds what is declared. */
export async function build(url: string, declared: DeclaredSchema, major: number): Promise<void> {
  const connection = await connect(url);
  try {
    const gone = await connection.run(`
      SELECT format('DROP EXTENSION %I CASCADE', extname) AS sql FROM pg_extension WHERE extname <> 'plpgsql'
      UNION ALL SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
      UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`);
    await connection.run([...gone.map((row) => row['sql'] ?? ''), 'CREATE SCHEMA public', `SET schemac.at = '${proofClock}'`].join(';'));
    // As initdb leaves it; default privileges for every schema outlive the schemas.
    await connection.run(`GRANT USAGE${major < 15 ? ', CREATE' : ''} ON SCHEMA public TO PUBLIC; DELETE FROM pg_default_acl;
      ${major < 15 ? '' : 'ALTER SCHEMA public OWNER TO pg_database_owner;'} DELETE FROM pg_shdepend
      WHERE classid = 'pg_default_acl'::regclass AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    // Roles are the server's, and other files of tests may make the same ones at the same time.
    for (const role of rolesOf(declared.objects)) {
      await connection.run(`CREATE ROLE ${quoteName(role)}`).catch((error: unknown) => {
        if (!['42710', '23505'].includes((error as { readonly code?: string }).code ?? '')) throw error;
      });
    }
    const [before, after] = [new Map() as State, stateOf(declared.objects)];
    const { transactions } = makePlan({ before, after, changes: diff(before, after), major, annotation: () => ({}) });
    await runTransactions({ query: connection.run, execute: async (sql) => void (await connection.run(sql)) }, transactions);
  } finally {
    await connection.end();
  }
}

export interface Pulled {
  readonly source: Source;
  readonly selection: Selection;
  readonly recognised: Recognised;
  readonly authored: AuthoredSchema;
}

/** What the verb makes of a database, before it proves or writes anything. */
export async function pull(url: string, chosen: Chosen = { externals: new Set() }, zone?: string): Promise<Pulled> {
  const source = await readDatabase(url);
  const selection = select(source.state, chosen);
  const recognised = recogniseRules(selection.state, zone);
  const authored = authorSchema({
    state: recognised.state,
    major: source.spelled.major,
    title: 'test',
    schemas: ['public'],
    externals: selection.externals,
  });
  return { source, selection, recognised, authored };
}

/** Loads and builds what was pulled; throws a `DiagnosticError` where it is not what the database holds. */
export async function prove(pulled: Pulled, engines: Engines): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'schemac-pull-'));
  try {
    writeTo(join(folder, 'schema'), pulled.authored);
    await proveAuthored({ folder, dslModule, engines, ...pulled });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function writeTo(folder: string, { files }: Pick<AuthoredSchema, 'files'>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const settings = (JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { readonly prettier: prettier.Options }).prettier;

/** The files that prettier would change, each with what it would make of it. */
export async function unformatted({ files }: AuthoredSchema): Promise<readonly { readonly path: string; readonly formatted: string }[]> {
  const found: { path: string; formatted: string }[] = [];
  for (const [path, text] of files) {
    const formatted = await prettier.format(text, { ...settings, parser: 'typescript' });
    if (formatted !== text) found.push({ path, formatted });
  }
  return found;
}

/** The type errors of every schema below a folder. */
export function typeErrors(folder: string): string {
  const tsconfig = {
    extends: join(repository, 'tsconfig.json'),
    compilerOptions: { paths: { schemac: [dslModule] }, types: [], noEmit: true },
    include: ['**/*.ts'],
  };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  try {
    execFileSync(process.execPath, [join(repository, 'node_modules/typescript7/lib/tsc.js'), '-p', folder], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return String((error as { readonly stdout?: string }).stdout ?? error);
  }
}
