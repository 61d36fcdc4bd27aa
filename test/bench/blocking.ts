/**
 * How long the longest statement of an application takes while a large table is changed: by the runner,
 * and by the naive statement. The application is a process of its own with a reader that keeps its
 * transaction open for seconds. On a server started for it; both databases hold the same rows.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, withClient } from '../support/database.ts';
import { startEmbeddedServer } from '../support/embedded-server.ts';
import { firstSchema, measuredChanges, type MeasuredChange } from './blocking-changes.ts';
import { repository } from './projects.ts';

const command = join(repository, 'compiler', 'bin.mjs');

/** What the application saw while something went on. */
export interface Seen {
  /** How long that took, in milliseconds. */
  readonly took: number;
  readonly statements: number;
  /** Milliseconds of its longest statement. */
  readonly longest: number;
  readonly failed: number;
  readonly failure: string;
}

export interface BlockedBy {
  readonly change: string;
  readonly ours: Seen;
  readonly naive: Seen;
}

export interface Blocking {
  /** While nothing was changed: what the machine alone does to the application. */
  readonly undisturbed: Seen;
  readonly changes: readonly BlockedBy[];
}

function run(program: string, parameters: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stdout, stderr } = spawnSync(program, parameters, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${program} ${parameters.join(' ')}: exit ${String(status)}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
}

/** A project that holds a migration for each change. */
export function blockingProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'schemac-bench-blocking-'));
  for (const folder of ['schema', 'node_modules']) mkdirSync(join(root, folder));
  symlinkSync(repository, join(root, 'node_modules', 'schemac'), 'dir');
  writeFileSync(join(root, 'package.json'), '{ "name": "bench", "type": "module" }\n');
  let text = firstSchema;
  const compile = (allow?: string): void => {
    writeFileSync(join(root, 'schema', 'all.ts'), text);
    run(process.execPath, [command, 'compile', ...(allow === undefined ? [] : ['--allow', allow])], root);
  };
  compile();
  for (const { edits, allow, name } of measuredChanges) {
    for (const [from, to] of edits) {
      if (!text.includes(from)) throw new Error(`${name}: the schema has no ${from}`);
      text = text.replace(from, to);
    }
    compile(allow);
  }
  return root;
}

function fillSql(rows: number): readonly string[] {
  return [
    `INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 10000) n`,
    `INSERT INTO digests (user_id, subject, label, state, number) SELECT 1 + n % 10000, 'Your digest of the week, number ' || n, 'label', 'sent', n FROM generate_series(1, ${String(rows)}) n`,
    `INSERT INTO events (region, what) SELECT CASE WHEN n % 2 = 0 THEN 'eu' ELSE 'us' END, 'sent' FROM generate_series(1, ${String(rows)}) n`,
    `CREATE SEQUENCE numbers START ${String(rows + 1)}`,
    'VACUUM ANALYZE',
  ];
}

/** Runs an action while the application is at work, a second before and after it. */
export async function underLoad(
  url: string,
  rows: number,
  action: () => Promise<void>,
  workload: 'changes' | 'archive' = 'changes',
): Promise<Seen> {
  const load = spawn(process.execPath, [join(repository, 'test', 'bench', 'load.mjs'), url, String(rows), workload], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  const begun = new Promise<void>((resolve) =>
    load.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      resolve();
    }),
  );
  const ended = new Promise<void>((resolve) => load.once('close', () => resolve()));
  await begun;
  await sleep(1000);
  const began = performance.now();
  try {
    await action();
  } finally {
    await sleep(1000);
    load.stdin.end();
    await ended;
  }
  const seen = JSON.parse(printed.split('\n')[1] ?? '{}') as Omit<Seen, 'took'>;
  return { ...seen, took: performance.now() - began - 1000 };
}

function migrateTo(root: string, url: string, number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, 'migrate', '--to', String(number), '--quiet'], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`migrate --to ${String(number)}: exit ${String(code)}\n${said}`)),
    );
  });
}

async function runNaive(url: string, { naive }: MeasuredChange): Promise<void> {
  await withClient(url, (client) => client.query(naive));
}

/** Applies each change of the project by the runner, and by its naive statement. */
export async function measureBlocking(root: string, rows: number, say: (line: string) => void): Promise<Blocking> {
  const server = await startEmbeddedServer(18);
  try {
    say(`  filling two databases with ${String(rows)} rows a table`);
    const ours = await createDatabase(server.url, 'ours', 18);
    await migrateTo(root, ours, 1);
    await withClient(ours, async (client) => {
      for (const sql of fillSql(rows)) await client.query(sql);
    });
    await withClient(server.url, (client) => client.query('CREATE DATABASE naive TEMPLATE ours STRATEGY file_copy'));
    const naive = ours.replace(/\/ours$/, '/naive');
    const undisturbed = await underLoad(ours, rows, () => sleep(10_000));
    const changes: BlockedBy[] = [];
    for (const [place, change] of measuredChanges.entries()) {
      const measured = {
        change: change.name,
        ours: await underLoad(ours, rows, () => migrateTo(root, ours, place + 2)),
        naive: await underLoad(naive, rows, () => runNaive(naive, change)),
      };
      changes.push(measured);
      say(`  ${change.name}: ${seconds(measured.ours.longest)}, naive ${seconds(measured.naive.longest)}`);
    }
    return { undisturbed, changes };
  } finally {
    await server.stop();
  }
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 2 : 1)} s`;
}

/** The table that the page of benchmarks shows. */
export function blockingTable({ undisturbed, changes }: Blocking): string {
  const rows = changes.map(({ change, ours, naive }) => [
    change,
    seconds(ours.longest),
    seconds(naive.longest),
    seconds(ours.took),
    seconds(naive.took),
    `${String(ours.failed)} of ${String(ours.statements)}`,
  ]);
  const none = [
    'nothing is changed',
    seconds(undisturbed.longest),
    '',
    '',
    '',
    `${String(undisturbed.failed)} of ${String(undisturbed.statements)}`,
  ];
  const head = ['change', 'longest wait', 'naive', 'took', 'naive', 'failed statements'];
  const lines = [head, head.map(() => '---'), none, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const failures = changes.flatMap(({ change, ours }) => (ours.failed === 0 ? [] : [`${change}: ${ours.failure}`]));
  return [...lines, ...failures].join('\n');
}
