/**
 * The verb `bench`: a scratch database on a real server is filled as declared, every query runs in it from
 * several clients, and what came out stands beside what was predicted and what was allowed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { PostgresError, type Engine } from '../engine/engine.ts';
import { isServerUrl } from '../engine/open.ts';
import { urlOfDatabase } from '../engine/server-connection.ts';
import { openTimedClient } from '../engine/timed-client.ts';
import { load } from '../load/load.ts';
import type { DeclaredSchema, PlacedQuery } from '../model/declared.ts';
import { DiagnosticError, fail, type Diagnostic } from '../model/diagnostic.ts';
import { bytesText, millisecondsOf } from '../model/figures.ts';
import type { Measurements, QueryMeasurement, QueryPlan } from '../model/workload.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { readRelations } from '../workload/catalog.ts';
import { vacuumFilled } from '../workload/fill-database.ts';
import { fittingScales, roomOf, scaleText } from '../workload/fitting-scale.ts';
import { isWriting, measureQuery, refusalOf } from '../workload/measure-queries.ts';
import { namesOf, namingOf } from '../workload/plan-tree.ts';
import { parseScale, volumesOf, type Volumes } from '../workload/volumes.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { openBenchDatabase } from './bench-database.ts';
import { benchLines } from './bench-lines.ts';
import { pgbenchBest } from './pgbench.ts';
import { planGate } from './plan-gate.ts';
import type { CommandResult, Report } from './result.ts';
import { scaledVolumes } from './scaled-volumes.ts';

export interface BenchArguments {
  readonly root: string;
  readonly loader: 'esbuild' | 'ts-node';
  /** The server; a scratch database is made on it and dropped. */
  readonly url?: string;
  readonly scale: readonly string[];
  /** Only these queries; all where empty. */
  readonly queries: readonly string[];
  readonly clients: number;
  /** Of each query. */
  readonly seconds: number;
  readonly seed: number;
  /** More than so many gigabytes are not begun. */
  readonly mostGigabytes: number;
  /** The database stays under this name, and is measured in again where it is there. */
  readonly keptAs?: string;
  /** `write`: what was measured is kept in schema/measurements/, for the documents. */
  readonly keeping: 'write' | 'show';
  readonly report: Report;
}

/** Throws a `DiagnosticError` for what keeps it from measuring; a query that misses its time makes the exit code 1. */
export async function benchCommand(given: BenchArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  const declared = await load({ root: workspace.root, folder: 'schema', loader: given.loader });
  if (declared.diagnostics.some(({ severity }) => severity === 'error')) throw new DiagnosticError(declared.diagnostics);
  const url = given.url ?? process.env['SCHEMAC_BENCH_URL'];
  if (url === undefined || !isServerUrl(url))
    fail('no-bench-server', 'queries are measured on a PostgreSQL server, and none was given', {
      hint: 'give one with --url postgres://… whose role may create databases; a scratch database is made there and dropped. DATABASE_URL is not taken',
    });
  const volumes = scaledVolumes(volumesOf(declared), given.scale);
  refuseTooLarge(declared, volumes, given);
  const { plans, diagnostics } = await planGate({ workspace, declared, volumes, trust: 'cache' });
  const wanted = plans.filter(({ query }) => given.queries.length === 0 || given.queries.includes(query));
  if (wanted.length === 0) throw new DiagnosticError([...diagnostics, nothingToMeasure(given.queries)]);
  const measured = await measureOn(url, { declared, volumes, plans: wanted, workspace, given });
  const found = [...measured.problems, ...budgetFindings(measured.measurements, declared)];
  const path = given.keeping === 'write' ? keep(workspace, measured.measurements, given.scale) : undefined;
  return {
    exitCode: found.some(({ severity }) => severity === 'error') ? 1 : 0,
    diagnostics: found,
    json: { ...measured.measurements, diagnostics: found },
    lines: [
      ...benchLines(measured.measurements, declared),
      ...(path === undefined ? [] : ['', `wrote ${path}; npm run compile puts it into the documents`]),
    ],
  };
}

function refuseTooLarge({ objects }: DeclaredSchema, volumes: Volumes, { scale, mostGigabytes }: BenchArguments): void {
  const most = mostGigabytes * 1024 ** 3;
  const bytes = roomOf(objects, volumes);
  if (bytes <= most) return;
  const scales = scale.flatMap((text) => parseScale(text) ?? []);
  const fitting = fittingScales({ objects, volumes, scales, bytes: most });
  const fewer =
    fitting === undefined
      ? 'ask for fewer of them'
      : `these fit: ${[...scale, ...fitting.map(scaleText)].map((text) => `--scale ${text}`).join(' ')}`;
  fail('bench-too-large', `the rows take ${bytesText(bytes)}, more than ${mostGigabytes} GB`, {
    hint: `${fewer}; or allow more with --most-gigabytes`,
  });
}

function nothingToMeasure(queries: readonly string[]): Diagnostic {
  return {
    code: 'unknown-query',
    severity: 'error',
    message:
      queries.length === 0 ? 'schema/ declares no query that could be measured' : `no query of ${queries.join(', ')} could be planned`,
  };
}

interface MeasureRequest {
  readonly declared: DeclaredSchema;
  readonly volumes: Volumes;
  readonly plans: readonly QueryPlan[];
  readonly workspace: Workspace;
  readonly given: BenchArguments;
}

interface Measured {
  readonly measurements: Measurements;
  readonly problems: readonly Diagnostic[];
}

async function measureOn(url: string, request: MeasureRequest): Promise<Measured> {
  const { declared, volumes, given } = request;
  const { keptAs, seed, report } = given;
  const cacheFolder = join(request.workspace.cache, 'engine');
  const { engine, filled } = await openBenchDatabase({ url, keptAs, cacheFolder, declared, volumes, seed, report });
  try {
    const [row] = await engine.query('SELECT pg_catalog.current_database() AS name');
    const name = row?.['name'] ?? '';
    for (const [setting, value] of Object.entries(declared.project.planner))
      await engine.execute(`ALTER DATABASE ${quoteName(name)} SET ${quoteName(setting)} = ${quoteText(String(value))}`);
    const names = namesOf(await readRelations(engine), namingOf(declared.objects));
    const { queries, problems } = await runQueries(urlOfDatabase(url, name), request, names);
    // The next run finds it as this one did.
    if (keptAs !== undefined) await vacuumFilled(engine);
    const server = `${engine.identity.name}, ${await settingsOf(engine)}`;
    return { measurements: { ...setting(given, server), rows: rowsOf(volumes), filled, queries }, problems };
  } finally {
    await engine.close();
  }
}

/** What writes is rolled back and leaves dead rows behind, which those that read would have to pass over. */
function readersFirst(
  plans: readonly QueryPlan[],
  { queries }: DeclaredSchema,
): readonly { readonly plan: QueryPlan; readonly query: PlacedQuery }[] {
  const all = plans.flatMap((plan) => {
    const query = queries.find(({ name }) => name === plan.query);
    return query === undefined ? [] : [{ plan, query }];
  });
  return [...all.filter(({ query }) => !isWriting(query.sql)), ...all.filter(({ query }) => isWriting(query.sql))];
}

/** What times depend on most, as the server has it. */
async function settingsOf(engine: Engine): Promise<string> {
  const names = ['shared_buffers', 'fsync', 'synchronous_commit'];
  const [row] = await engine.query(
    `SELECT ${names.map((name) => `${quoteText(name)} || ' ' || pg_catalog.current_setting(${quoteText(name)})`).join(` || ', ' || `)} AS settings`,
  );
  return row?.['settings'] ?? '';
}

async function runQueries(
  url: string,
  { declared, volumes, plans, given }: MeasureRequest,
  names: ReturnType<typeof namesOf>,
): Promise<{ readonly queries: readonly QueryMeasurement[]; readonly problems: readonly Diagnostic[] }> {
  const clients = await Promise.all(Array.from({ length: given.clients }, () => openTimedClient(url)));
  const queries: QueryMeasurement[] = [];
  const problems: Diagnostic[] = [];
  try {
    for (const { plan, query } of readersFirst(plans, declared)) {
      given.report(`running ${query.name}`);
      try {
        const measured = await measureQuery({ clients, query, plan, volumes, names, seconds: given.seconds });
        const pgbench = await pgbenchBest(url, { plan, query, volumes, clients: given.clients, seconds: Math.min(given.seconds, 3) });
        queries.push({ ...measured, ...(pgbench === undefined ? {} : { pgbench }) });
      } catch (error) {
        if (!(error instanceof PostgresError)) throw error;
        problems.push({
          code: 'query-not-measured',
          severity: 'error',
          message: `the server refuses the query "${query.name}": ${refusalOf(error)}`,
          subject: `query ${query.name}`,
        });
      }
    }
  } finally {
    for (const client of clients) await client.close();
  }
  const inOrder = plans.flatMap(({ query }) => queries.filter((measured) => measured.query === query));
  return { queries: inOrder, problems };
}

function setting(given: BenchArguments, server: string): Pick<Measurements, 'date' | 'server' | 'hardware' | 'clients'> {
  const [cpu] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return {
    date: new Date().toISOString().slice(0, 10),
    server,
    hardware: `${cpus().length} × ${(cpu?.model ?? 'processor').trim()}, ${bytesText(totalmem())} of memory, client on the same machine or near it, load ${load} at the end`,
    clients: given.clients,
  };
}

function rowsOf(volumes: Volumes): Measurements['rows'] {
  return Object.fromEntries([...volumes].map(([id, { volume }]) => [id, volume.rows]));
}

function budgetFindings({ queries }: Measurements, declared: DeclaredSchema): readonly Diagnostic[] {
  return queries.flatMap((measured): readonly Diagnostic[] => {
    const query = declared.queries.find(({ name }) => name === measured.query);
    const most = query?.use.budget.under === undefined ? undefined : millisecondsOf(query.use.budget.under);
    const place = query?.placeAt('budget');
    const at = { subject: `query ${measured.query}`, ...(place === undefined ? {} : { place }) };
    const late: readonly Diagnostic[] =
      most === undefined || measured.p99 <= most
        ? []
        : [
            {
              code: 'query-too-slow',
              severity: 'error',
              message: `99 of 100 calls of "${measured.query}" take up to ${measured.p99.toFixed(2)} ms, more than ${query?.use.budget.under ?? ''}`,
              ...at,
            },
          ];
    const other: readonly Diagnostic[] = measured.isAsPredicted
      ? []
      : [
          {
            code: 'plan-not-predicted',
            severity: 'notice',
            message: `the server plans "${measured.query}" otherwise than predicted:\n${measured.plan.slice(0, 12).join('\n')}`,
            ...at,
          },
        ];
    return [...late, ...other];
  });
}

function keep(workspace: Workspace, measurements: Measurements, scale: readonly string[]): string {
  const folder = join(workspace.root, 'schema', 'measurements');
  const name = scale.length === 0 ? 'as-declared' : scale.map((text) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')).join('-');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(measurements, undefined, 2)}\n`);
  return `schema/measurements/${name}.json`;
}
