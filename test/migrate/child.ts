/**
 * Starts the runner as a child process. It is bundled first, since Node 20 runs no TypeScript; the
 * bundle's list of inputs shows what the runner needs.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundle {
  readonly path: string;
  readonly inputs: readonly string[];
  /** Packages that it imports when it needs them. */
  readonly packages: readonly string[];
  readonly remove: () => Promise<void>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

export async function bundleRunner(): Promise<Bundle> {
  const folder = `${root}node_modules/.cache/schemac-test`;
  await mkdir(folder, { recursive: true });
  const path = `${folder}/migrate-${String(process.pid)}-${Math.random().toString(36).slice(2)}.mjs`;
  const { metafile } = await build({
    entryPoints: [`${root}test/migrate/child-entry.ts`],
    absWorkingDir: root,
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // Taking migrations back compiles; nothing else that the runner does.
    external: ['*/plan-undo.ts', '*/embedded.ts', '*/native.ts'],
    metafile: true,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const packages = imports
    .filter(({ external, path: name }) => external === true && !/^(node:|\.)/.test(name))
    .map(({ path: name }) => name);
  return { path, inputs: Object.keys(metafile.inputs), packages: [...new Set(packages)], remove: () => rm(path, { force: true }) };
}

export interface Child {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Everything that it printed so far, on both streams. */
  readonly printed: () => string;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly printed: string }>;
}

export function startRunner(bundle: Bundle, given: object, environment: NodeJS.ProcessEnv = {}): Child {
  const child = spawn(process.execPath, [bundle.path, JSON.stringify(given)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = new Promise<{ exitCode: number | null; printed: string }>((resolve) =>
    child.on('close', (exitCode) => resolve({ exitCode, printed })),
  );
  return { kill: (signal) => child.kill(signal), printed: () => printed, ended };
}

/** Waits until something is true, however long it takes; the test's own time limit ends it. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
