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
