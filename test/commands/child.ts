/**
 * The verbs, and their writing of files alone, as processes of their own: with other surroundings, or
 * broken on purpose by a module that is loaded before them.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { CompileArguments } from '../../compiler/commands/compile.ts';
import type { CommandResult } from '../../compiler/commands/result.ts';
import { repository, scratchFolder, type Project } from './support.ts';

let bundled: string | undefined;

/** A program of this folder, bundled; inside the repository, so that it finds its packages. */
async function childProgram(name: 'child-entry' | 'child-write'): Promise<string> {
  bundled ??= await bundlePrograms();
  return join(bundled, `${name}.mjs`);
}

async function bundlePrograms(): Promise<string> {
  const outdir = scratchFolder('child-');
  const entryPoints = ['test/commands/child-entry.ts', 'test/commands/child-write.ts'];
  await build({
    absWorkingDir: repository,
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  return outdir;
}

export interface ChildRun {
  /** Which module of this folder is loaded first. */
  readonly preload: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly verb?: 'compile' | 'check';
  readonly given?: Partial<CompileArguments>;
}

export interface ChildResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
  /** Absent where the process did not live to give one. */
  readonly result?: CommandResult;
}

/** Runs a verb in a process of its own, in the project's folder. */
export async function runChild(project: Project, run: ChildRun): Promise<ChildResult> {
  const given = { root: project.root, allow: [], loader: 'esbuild', history: 'extend', ...run.given };
  const { output, ...ended } = await runProgram(run, project.root, [
    await childProgram('child-entry'),
    run.verb ?? 'compile',
    JSON.stringify(given),
  ]);
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return { ...ended, ...(last.startsWith('{') ? { result: JSON.parse(last) as CommandResult } : {}) };
}

/** Writes files into a folder in a process of its own; `file` holds them as JSON. */
export async function runWriter(
  folder: string,
  file: string,
  run: Pick<ChildRun, 'preload' | 'environment'>,
): Promise<Omit<ChildResult, 'result'>> {
  return runProgram(run, dirname(file), [await childProgram('child-write'), folder, file]);
}

async function runProgram(
  run: Pick<ChildRun, 'preload' | 'environment'>,
  cwd: string,
  parameters: readonly string[],
): Promise<Omit<ChildResult, 'result'> & { readonly output: string }> {
  const preload = pathToFileURL(join(repository, 'test', 'commands', run.preload)).href;
  const child = spawn(process.execPath, ['--import', preload, ...parameters], {
    cwd,
    env: { ...process.env, ...run.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) => child.on('close', (exitCode, signal) => resolve({ exitCode, signal, errors, output })));
}
