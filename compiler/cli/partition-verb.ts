/** The verb `partitions` with its words: their options, and which module does the work. */
import { Option, type Command } from 'commander';
import type { DatabaseListArguments } from '../commands/database-list.ts';
import type { CommandResult } from '../commands/result.ts';
import type { PartitionArguments } from '../commands/partitions.ts';
import { collect, common, logged, run, type CommonOptions } from './run.ts';

type Options = CommonOptions & PartitionArguments;
type Listed = CommonOptions & Omit<PartitionArguments, 'url'> & DatabaseListArguments;

async function onEach(options: Listed, verb: 'planCommand' | 'applyCommand' | 'checkCommand'): Promise<CommandResult> {
  const [{ onEachDatabase }, verbs] = await Promise.all([import('../commands/on-each-database.ts'), import('../commands/partitions.ts')]);
  return onEachDatabase(options, verbs[verb]);
}

const whichDatabase = "without it DATABASE_URL says which, or libpq's variables (PGHOST, PGDATABASE and so on) and .pgpass.";

function onTables(command: Command): Command {
  return common(
    command
      .option('--url <url>', `Connect to this database; given more than once, it makes a list; ${whichDatabase}`, collect)
      .option('--urls-file <file>', 'Databases, one postgres:// URL a line; - for standard input.')
      .option('--urls-command <command>', 'A command that prints such a list.')
      .option('--at <time>', 'Go by this time and not by the clock of the server, such as 2027-03-01T00:00Z.')
      .option('--table <table>', 'Only this table; can be given more than once.', collect),
  );
}

/** `schemac partitions plan | apply | check`. */
export function addPartitionVerb(schemac: Command): void {
  const partitions = schemac
    .command('partitions')
    .description('make partitions ahead of time and retire old ones, as the rules in the database say')
    .addHelpText('after', '\nRun apply daily, and check from your monitoring. plan shows what apply would do at any time.');
  addPlan(partitions);
  addApply(partitions);
  addCheck(partitions);
  addAttach(partitions);
  addDetach(partitions);
}

const ofOne = (command: Command): Command =>
  common(
    command
      .option('--url <url>', `Connect to this database; ${whichDatabase}`)
      .option('--state-schema <schema>', 'Take the lock of the runner that keeps its tables in this schema.', 'schemac'),
  );

function addAttach(partitions: Command): void {
  ofOne(partitions.command('attach <partition>').description('attach a retired partition for a while, as archive.digests_p20260101'))
    .option('--for <interval>', 'Leave it attached for so long; apply detaches it afterwards.', '7 days')
    .action((partition: string, options: Options & { readonly for?: string }) =>
      run(options, async () =>
        (await import('../commands/partitions.ts')).attachCommand(partition, { ...options, ...(await logged(options)) }),
      ),
    );
}

function addDetach(partitions: Command): void {
  ofOne(partitions.command('detach <partition>').description('detach a partition now, as retirement does'))
    .option('--force', 'Even where it takes the present rows.')
    .action((partition: string, options: Options) =>
      run(options, async () =>
        (await import('../commands/partitions.ts')).detachCommand(partition, { ...options, ...(await logged(options)) }),
      ),
    );
}

function addPlan(partitions: Command): void {
  onTables(partitions.command('plan').description('show what apply would do and why, and what comes next'))
    .option('--force', 'Show what apply --force would do.')
    .addHelpText('after', '\nExit code: 0 nothing to do, 1 error, 2 there is something to do.')
    .action((options: Listed) => run(options, () => onEach(options, 'planCommand')));
}

function addApply(partitions: Command): void {
  onTables(
    partitions
      .command('apply')
      .description('make the partitions that are wanted, retire those past retention, drop those past their grace'),
  )
    .option('--force', 'Retire more than the rule allows in one run, make more than 1,000 partitions, go by a time that is still to come.')
    .option('--lock-budget <seconds>', 'Leave a step to the next run when its locks do not come in this time; each try waits 0.2 s.', '60')
    .option(
      '--detach-deadline <seconds>',
      'Stop a detachment that waits longer than this for older transactions; the next run finishes it.',
      '600',
    )
    .option('--export-to <folder>', 'Write partitions to this folder before they are dropped, where their rule asks for it.')
    .option('--state-schema <schema>', 'Take the lock of the runner that keeps its tables in this schema.', 'schemac')
    .addOption(
      new Option('--if-busy <what>', 'When another run is at work on the database: wait for it, or leave with exit code 2.')
        .choices(['wait', 'leave'])
        .default('wait'),
    )
    .addHelpText(
      'after',
      '\nExit code: 0 done, 1 error or stopped by a signal (run it again: it goes on), 2 something is left for the next run.',
    )
    .action((options: Listed) => run(options, async () => onEach({ ...options, ...(await logged(options)) }, 'applyCommand')));
}

function addCheck(partitions: Command): void {
  onTables(partitions.command('check').description('say whether partitions are as they should be, for monitoring'))
    .addHelpText('after', '\nExit code: 0 all is well, 1 error, 2 somebody should look. It reads only, and runs on a replica too.')
    .action((options: Listed) => run(options, () => onEach(options, 'checkCommand')));
}
