/**
 * Every figure that the project promises, measured on this machine beside what is the least it could
 * take, as one table. Medians of several runs; nothing here passes or fails.
 */
import { rmSync } from 'node:fs';
import { cpus, loadavg, totalmem, type as system, release } from 'node:os';
import { join } from 'node:path';
import { measureBackfills } from './backfills.ts';
import { blockingProject, blockingTable, measureBlocking } from './blocking.ts';
import { addOneColumn, manyTablesTwice, runCatalogQueries, runDiff, runDump } from './databases.ts';
import { measureInMemory } from './in-memory.ts';
import { measureIntrospection } from './introspection.ts';
import { measurePull } from './pull.ts';
import { measurePartitions } from './partitions.ts';
import { hasServer, measureMigrations } from './migrations.ts';
import { addColumn, digestProject, manyTables, removeProject, repository, type Project } from './projects.ts';
import { isInstalled, runNode, runOnce, runProgram, watchEdits, type Run } from './run.ts';

interface Figure {
  readonly what: string;
  readonly milliseconds: number;
  readonly mebibytes?: number;
  /** What is promised, in milliseconds and mebibytes. */
  readonly target?: { readonly milliseconds: number; readonly mebibytes?: number };
  readonly runs: number;
}

type Target = Figure['target'];

const command = join(repository, 'compiler', 'bin.mjs');

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function figure(what: string, runs: readonly Run[], target?: Target): Figure {
  const memory = runs.flatMap(({ mebibytes }) => mebibytes ?? []);
  return {
    what,
    milliseconds: median(runs.map(({ milliseconds }) => milliseconds)),
    runs: runs.length,
    ...(memory.length === 0 ? {} : { mebibytes: median(memory) }),
    ...(target === undefined ? {} : { target }),
  };
}

function repeat(count: number, run: (number: number) => Run): readonly Run[] {
  return Array.from({ length: count }, (_, number) => run(number));
}

/** What no tool on Node can be faster than. */
function floors(many: Project, runs: number): readonly Figure[] {
  const esbuild = join(repository, 'node_modules', 'esbuild', 'lib', 'main.js');
  const bundle = `const { build } = await import(${JSON.stringify(esbuild)}); const { readdirSync, writeFileSync } = await import('node:fs');
    const contents = readdirSync('schema').map((file, at) => \`import * as m\${at} from './schema/\${file}'; export { m\${at} };\`).join('\\n');
    const made = await build({ stdin: { contents, resolveDir: '.' }, bundle: true, format: 'esm', platform: 'node', packages: 'external', write: false });
    writeFileSync('bundle.mjs', made.outputFiles[0].text); await import(process.cwd() + '/bundle.mjs');`;
  const clients = ['psql', 'pg_dump'].filter(isInstalled);
  return [
    figure(
      'floor: node -e 0',
      repeat(runs, () => runNode(['-e', '0'], many.root)),
    ),
    figure(
      'floor: bundle and import of all files by esbuild',
      repeat(runs, () => runNode(['--input-type=module', '-e', bundle], many.root)),
    ),
    ...clients.map((client) =>
      figure(
        `floor: ${client} --version`,
        repeat(runs, () => runProgram(client, ['--version'], { cwd: many.root, wants: '' })),
      ),
    ),
  ];
}

interface Measured {
  readonly name: string;
  readonly project: Project;
  readonly unchanged: Target;
  readonly column: Target;
  readonly runs: number;
}

/** A first compile, one with nothing changed, one with a column more: warm, and without the cache. */
function compiles({ name, project, unchanged, column, runs }: Measured): readonly Figure[] {
  const withColumn = (number: number): Run => {
    addColumn(project, number);
    return runOnce([command, 'compile'], project.root, 'wrote generated/migrations/');
  };
  const first = figure(`${name}: first compile, no cache`, [runOnce([command, 'compile'], project.root, '')]);
  const none = figure(
    `${name}: nothing changed`,
    repeat(runs, () => runNode([command, 'compile'], project.root, 'nothing has changed')),
    unchanged,
  );
  const warm = figure(`${name}: one column added, proven`, repeat(runs, withColumn), column);
  const cold = repeat(Math.min(runs, 2), (number) => {
    rmSync(join(project.root, '.schemac'), { recursive: true, force: true });
    return withColumn(1000 + number);
  });
  return [first, none, warm, figure(`${name}: one column added, no cache`, cold)];
}

async function watching(project: Project, runs: number): Promise<Figure> {
  const edits = Array.from({ length: runs + 1 }, (_, number) => () => addColumn(project, 2000 + number));
  // The first edit begins the migration, the others replace it: both are what a user waits for.
  const times = await watchEdits([command, 'compile', '--watch'], project.root, edits);
  return figure(
    'digest schema: --watch, from save to output',
    times.map((milliseconds) => ({ milliseconds })),
    { milliseconds: 500 },
  );
}

async function inMemory(project: Project, tables: number, runs: number): Promise<readonly Figure[]> {
  const { createAll, changeOne } = await measureInMemory(project.root, runs + 1);
  const figureOf = (what: string, times: readonly number[], milliseconds: number): Figure =>
    figure(
      what,
      times.map((time) => ({ milliseconds: time })),
      { milliseconds },
    );
  return [
    figureOf(`in memory: diff and plan, ${tables} tables created`, createAll, 400),
    figure('in memory: the same, the first time in a process', [{ milliseconds: createAll[0] ?? Number.NaN }]),
    figureOf(`in memory: diff and plan, a column added among ${tables} tables`, changeOne, 60),
  ];
}

/** `diff` between two databases, beside what reading one of them takes at least. */
async function comparing(tables: number, runs: number): Promise<readonly Figure[]> {
  const databases = await manyTablesTwice(tables);
  try {
    const dumps = repeat(runs, () => runDump(databases) ?? { milliseconds: Number.NaN }).filter(
      ({ milliseconds }) => !Number.isNaN(milliseconds),
    );
    const what = `diff: two databases of ${tables} tables on ${databases.server}`;
    const floor = figure(
      'floor: four catalog queries of one database, from node',
      repeat(runs, () => runCatalogQueries(databases)),
    );
    const same = figure(
      `${what}, nothing changed`,
      repeat(runs, () => runDiff(databases, 'same')),
      { milliseconds: 1000, mebibytes: 400 },
    );
    const read = await measureIntrospection(databases, runs + 1);
    const reading = [
      figure('floor: catalog queries alone', read.queries),
      figure(`introspection: ${tables} tables`, read.whole, { milliseconds: 1000 }),
    ];
    await addOneColumn(databases);
    const changed = figure(
      `${what}, one column added`,
      repeat(runs, () => runDiff(databases, 'differs')),
      { milliseconds: 1200, mebibytes: 400 },
    );
    const dump = dumps.length === 0 ? [] : [figure('floor: pg_dump --schema-only of one database', dumps)];
    return [floor, ...dump, ...reading, same, changed];
  } finally {
    await databases.remove();
  }
}

async function pulls(tables: number, runs: number): Promise<readonly Figure[]> {
  const { proven, unproven } = await measurePull(command, tables, runs);
  return [
    figure(`pull: a database of ${tables} tables, proven`, proven, { milliseconds: 6000 }),
    figure(`pull: the same, --no-proof`, unproven),
  ];
}

/** What the runner costs, beside psql and beside a process that only connects. */
async function migrating(isQuick: boolean, runs: number): Promise<readonly Figure[]> {
  if (!hasServer()) return [];
  const counts = isQuick ? { migrations: 100, databases: 20 } : { migrations: 1000, databases: 1000 };
  const { apply, psql, nothing, connect, many } = await measureMigrations(counts, runs);
  const [migrations, databases] = [String(counts.migrations), String(counts.databases)];
  const byPsql = median(psql.map(({ milliseconds }) => milliseconds));
  return [
    ...(psql.length === 0 ? [] : [figure(`floor: psql, the statements of ${migrations} migrations and the same bookkeeping`, psql)]),
    figure('floor: node and a connection', connect),
    figure(`migrate: ${migrations} small migrations`, apply, psql.length === 0 ? undefined : { milliseconds: 1.3 * byPsql }),
    figure(`migrate: nothing pending of ${migrations}`, nothing, { milliseconds: 200 }),
    figure(`migrate: ${databases} databases, nothing pending`, many, { milliseconds: 15_000 }),
  ];
}

/** A backfill beside one UPDATE of the same rows, and how long a writer waits for either. */
async function backfilling(rows: number): Promise<readonly Figure[]> {
  if (!hasServer()) return [];
  const { ours, update } = await measureBackfills(rows);
  const many = rows.toLocaleString('en-US');
  return [
    figure(`floor: one UPDATE of ${many} rows`, [update]),
    figure(`migrate: backfill of ${many} rows, --throttle 0`, [ours], { milliseconds: 1.5 * update.milliseconds }),
    figure('floor: longest wait of a writer for the UPDATE', [{ milliseconds: update.longest }]),
    figure('migrate: longest wait of a writer for the backfill', [{ milliseconds: ours.longest }], { milliseconds: update.longest / 10 }),
  ];
}

/** What an application waits for while tables of two million rows are changed. */
async function blocking(say: (line: string) => void): Promise<string> {
  if (!hasServer()) return '';
  const root = blockingProject();
  try {
    return blockingTable(await measureBlocking(root, 2_000_000, say));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function amount(milliseconds: number): string {
  return milliseconds < 100 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function table(figures: readonly Figure[]): string {
  const memory = (mebibytes: number | undefined): string => (mebibytes === undefined ? '' : `${mebibytes.toFixed(0)} MiB`);
  const rows = figures.map(({ what, milliseconds, mebibytes, target, runs }) => [
    what,
    amount(milliseconds),
    memory(mebibytes),
    target === undefined ? '' : [amount(target.milliseconds), memory(target.mebibytes)].filter((text) => text !== '').join(', '),
    String(runs),
  ]);
  const all = [['what', 'median', 'peak memory', 'target', 'runs'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n');
}

function machine(): { readonly [fact: string]: string } {
  const [first, ...others] = cpus();
  return {
    processor: `${others.length + 1} x ${first?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${system()} ${release()}`,
    node: process.version,
    'load before': loadavg()[0]?.toFixed(1) ?? '',
  };
}

export async function main(parameters: readonly string[]): Promise<void> {
  if (parameters.includes('--partitions')) {
    const rows = parameters.includes('--quick') ? 480_000 : 20_000_000;
    process.stdout.write(
      `${JSON.stringify(machine())}\n${await measurePartitions(rows, (line) => void process.stderr.write(`${line}\n`))}\n`,
    );
    return;
  }
  const isQuick = parameters.includes('--quick');
  const [tables, runs] = isQuick ? [100, 1] : [1000, 5];
  const many = manyTables(tables);
  const digest = digestProject();
  const facts = machine();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    say('floors');
    const figures = [...floors(many, runs)];
    say('digest schema');
    figures.push(
      ...compiles({ name: 'digest schema', project: digest, unchanged: { milliseconds: 250 }, column: { milliseconds: 1500 }, runs }),
    );
    figures.push(await watching(digest, runs));
    say(`${tables} tables in ${tables} files`);
    const targets = { unchanged: { milliseconds: 600, mebibytes: 150 }, column: { milliseconds: 5000, mebibytes: 1.2e9 / 2 ** 20 } };
    figures.push(...compiles({ name: `${tables} tables`, project: many, runs: Math.ceil(runs / 2), ...targets }));
    figures.push(...(await inMemory(many, tables, runs)));
    say(`two databases of ${tables} tables`);
    figures.push(...(await comparing(tables, runs)));
    say(`pull of ${tables} tables`);
    figures.push(...(await pulls(tables, Math.ceil(runs / 2))));
    say('migrations');
    figures.push(...(await migrating(isQuick, Math.ceil(runs / 2))));
    say('backfills');
    figures.push(...(await backfilling(isQuick ? 200_000 : 10_000_000)));
    say('what is blocked');
    const blocked = isQuick ? '' : await blocking(say);
    const text = [
      Object.entries(facts)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' · '),
      '',
      table(figures),
      ...(blocked === '' ? [] : ['', blocked]),
    ].join('\n');
    process.stdout.write(`${parameters.includes('--json') ? JSON.stringify({ machine: facts, figures }, undefined, 2) : text}\n`);
  } finally {
    removeProject(many);
    removeProject(digest);
  }
}
