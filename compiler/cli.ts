/**
 * The command line: arguments, exit codes, printing; nothing else prints or exits. A verb's module is
 * loaded when the verb is called, so that each needs only its own packages.
 */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addDatabaseVerbs } from './cli/database-verbs.ts';
import { addPartitionVerb } from './cli/partition-verb.ts';
import { addSchemaVerbs } from './cli/schema-verbs.ts';
import { addSourceVerbs } from './cli/source-verbs.ts';
import { addWorkloadVerbs } from './cli/workload-verbs.ts';

/** The folder of the package: above compiler/ in the repository, above dist/ where it is installed. */
const home = fileURLToPath(new URL('..', import.meta.url));

function version(): string {
  return (JSON.parse(readFileSync(`${home}/package.json`, 'utf8')) as { readonly version: string }).version;
}

/** Every verb with its options. */
export function program(): Command {
  const schemac = new Command('schemac')
    .description('PostgreSQL schema as TypeScript: proven migrations, diagrams and documents.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('run it with --help to see what there is')
    .addHelpText('after', '\nBegin with:  npx schemac init && npm install && npx schemac compile');
  addSchemaVerbs(schemac, home);
  addDatabaseVerbs(schemac);
  addPartitionVerb(schemac);
  addSourceVerbs(schemac, home);
  addWorkloadVerbs(schemac);
  return schemac;
}

/** Whoever reads our output may stop reading, as `head` does; a migration goes on. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Runs the command line. */
export async function main(args: readonly string[]): Promise<void> {
  outliveReaders();
  try {
    await program().parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 1;
  }
}
