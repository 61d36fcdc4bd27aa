/** The verbs that take any state as a source: their options, and which module does the work. */
import { Option, type Command } from 'commander';
import type { DiffArguments, DiffFormat } from '../commands/diff.ts';
import { collect, common, commonButFormat, reporter, run, type CommonOptions } from './run.ts';

interface DiffOptions extends Omit<CommonOptions, 'format'> {
  readonly from: string;
  readonly to: string;
  readonly format: DiffFormat | 'github';
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** commander makes `--no-privileges` this one, true without it. */
  readonly privileges: boolean;
  readonly strict?: true;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

interface PullOptions extends CommonOptions {
  readonly url?: string;
  readonly schema?: readonly string[];
  readonly external?: readonly string[];
  readonly zone?: string;
  readonly out: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly proof: boolean;
  readonly strict?: true;
  readonly engine?: string;
}

const sources = `
A SOURCE is a schema folder, a folder of migrations, a snapshot.json, a .sql file, a postgres:// URL,
or env:NAME for a URL that the variable NAME holds. Passwords also come from PGPASSWORD or .pgpass.

Exit code: 0 the same, 2 they differ, 1 error.`;

const strictly = 'Refuse what schemac has no kind for; without it, what is not modelled is listed by name.';

function handlingOf({ strict }: { readonly strict?: true }): Pick<DiffArguments, 'notModelled'> {
  return strict === undefined ? {} : { notModelled: 'refused' };
}

/** `home` is the folder of the package schemac. */
export function addSourceVerbs(schemac: Command, home: string): void {
  addDiff(schemac);
  addDrift(schemac);
  addPull(schemac, home);
}

/** What the verbs that compare sources have in common. */
function comparing(command: Command): Command {
  return command
    .option('--strict', strictly)
    .option('--engine <url>', 'Respell texts that differ on this PostgreSQL server and not on the embedded one.')
    .addOption(
      new Option('--loader <loader>', 'Choose what evaluates a schema folder.').choices(['esbuild', 'ts-node']).default('esbuild'),
    );
}

function addDiff(schemac: Command): void {
  const command = schemac
    .command('diff')
    .description('print the migration that leads from one state to another; applies nothing')
    .requiredOption('--from <source>', 'Begin with this state.')
    .requiredOption('--to <source>', 'End with this state.')
    .addOption(
      new Option('--format <format>', 'Print a script for psql, one JSON object, one line a change, or annotations for GitHub.')
        .choices(['sql', 'json', 'summary', 'github'])
        .default('sql'),
    )
    .option('--include <address>', "Compare what matches this address alone, * for any characters: 'table public.*'.", collect)
    .option('--exclude <address>', 'Leave what matches this address as it is; both may be given more than once.', collect)
    .option('--no-privileges', 'Leave owners, grants and default privileges as they are.');
  commonButFormat(comparing(command).addHelpText('after', sources)).action((options: DiffOptions) => {
    const isJson = options.json === true || options.format === 'json';
    return run({ ...options, ...(isJson ? { json: true as const } : {}) }, async () =>
      (await import('../commands/diff.ts')).diffCommand(diffArguments(options)),
    );
  });
}

interface DriftOptions extends CommonOptions {
  readonly url?: string;
  readonly against?: string;
  readonly strict?: true;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

function addDrift(schemac: Command): void {
  const command = schemac
    .command('drift')
    .description('hold a live database against the reviewed schema; reads only')
    .option('--url <url>', 'Read this database; DATABASE_URL and then the variables of libpq stand in for it.')
    .option('--against <source>', "Compare with 'schema', with the 'migrations' that were applied to it, or with any SOURCE of diff.");
  common(comparing(command).addHelpText('after', '\nExit code: 0 as it should be, 2 drifted, 1 error.')).action((options: DriftOptions) =>
    run(options, async () =>
      (await import('../commands/drift.ts')).driftCommand({
        root: process.cwd(),
        loader: options.loader,
        ...(options.url === undefined ? {} : { url: options.url }),
        ...(options.against === undefined ? {} : { against: options.against }),
        ...handlingOf(options),
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
    ),
  );
}

function diffArguments(options: DiffOptions): DiffArguments {
  return {
    root: process.cwd(),
    from: options.from,
    to: options.to,
    format: options.format === 'github' ? 'summary' : options.format,
    include: options.include ?? [],
    exclude: options.exclude ?? [],
    privileges: options.privileges ? 'compared' : 'left out',
    loader: options.loader,
    ...handlingOf(options),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  };
}

function addPull(schemac: Command, home: string): void {
  const command = schemac
    .command('pull')
    .description('write an existing database as schema/*.ts; the database is only read')
    .option(
      '--url <url>',
      "Read this database; without it DATABASE_URL says which, or libpq's variables (PGHOST, PGDATABASE and so on) and .pgpass.",
    )
    .option('--schema <name...>', 'Take what is in these schemas; without it what is in any.')
    .option('--external <table...>', 'Declare these tables as those of another team, such as accounts.users: known, never changed.')
    .option('--zone <name>', 'Take partitions on the calendar of this time zone, such as Europe/Berlin, as those of a rule too.')
    .option('--out <folder>', 'Write to this folder.', 'schema')
    .option('--force', 'Overwrite files that are there; no file is ever removed.')
    .option('--dry-run', 'Print the files, and write none.')
    .option('--no-proof', 'Do not prove, before anything is written, that the schema is what the database holds.')
    .option('--strict', strictly)
    .option('--engine <url>', 'Prove on this PostgreSQL server and not on the embedded one; a scratch database is made there and dropped.')
    .addHelpText('after', '\nPasswords belong into DATABASE_URL, PGPASSWORD or .pgpass: what is on the command line others can see.');
  common(command).action((options: PullOptions) =>
    run(options, async () =>
      (await import('../commands/pull.ts')).pullCommand({
        root: process.cwd(),
        home,
        schemas: options.schema ?? [],
        externals: options.external ?? [],
        ...(options.zone === undefined ? {} : { zone: options.zone }),
        out: options.out,
        existing: options.force === true ? 'overwrite' : 'keep',
        writing: options.dryRun === true ? 'show' : 'write',
        proof: options.proof ? 'prove' : 'skip',
        report: reporter(options),
        ...(options.url === undefined ? {} : { url: options.url }),
        ...handlingOf(options),
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
    ),
  );
}
