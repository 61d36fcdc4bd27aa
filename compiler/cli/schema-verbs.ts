/** The verbs that work on schema/ and generated/: their options, and which module does the work. */
import { Option, type Command } from 'commander';
import type { CompileArguments } from '../commands/compile.ts';
import type { CommandResult } from '../commands/result.ts';
import { runWatch } from './watch.ts';
import { collect, common, reporter, run, type CommonOptions } from './run.ts';

interface CompilingOptions extends CommonOptions {
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
  readonly name?: string;
  readonly allow?: readonly string[];
  readonly amend?: true;
  readonly rebase?: true;
  readonly watch?: true;
  readonly custom?: string;
}

interface PlansOptions extends CommonOptions {
  readonly loader: 'esbuild' | 'ts-node';
  readonly scale?: readonly string[];
}

interface DiagramsOptions extends CommonOptions {
  readonly out: string;
  readonly only?: 'svg' | 'png';
  readonly theme: 'default' | 'dark';
}

/** `home` is the folder of the package schemac. */
export function addSchemaVerbs(schemac: Command, home: string): void {
  addInit(schemac, home);
  addCompile(schemac);
  addCheck(schemac);
  addLint(schemac);
  addSquash(schemac);
  addPlans(schemac);
  addDiagrams(schemac);
  addExplain(schemac);
}

function addInit(schemac: Command, home: string): void {
  common(
    schemac.command('init').description('begin: write a small commented schema and the settings around it; overwrites nothing'),
  ).action((options: CommonOptions) =>
    run(options, async () => (await import('../commands/init.ts')).initCommand({ root: process.cwd(), home })),
  );
}

function addCompile(schemac: Command): void {
  const command = schemac
    .command('compile')
    .description('write the migration that schema/ asks for, and every document')
    .option('--name <name>', 'Name the new migration; without it the name says what changed.')
    .option(
      '--allow <hazard:address>',
      'Allow a change to lose data, for example --allow "data-loss:column public.customers.name"; may be given more than once.',
      collect,
    )
    .option(
      '--custom <name>',
      'Begin a migration that is written by hand: write a commented file into schema/custom/, and compile nothing.',
    )
    .option('--amend', 'Replace the last migration, which must not have been applied anywhere.')
    .addOption(new Option('--rebase', "Make this branch's migrations anew on top of the other branch's.").conflicts('amend'))
    .addOption(
      new Option('--watch', 'Compile again at each change of schema/; the one migration that this begins is replaced each time.').conflicts(
        'rebase',
      ),
    );
  compiling(command).action((options: CompilingOptions) =>
    options.custom !== undefined
      ? run(options, async () =>
          (await import('../commands/write-custom.ts')).writeCustomCommand({ root: process.cwd(), name: options.custom ?? '' }),
        )
      : options.watch === true
        ? runWatch(options, compileArguments(options))
        : run(options, async () => compileOrStamp(compileArguments(options))),
  );
}

/** The pipeline is loaded only where the stamp does not say that there is nothing to do. */
async function compileOrStamp(given: CompileArguments): Promise<CommandResult> {
  const { stampedResult } = await import('../commands/stamp.ts');
  return stampedResult(given) ?? (await import('../commands/compile.ts')).compileCommand(given);
}

function addCheck(schemac: Command): void {
  compiling(
    schemac.command('check').description('verify that generated/ is current and that the migrations lead to the schema; writes nothing'),
  )
    .addHelpText('after', '\nExit code: 0 current, 1 error, 2 not current.')
    .action((options: CompilingOptions) =>
      run(options, async () => (await import('../commands/check.ts')).checkCommand(compileArguments(options))),
    );
}

function addLint(schemac: Command): void {
  const command = schemac
    .command('lint')
    .description(
      'run SQL files that people wrote on generated rows, after the last migration, and say what each statement locks, costs and loses',
    )
    .argument('<files...>', 'files of SQL statements')
    .option(
      '--allow <hazard:address>',
      'Say that this is meant, for example --allow "data-loss:table public.orders"; may be given more than once.',
      collect,
    )
    .addHelpText('after', '\nExit code: 0 nothing to look at, 2 something that loses data or holds others up, 1 error.');
  compiling(command).action((files: readonly string[], options: CompilingOptions) =>
    run(options, async () =>
      (await import('../commands/lint-files.ts')).lintCommand({
        root: process.cwd(),
        files,
        allow: options.allow ?? [],
        loader: options.loader,
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
    ),
  );
}

interface SquashOptions extends CommonOptions {
  readonly to?: string;
  readonly archive?: string;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

function addSquash(schemac: Command): void {
  const command = schemac
    .command('squash')
    .description('fold old migrations into one baseline, proven to give a fresh database the same')
    .option('--to <number>', 'Fold the migrations up to this one; all where absent.')
    .option('--archive <folder>', 'Copy what is folded to this folder; without it, it must be committed to git.');
  compiling(command).action((options: SquashOptions) =>
    run(options, async () =>
      (await import('../commands/squash.ts')).squashCommand({
        root: process.cwd(),
        loader: options.loader,
        report: reporter(options),
        ...(options.to === undefined ? {} : { to: options.to }),
        ...(options.archive === undefined ? {} : { archive: options.archive }),
        ...(options.engine === undefined ? {} : { engine: options.engine }),
      }),
    ),
  );
}

function addPlans(schemac: Command): void {
  const command = schemac
    .command('plans')
    .description('plan the declared queries at the declared volumes, or at others, and print plans beside budgets; needs no data')
    .argument('[queries...]', 'only these queries')
    .option(
      '--scale <table=number>',
      'Plan for so many rows (users=100M) or partitions (digests.partitions=60); may be given more than once.',
      collect,
    )
    .addOption(new Option('--loader <loader>', 'Choose what evaluates schema/.').choices(['esbuild', 'ts-node']).default('esbuild'));
  common(command).action((queries: readonly string[], options: PlansOptions) =>
    run(options, async () =>
      (await import('../commands/plans.ts')).plansCommand({
        root: process.cwd(),
        loader: options.loader,
        scale: options.scale ?? [],
        queries,
      }),
    ),
  );
}

function addDiagrams(schemac: Command): void {
  const command = schemac
    .command('diagrams')
    .description('draw the diagrams of generated/ as SVG and PNG; needs mermaid-cli and Chromium')
    .option('--out <folder>', 'Write the pictures to this folder.', 'diagrams')
    .addOption(new Option('--only <type>', 'Write pictures of one type, not of both.').choices(['svg', 'png']))
    .addOption(new Option('--theme <theme>', 'Draw for a light or for a dark page.').choices(['default', 'dark']).default('default'));
  common(command).action((options: DiagramsOptions) =>
    run(options, async () =>
      (await import('../commands/diagrams.ts')).diagramsCommand({
        root: process.cwd(),
        out: options.out,
        formats: options.only === undefined ? ['svg', 'png'] : [options.only],
        theme: options.theme,
        report: reporter(options),
      }),
    ),
  );
}

function addExplain(schemac: Command): void {
  common(
    schemac
      .command('explain')
      .description('say what the code of a diagnostic means, and what to do about it')
      .argument('<code>', 'the word after error, warning or notice'),
  ).action((code: string, options: CommonOptions) =>
    run(options, async () => (await import('../commands/explain.ts')).explainCommand(code)),
  );
}

function compiling(command: Command): Command {
  const withEngine = command
    .option('--engine <url>', 'Prove on this PostgreSQL server and not on the embedded one; a scratch database is made there and dropped.')
    .addOption(new Option('--loader <loader>', 'Choose what evaluates schema/.').choices(['esbuild', 'ts-node']).default('esbuild'));
  return common(withEngine);
}

function compileArguments(options: CompilingOptions): CompileArguments {
  return {
    root: process.cwd(),
    loader: options.loader,
    allow: options.allow ?? [],
    history: options.amend === true ? 'amend' : options.rebase === true ? 'rebase' : 'extend',
    report: reporter(options),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.name === undefined ? {} : { name: options.name }),
  };
}
