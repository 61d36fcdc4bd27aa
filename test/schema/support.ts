/** The repo's own schema as the compiler loads it, and a database made from it, to be asked and filled by tests. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine, EngineRow } from '../../compiler/engine/engine.ts';
import { openEngine } from '../../compiler/engine/open.ts';
import { diff } from '../../compiler/diff/diff.ts';
import { load } from '../../compiler/load/load.ts';
import type { DeclaredSchema } from '../../compiler/model/declared.ts';
import { stateOf } from '../../compiler/model/object.ts';
import { makePlan } from '../../compiler/plan/plan.ts';
import { runStep } from '../../compiler/prove/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function loadDigestSchema(): Promise<DeclaredSchema> {
  return load({
    root,
    folder: 'schema',
    loader: 'esbuild',
    dslModule: fileURLToPath(new URL('../../compiler/dsl/index.ts', import.meta.url)),
  });
}

export function openEmpty(): Promise<Engine> {
  return openEngine({ cacheFolder: join(tmpdir(), 'schemac-test-cache') });
}

/** Makes everything that is declared, the first partitions included. The clock is fixed: 24 November 2026. */
export async function buildDatabase(engine: Engine, declared: DeclaredSchema): Promise<void> {
  await engine.execute("SET schemac.at = '2026-11-24 12:00+00'; SET TimeZone = 'UTC'");
  const before = new Map();
  const after = stateOf(declared.objects);
  const plan = makePlan({ before, after, changes: diff(before, after), major: engine.identity.major, annotation: () => ({}) });
  for (const statement of plan.statements) await runStep(engine, statement);
}

/** A query with `:name` parameters as PREPARE takes it, and their names in order. A cast `::type` is none. */
export function numbered(sql: string): { readonly sql: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  const text = sql.replace(/(?<!:):([a-z_]+)/g, (_, name: string) => {
    if (!parameters.includes(name)) parameters.push(name);
    return `$${String(parameters.indexOf(name) + 1)}`;
  });
  return { sql: text, parameters };
}

/** A value in a test's SQL; JSON is given as text. */
export type Value = string | number | boolean | null;

/** `PREPARE` and `EXECUTE` of a declared query, its parameters given by name. */
export function prepared(
  declared: DeclaredSchema,
  name: string,
  values: { readonly [parameter: string]: Value },
): { readonly prepare: string; readonly execute: string } {
  const query = declared.queries.find((each) => each.name === name);
  if (query === undefined) throw new Error(`no query is named ${name}`);
  const { sql, parameters } = numbered(query.sql);
  const unknown = Object.keys(values).filter((parameter) => !parameters.includes(parameter));
  if (unknown.length > 0) throw new Error(`${name} has no parameter ${unknown.join(', ')}`);
  const list = parameters.map((parameter) => written(values[parameter], `${name}.${parameter}`));
  return { prepare: `PREPARE asked AS ${sql}`, execute: `EXECUTE asked${list.length === 0 ? '' : `(${list.join(', ')})`}` };
}

/** Runs a declared query as the application would. */
export async function ask(
  engine: Engine,
  declared: DeclaredSchema,
  name: string,
  values: { readonly [parameter: string]: Value } = {},
  prefix = '',
): Promise<readonly EngineRow[]> {
  const { prepare, execute } = prepared(declared, name, values);
  await engine.execute(prepare);
  try {
    return await engine.query(`${prefix}${execute}`);
  } finally {
    await engine.execute('DEALLOCATE asked');
  }
}

function written(value: Value | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} is not given`);
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
