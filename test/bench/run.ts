/** Runs a program and tells how long it took and how much memory it had at its peak. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Run {
  readonly milliseconds: number;
  /** Of the process itself, without what it started; absent for what is not Node. */
  readonly mebibytes?: number;
}

/** Reports the peak of the resident memory when the process ends. Loaded before anything else. */
const reporter = `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.SCHEMAC_BENCH_PEAK, String(process.resourceUsage().maxRSS)));
`;

export interface Outcome {
  /** Must be in what it prints. */
  readonly wants: string;
  /** How it must end; 0 where absent. */
  readonly status?: number;
}

/** Runs Node to its end; fails where it does. */
export function runNode(parameters: readonly string[], cwd: string, outcome: string | Outcome = ''): Run {
  const expected = typeof outcome === 'string' ? { wants: outcome } : outcome;
  const folder = mkdtempSync(join(tmpdir(), 'schemac-bench-run-'));
  try {
    const [peak, preload] = [join(folder, 'peak'), join(folder, 'peak.mjs')];
    writeFileSync(preload, reporter);
    const time = runProgram(process.execPath, parameters, { cwd, ...expected });
    // A second run for the memory, since the reporter itself costs time.
    spawnSync(process.execPath, ['--import', preload, ...parameters], {
      cwd,
      env: { ...process.env, SCHEMAC_BENCH_PEAK: peak },
      stdio: 'ignore',
    });
    return { ...time, mebibytes: Number(readFileSync(peak, 'utf8')) / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same for what changes its project: time and memory in one run, the reporter's few milliseconds included. */
export function runOnce(parameters: readonly string[], cwd: string, wants: string): Run {
  const folder = mkdtempSync(join(tmpdir(), 'schemac-bench-run-'));
  try {
    const [peak, preload] = [join(folder, 'peak'), join(folder, 'peak.mjs')];
    writeFileSync(preload, reporter);
    const time = runProgram(process.execPath, ['--import', preload, ...parameters], { cwd, wants, env: { SCHEMAC_BENCH_PEAK: peak } });
    return { ...time, mebibytes: Number(readFileSync(peak, 'utf8')) / 1024 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function runProgram(
  program: string,
  parameters: readonly string[],
  { cwd, wants, status: expected = 0, env = {} }: Outcome & { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Run {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, parameters, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const milliseconds = performance.now() - began;
  if (error !== undefined || status !== expected || !stdout.includes(wants)) {
    throw new Error(
      `${program} ${parameters.join(' ')} in ${cwd}: ${error?.message ?? `exit ${status}`}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`,
    );
  }
  return { milliseconds };
}

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** From an edit to the line that ends the run, in a watch that goes on; the first run is not measured. */
export async function watchEdits(parameters: readonly string[], cwd: string, edits: readonly (() => void)[]): Promise<readonly number[]> {
  const child = spawn(process.execPath, parameters, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  let changed = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    changed();
  });
  child.once('exit', () => changed());
  const ended = async (): Promise<string> => {
    while (!/; watching schema\//.test(output)) {
      if (child.exitCode !== null) throw new Error(`the watch ended: ${output}`);
      await new Promise<void>((resolve) => (changed = resolve));
    }
    const text = output;
    output = '';
    return text;
  };
  try {
    await ended();
    const times: number[] = [];
    for (const edit of edits) {
      // As a person would: the engines for the next run start meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const began = performance.now();
      edit();
      const text = await ended();
      if (!text.includes('wrote generated/migrations/')) throw new Error(`the watch wrote no migration: ${text}`);
      times.push(performance.now() - began);
    }
    return times;
  } finally {
    child.kill('SIGINT');
  }
}
