/**
 * The verb `volumes`: what a database's own statistics say of the declared tables becomes
 * schema/volumes.ts. Numbers alone leave the database; values only of columns that are named, or that
 * the schema itself lists, and never of personal data. Reads only; no right is needed but SELECT.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresError } from '../engine/engine.ts';
import { volumesFile, volumesHeader } from '../emit/volumes-file.ts';
import { pinnedSettings } from '../introspect/introspect.ts';
import { isColumn } from '../kinds/guards.ts';
import { load } from '../load/load.ts';
import { connect } from '../migrate/connection.ts';
import { describeUrl } from '../migrate/describe-url.ts';
import { address } from '../model/address.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import { DiagnosticError, fail, type Diagnostic } from '../model/diagnostic.ts';
import { readRelations, type PlannedRelation } from '../workload/catalog.ts';
import {
  readCommonValues,
  readLiveStatistics,
  type CommonValues,
  type LiveStatistics,
  type ValuesWanted,
} from '../workload/live-statistics.ts';
import { measure, type Measured } from '../workload/measured-volumes.ts';
import { volumesOf } from '../workload/volumes.ts';
import { writeFiles } from '../workspace/files.ts';
import { workspaceAt } from '../workspace/workspace.ts';
import type { CommandResult, Report } from './result.ts';
import { volumesNotes } from './volumes-notes.ts';

export interface VolumesArguments {
  readonly root: string;
  readonly loader: 'esbuild' | 'ts-node';
  /** Without it DATABASE_URL, then libpq's variables and .pgpass say which database. */
  readonly url?: string;
  /** Columns whose most common values are written: `digests.kind`, `shop.orders.state`. */
  readonly values: readonly string[];
  readonly writing: 'write' | 'show';
  readonly existing: 'keep' | 'overwrite';
  readonly report: Report;
}

const fileName = 'volumes.ts';

/** Throws a `DiagnosticError` for what is wrong with schema, database or options; then nothing is written. */
export async function volumesCommand(given: VolumesArguments): Promise<CommandResult> {
  const workspace = workspaceAt(given.root);
  const declared = await load({ root: workspace.root, folder: 'schema', loader: given.loader });
  if (declared.diagnostics.some(({ severity }) => severity === 'error')) throw new DiagnosticError(declared.diagnostics);
  const wanted = valuesWanted(declared, given.values);
  const path = join(workspace.root, 'schema', fileName);
  const isTheirs = existsSync(path) && !readFileSync(path, 'utf8').startsWith(volumesHeader);
  if (isTheirs && given.existing === 'keep' && given.writing === 'write')
    fail('file-exists', `schema/${fileName} is there already, and not written by schemac volumes`, {
      hint: 'look at what would be written with --dry-run, or overwrite it with --force',
    });
  given.report('reading statistics');
  const { relations, statistics, common } = await readStatistics(given.url ?? process.env['DATABASE_URL'], declared, wanted);
  const measured = measure({ relations, statistics, common, volumes: volumesOf(declared) });
  const source = `${statistics.database} (PostgreSQL ${statistics.version})`;
  const text = volumesFile({ source, on: statistics.on, tables: measured.tables });
  if (given.writing === 'write' && measured.tables.length > 0)
    await writeFiles(join(workspace.root, 'schema'), new Map([[fileName, text]]), { order: [], isOurs: () => false });
  const diagnostics = volumesNotes({ measured, statistics, declared });
  return {
    exitCode: measured.tables.length === 0 ? 1 : 0,
    diagnostics,
    json: { tables: measured.tables, gaps: measured.gaps, settings: statistics.settings, diagnostics },
    lines: given.writing === 'show' ? text.trimEnd().split('\n') : summary(measured),
  };
}

function summary({ tables }: Measured): readonly string[] {
  return tables.length === 0
    ? ['nothing written: the statistics know no declared table']
    : [`wrote schema/${fileName}: ${tables.length} table${tables.length === 1 ? '' : 's'}`, 'see what changes: npx schemac plans'];
}

interface Read {
  readonly relations: readonly PlannedRelation[];
  readonly statistics: LiveStatistics;
  readonly common: readonly CommonValues[];
}

async function readStatistics(url: string | undefined, declared: DeclaredSchema, wanted: readonly ValuesWanted[]): Promise<Read> {
  const connection = await connect({ url, applicationName: 'schemac volumes' });
  try {
    await connection.rows(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${pinnedSettings.join('; ')}`);
    const database = { query: (sql: string) => connection.records(sql) };
    const relations = await readRelations(database);
    const statistics = await readLiveStatistics(database);
    const listed = listedByTheSchema(declared, relations);
    return { relations, statistics, common: await readCommonValues(database, withPartitions([...wanted, ...listed], relations)) };
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    return fail('database', `the statistics of ${describeUrl(url)} cannot be read: ${error.message} [${error.code}]`);
  } finally {
    await connection.close();
  }
}

/** Why a column's values stay where they are, where they do. */
function personal(declared: DeclaredSchema, { schema, table, column }: ValuesWanted): string | undefined {
  return declared.annotations.get(address('column', schema, table, column))?.pii;
}

function valuesWanted(declared: DeclaredSchema, texts: readonly string[]): readonly ValuesWanted[] {
  const columns = declared.objects.filter(isColumn).map(({ path: [schema = '', table = '', column = ''] }) => ({ schema, table, column }));
  const problems: Diagnostic[] = [];
  const found = texts.flatMap((text) => {
    const one = columns.find(({ schema, table, column }) => text === `${table}.${column}` || text === `${schema}.${table}.${column}`);
    const why = one === undefined ? undefined : personal(declared, one);
    if (one === undefined)
      problems.push({
        code: 'unknown-column',
        severity: 'error',
        message: `--values ${text} names no declared column`,
        hint: 'write --values digests.kind, or with the schema before it',
      });
    else if (why !== undefined)
      problems.push({
        code: 'personal-values',
        severity: 'error',
        message: `the values of ${text} are personal data and stay in the database: ${why}`,
        hint: 'declare figures alone: distinct, nulls, width',
      });
    else return [one];
    return [];
  });
  if (problems.length > 0) throw new DiagnosticError(problems);
  return found;
}

/** Values of booleans and enums stand in the schema; only how common each is comes from the database. */
function listedByTheSchema(declared: DeclaredSchema, relations: readonly PlannedRelation[]): readonly ValuesWanted[] {
  return relations.flatMap(({ schema, name, columns }) =>
    columns
      .filter(({ type, category }) => type === 'boolean' || category === 'E')
      .map((column) => ({ schema, table: name, column: column.name }))
      .filter((wanted) => {
        const known = declared.annotations.has(address('column', schema, name, wanted.column));
        return known && personal(declared, wanted) === undefined;
      }),
  );
}

/** Each column in the table itself and in all that is below it. */
function withPartitions(wanted: readonly ValuesWanted[], relations: readonly PlannedRelation[]): readonly ValuesWanted[] {
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]));
  const rootOf = (relation: PlannedRelation): PlannedRelation => {
    const parent = relation.parent === null ? undefined : byOid.get(relation.parent);
    return parent === undefined ? relation : rootOf(parent);
  };
  return wanted.flatMap((each) =>
    relations
      .filter((relation) => rootOf(relation).schema === each.schema && rootOf(relation).name === each.table)
      .map(({ schema, name }) => ({ schema, table: name, column: each.column })),
  );
}
