/**
 * Checks the types of the schema files with the project's TypeScript compiler, in a process of its
 * own, so that it runs beside the rest of a compile. Only its output is read.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Diagnostic } from '../model/diagnostic.ts';
import { temporaryPath, withFile } from './temporary-file.ts';

/**
 * The type errors of the schema folder, in the order of the compiler. With no TypeScript compiler there
 * is one notice. `folder` is relative to the root.
 */
export async function checkTypes(root: string, folder = 'schema'): Promise<readonly Diagnostic[]> {
  const absolute = resolve(root);
  const compiler = findCompiler(absolute);
  if (compiler === undefined) {
    return [
      {
        code: 'types-unchecked',
        severity: 'notice',
        message: 'types are not checked, since no TypeScript compiler is installed',
        hint: 'npm install -D typescript',
      },
    ];
  }
  const config = temporaryPath(absolute, 'types', '.json');
  const output = await withFile(config, JSON.stringify(configOf(absolute, dirname(config), folder)), () =>
    run(compiler, ['--project', config, '--noEmit', '--pretty', 'false'], absolute),
  );
  // TS18003: a folder that is missing or empty; the loader says that in words of its own.
  return readDiagnostics(output, absolute).filter(({ message }) => !message.endsWith('(TS18003)'));
}

/** The project's own settings for the schema folder alone, or strict ones where it has no tsconfig.json. */
function configOf(root: string, from: string, folder: string): object {
  const own = join(root, 'tsconfig.json');
  const include = [`${relative(from, resolve(root, folder)).replaceAll('\\', '/')}/**/*.ts`];
  const always = { noEmit: true, incremental: false, composite: false };
  if (existsSync(own)) return { extends: relative(from, own).replaceAll('\\', '/'), compilerOptions: always, include, files: [] };
  const strict = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: [],
  };
  return { compilerOptions: { ...strict, ...always }, include };
}

/** The native compiler where it is installed under its alias, or else the project's typescript, or ours. */
function findCompiler(root: string): string | undefined {
  for (const from of [join(root, 'package.json'), fileURLToPath(import.meta.url)]) {
    for (const name of ['typescript7', 'typescript']) {
      const path = packageFolder(name, from);
      const compiler = path === undefined ? undefined : join(path, 'lib', 'tsc.js');
      if (compiler !== undefined && existsSync(compiler)) return compiler;
    }
  }
  return undefined;
}

function packageFolder(name: string, from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

interface Program {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: { readonly [name: string]: string };
}

/**
 * TypeScript 7's tsc.js only looks for the native program and starts it; starting that at once saves a
 * start of Node. It runs beside a compile that wants the other processor: one thread checks ten tables
 * in half the time that four take, and a thousand for half the processor's time; memory that is not
 * collected (GOGC) is a third more. What goes wrong in looking for it is left to tsc.js to say.
 */
async function programOf(compiler: string): Promise<Program> {
  try {
    const finder = pathToFileURL(join(dirname(compiler), 'getExePath.js')).href;
    const found = (await import(finder)) as { readonly default: () => string };
    return { command: found.default(), parameters: ['--singleThreaded'], environment: { GOGC: '400' } };
  } catch {
    return { command: process.execPath, parameters: [compiler], environment: {} };
  }
}

async function run(compiler: string, parameters: readonly string[], root: string): Promise<string> {
  const program = await programOf(compiler);
  return new Promise((settle) => {
    const limits = { cwd: root, env: { ...program.environment, ...process.env }, maxBuffer: 64 * 1024 * 1024, timeout: 300_000 };
    execFile(program.command, [...program.parameters, ...parameters], limits, (error, out, errors) => {
      // The compiler exits with 1 or 2 when it found something; anything else is its own failure.
      const exit = (error as { readonly code?: unknown } | null)?.code;
      const failed = error !== null && exit !== 1 && exit !== 2;
      settle(failed ? `error TS0: the TypeScript compiler failed: ${errors || error.message}` : out);
    });
  });
}

/** Reads `file(line,column): error TS2322: message`, the further lines of a message indented. */
export function readDiagnostics(output: string, root: string): readonly Diagnostic[] {
  const found: { -readonly [Key in keyof Diagnostic]: Diagnostic[Key] }[] = [];
  for (const line of output.split(/\r?\n/)) {
    const placed = /^(.+?)\((\d+),(\d+)\): (error|warning) (TS\d+): (.*)$/.exec(line);
    const bare = /^(error|warning) (TS\d+): (.*)$/.exec(line);
    const last = found.at(-1);
    if (placed !== null) {
      const [, file = '', row, column, severity, code = '', message = ''] = placed;
      const place = { file: relative(root, resolve(root, file)).replaceAll('\\', '/'), line: Number(row), column: Number(column) };
      found.push({ code: 'type-error', severity: severity as 'error', message: `${message} (${code})`, place });
    } else if (bare !== null) {
      found.push({ code: 'type-error', severity: bare[1] as 'error', message: `${bare[3] ?? ''} (${bare[2] ?? ''})` });
    } else if (last !== undefined && line.startsWith('  ')) {
      last.message += `\n${line}`;
    }
  }
  return found.map(withRule);
}

/** The rule that a message is about, in the words of its property's name; the types around it say nothing more. */
function withRule(diagnostic: Diagnostic): Diagnostic {
  const rule = /"?schemac: ((?:[^"\\]|\\.)+)"/.exec(diagnostic.message)?.[1]?.replaceAll('\\"', '"');
  return rule === undefined ? diagnostic : { ...diagnostic, code: 'type-rule', message: rule };
}
