/** The verbs that work on a database: their options, and which module does the work. */
import { Option, type Command } from 'commander';
import type { FleetProgress, MigrateArguments } from '../commands/migrate-arguments.ts';
import type { StatusArguments } from '../commands/status.ts';
import { collect, common, logged, run, type CommonOptions } from './run.ts';

type DatabaseOptions = CommonOptions & StatusArguments;
type MigrateOptions = CommonOptions & Omit<MigrateArguments, 'report' | 'tick' | 'fleet'>;

export function addDatabaseVerbs(schemac: Command): void {
  addMigrate(schemac);
  addStatus(schemac);
}

function addMigrate(schemac: Command): void {
  const number = 'the number of a migration, such as 0012';
  const command = schemac
    .command('migrate')
    .description('apply the migrations of generated/ to a database')
    .option('--dry-run', 'Print the SQL that would run, and change nothing.')
    .option('--to <number>', `Stop after this migration; give ${number}.`)
    .addOption(
      new Option('--phase <phase>', 'Run only what may run before the application is deployed (expand), or after it (contract).').choices([
        'expand',
        'contract',
      ]),
    )
    .option('--baseline <number>', `Record the migrations up to this one as applied, on a database that has them already; give ${number}.`)
    .option('--mark-applied <step>', 'Record a step as done that was finished by hand; give migration and step, such as 12.3.')
    .option('--mark-failed <step>', 'Record a step as failed, so that it runs again; give migration and step, such as 12.3.')
    .option('--down-to <number>', `Take back every migration after this one, as planned and proven on the way; give ${number}, or 0.`)
    .option('--allow <hazard:address>', 'With --down-to: allow what it names, as the message says; may be given more than once.', collect)
    .option('--fill <address=sql>', 'With --down-to: give existing rows this value in a NOT NULL column that comes back.', collect)
    .option('--engine <url>', 'With --down-to: plan and prove on this PostgreSQL server and not on the embedded one.')
    .option('--amended', 'Go on with a half-done migration whose remaining steps were written anew.')
    .addOption(
      new Option('--if-busy <what>', 'When another runner is at work on the database: wait for it, or leave with exit code 2.')
        .choices(['wait', 'leave'])
        .default('wait'),
    )
    .addOption(
      new Option(
        '--verify <when>',
        'Compare the database with what the last run left: before the first migration (ends), before each, or not (off). A change made by hand is refused.',
      )
        .choices(['each', 'ends', 'off'])
        .default('ends'),
    )
    .option('--lock-budget <seconds>', 'Give up when the locks of a transaction do not come in this time; each try waits 0.2 s.', '300')
    .option('--statement-timeout <seconds>', 'End a statement that should be fast and holds others up for longer; 0 for no limit.', '5')
    .option('--throttle <ratio>', 'Let a backfill rest after each batch, so many times as long as the batch took; 0 for no rest.', '0.5')
    .option('--max-replication-lag <seconds>', 'Pause a backfill while a replica is further behind; 0 for no limit.', '10')
    .option(
      '--max-transaction-age <seconds>',
      'Pause a backfill while a transaction is older, since vacuum cannot clear away what it may still see; 0 for no limit.',
      '300',
    )
    .addHelpText(
      'after',
      `\nExit code: 0 done, 1 error or stopped by SIGINT or SIGTERM (run it again: it goes on), 2 left because another runner was at work.`,
    )
    .addHelpText('after', '\nPasswords belong into DATABASE_URL, PGPASSWORD or .pgpass: what is on the command line others can see.');
  onDatabase(onManyDatabases(command)).action((options: MigrateOptions) =>
    run(options, async () =>
      (await import('../commands/migrate.ts')).migrateCommand({
        ...options,
        ...(await logged(options)),
        ...(options.quiet === true ? {} : { fleet: showFleet }),
      }),
    ),
  );
}

/** A table on a terminal, lines elsewhere; on standard error like all progress. */
async function showFleet(total: number): Promise<FleetProgress> {
  const [{ fleetProgress }, { standardError }] = await Promise.all([import('./fleet-progress.ts'), import('./live-line.ts')]);
  return fleetProgress(standardError(), total);
}

const whichDatabase = "without it DATABASE_URL says which, or libpq's variables (PGHOST, PGDATABASE and so on) and .pgpass.";

function onManyDatabases(command: Command): Command {
  return command
    .option('--url <url>', `Connect to this database; given more than once, it makes a list; ${whichDatabase}`, collect)
    .option('--urls-file <file>', 'Migrate the databases of a list: one URL a line, # begins a remark; - for standard input.')
    .option('--urls-command <command>', 'Migrate the databases whose URLs this command prints, one a line.')
    .option('--canaries <count>', 'Of a list, migrate so many alone first; begin no other when one of them fails.', '1')
    .option('--parallel <count>', 'Of a list, work on so many databases at a time.', '8')
    .addOption(
      new Option('--on-failure <what>', 'Of a list, begin no other database when one has failed (stop), or go on with them (continue).')
        .choices(['stop', 'continue'])
        .default('stop'),
    );
}

function addStatus(schemac: Command): void {
  onDatabase(
    schemac
      .command('status')
      .description('say which migrations a database has, and which are left, half done or edited')
      .option('--url <url>', `Connect to this database; ${whichDatabase}`),
  )
    .addHelpText('after', '\nExit code: 0 everything is applied, 1 error, 2 something is left or differs.')
    .action((options: DatabaseOptions) => run(options, async () => (await import('../commands/status.ts')).statusCommand(options)));
}

function onDatabase(command: Command): Command {
  const withDatabase = command
    .option('--generated <folder>', 'Read the migrations from this folder.', 'generated')
    .option('--state-schema <schema>', "Keep schemac's own tables in this schema of the database.", 'schemac');
  return common(withDatabase);
}
