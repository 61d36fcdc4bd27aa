/** The verbs about what a schema is used for in production: statistics read from it, and queries measured on data. */
import { Option, type Command } from 'commander';
import { collect, common, reporter, run, type CommonOptions } from './run.ts';

interface VolumesOptions extends CommonOptions {
  readonly url?: string;
  readonly values?: readonly string[];
  readonly dryRun?: true;
  readonly force?: true;
  readonly loader: 'esbuild' | 'ts-node';
}

export function addWorkloadVerbs(schemac: Command): void {
  addVolumes(schemac);
  addBench(schemac);
}

interface BenchOptions extends CommonOptions {
  readonly url?: string;
  readonly scale?: readonly string[];
  readonly clients: string;
  readonly seconds: string;
  readonly seed: string;
  readonly mostGigabytes: string;
  readonly write?: true;
  readonly keep?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

function addBench(schemac: Command): void {
  const command = schemac
    .command('bench')
    .description('fill a scratch database on a real server as declared, and measure every declared query in it')
    .argument('[queries...]', 'only these queries')
    .option(
      '--url <url>',
      'Make the scratch database on this server, and drop it afterwards; the role must be allowed to create databases.',
    )
    .option(
      '--scale <table=number>',
      'Make so many rows (users=20k), and of what refers to the table in proportion; may be given more than once.',
      collect,
    )
    .option('--clients <count>', 'Ask from so many connections at a time.', '4')
    .option('--seconds <seconds>', 'Ask each query for so long.', '3')
    .option('--seed <number>', 'Make other rows of the same kind.', '1')
    .option('--most-gigabytes <number>', 'Begin nothing that takes more room.', '20')
    .option('--keep <database>', 'Leave the filled database under this name, and measure in it again where it is there already.')
    .option('--write', 'Keep what was measured in schema/measurements/, from which the documents print it.')
    .addOption(new Option('--loader <loader>', 'Choose what evaluates schema/.').choices(['esbuild', 'ts-node']).default('esbuild'))
    .addHelpText('after', '\nExit code: 0 measured, 1 error, or a query takes longer than its budget says (under).');
  common(command).action((queries: readonly string[], options: BenchOptions) =>
    run(options, async () =>
      (await import('../commands/bench.ts')).benchCommand({
        root: process.cwd(),
        loader: options.loader,
        queries,
        scale: options.scale ?? [],
        clients: Math.max(1, Number(options.clients)),
        seconds: Math.max(0.1, Number(options.seconds)),
        seed: Number(options.seed),
        mostGigabytes: Number(options.mostGigabytes),
        keeping: options.write === true ? 'write' : 'show',
        report: reporter(options),
        ...(options.keep === undefined ? {} : { keptAs: options.keep }),
        ...(options.url === undefined ? {} : { url: options.url }),
      }),
    ),
  );
}

function addVolumes(schemac: Command): void {
  const command = schemac
    .command('volumes')
    .description("write schema/volumes.ts from a database's own statistics: rows and figures of the declared tables; reads only, no values")
    .option('--url <url>', 'Read this database; DATABASE_URL and then the variables of libpq stand in for it.')
    .option(
      '--values <table.column>',
      'Write the most common values of this column too; refused for columns that are marked as personal data; may be given more than once.',
      collect,
    )
    .option('--dry-run', 'Print the file, and write nothing.')
    .option('--force', 'Overwrite a schema/volumes.ts that this verb has not written.')
    .addOption(new Option('--loader <loader>', 'Choose what evaluates schema/.').choices(['esbuild', 'ts-node']).default('esbuild'));
  common(command).action((options: VolumesOptions) =>
    run(options, async () =>
      (await import('../commands/volumes.ts')).volumesCommand({
        root: process.cwd(),
        loader: options.loader,
        values: options.values ?? [],
        writing: options.dryRun === true ? 'show' : 'write',
        existing: options.force === true ? 'overwrite' : 'keep',
        report: reporter(options),
        ...(options.url === undefined ? {} : { url: options.url }),
      }),
    ),
  );
}
