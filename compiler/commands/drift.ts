/**
 * The verb `drift`: a live database against the schema, or against the migrations that were applied to
 * it. Reads only. What it finds are diagnostics, the gravest first; beside them the SQL that takes the
 * database back.
 */
import { existsSync } from 'node:fs';
import { declaredAs } from '../author/declare-as.ts';
import { diffScript } from '../emit/diff-script.ts';
import { status } from '../migrate/status.ts';
import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { allSummaryLines } from '../plan/summary.ts';
import { findDrift, type Drift, type Finding } from '../sources/drift.ts';
import { makeEngines } from '../sources/engines.ts';
import { openSource } from '../sources/open-source.ts';
import { readDatabase } from '../sources/read-database.ts';
import type { Source, SourceContext } from '../sources/source.ts';
import { workspaceAt, type Workspace } from '../workspace/workspace.ts';
import { engineRequestFor } from './engine-request.ts';
import { reportNotModelled, type NotModelledHandling, type NotModelledReport } from './not-modelled.ts';
import type { CommandResult } from './result.ts';

export interface DriftArguments {
  readonly root: string;
  /** `--url`; DATABASE_URL and then libpq's variables stand in for it. */
  readonly url?: string;
  /** `schema`, `migrations` (those applied to the database), or a SOURCE as `openSource` takes it. */
  readonly against?: string;
  /** What the model has no kind for; noticed where it is absent. */
  readonly notModelled?: NotModelledHandling;
  readonly engine?: string;
  readonly loader: 'esbuild' | 'ts-node';
}

/** Exit code 0 where the database is as it should be, 2 where it has drifted, 1 for what is not modelled where that is refused. */
export async function driftCommand(given: DriftArguments): Promise<CommandResult> {
  const engines = makeEngines(engineRequestFor(given));
  const url = given.url ?? process.env['DATABASE_URL'];
  try {
    const context: SourceContext = { root: given.root, loader: given.loader, engines };
    const database = await readDatabase(url);
    const { source, notices } = await reviewedSource(given, url, context);
    const unmodelled = reportNotModelled({ sources: [database, source], handling: given.notModelled ?? 'noticed' });
    if (unmodelled.refusal !== undefined) return unmodelled.refusal;
    const tables = source.referenceTables ?? [];
    const found = tables.length === 0 ? database : await readDatabase(url, tables);
    const drift = await findDrift(found, source, engines);
    return resultOf({ database: found, reviewed: source, drift, notices, unmodelled });
  } finally {
    await engines.close();
  }
}

interface Reviewed {
  readonly source: Source;
  readonly notices: readonly Diagnostic[];
}

async function reviewedSource(given: DriftArguments, url: string | undefined, context: SourceContext): Promise<Reviewed> {
  const workspace = workspaceAt(given.root);
  const against = given.against ?? (existsSync(workspace.schema) ? 'schema' : 'migrations');
  if (against === 'migrations') return { source: await appliedMigrations(workspace, url, context), notices: [] };
  const source = await openSource(against === 'schema' ? workspace.schema : against, context);
  const hasMigrations = against === 'schema' && existsSync(workspace.migrations);
  return { source, notices: hasMigrations ? await pendingNotice(workspace, url) : [] };
}

async function appliedMigrations(workspace: Workspace, url: string | undefined, context: SourceContext): Promise<Source> {
  const { applied } = await status({ generated: workspace.generated, ...(url === undefined ? {} : { url }) });
  const { readMigrationsFolder } = await import('../sources/read-migrations.ts');
  const names = new Set(applied.map(({ name }) => name));
  return readMigrationsFolder(workspace.migrations, `the ${String(names.size)} migrations that were applied`, context, names);
}

/** What was reviewed and not applied yet is no drift, though it differs. */
async function pendingNotice(workspace: Workspace, url: string | undefined): Promise<readonly Diagnostic[]> {
  const { pending } = await status({ generated: workspace.generated, ...(url === undefined ? {} : { url }) });
  if (pending.length === 0) return [];
  return [
    {
      code: 'migrations-pending',
      severity: 'notice',
      message: `what ${pending.join(', ')} will change shows as drift: not applied yet`,
      hint: 'compare with what was applied: --against migrations',
    },
  ];
}

interface Outcome {
  readonly database: Source;
  readonly reviewed: Source;
  readonly drift: Drift;
  readonly notices: readonly Diagnostic[];
  readonly unmodelled: NotModelledReport;
}

function resultOf({ database, reviewed, drift, notices, unmodelled }: Outcome): CommandResult {
  const { findings, ignored, outsiders } = drift;
  const script = findings.length === 0 ? undefined : scriptOf(database, reviewed, drift);
  const accept = acceptedAs(database, reviewed, findings);
  const found = findings.map((finding) => diagnosticOf(finding, reviewed, accept.get(finding.object)));
  const diagnostics = [...found, ...notices, ...unmodelled.diagnostics, ...drift.diagnostics];
  return {
    exitCode: findings.length === 0 ? 0 : 2,
    diagnostics,
    json: {
      drifted: findings.length > 0,
      database: database.name,
      against: reviewed.name,
      findings: findings.map((finding) => ({ ...finding, ...placeOf(finding, reviewed), accept: accept.get(finding.object) ?? null })),
      ignored,
      outsiders,
      notModelled: unmodelled.entries,
      back: script ?? null,
      diagnostics,
    },
    lines: [
      ...heading(database, reviewed, drift),
      ...(script === undefined ? [] : ['', '-- To take the database back:', script.trimEnd()]),
    ],
  };
}

function scriptOf(database: Source, reviewed: Source, { back }: Drift): string | undefined {
  if (back === undefined) return undefined;
  const summary = allSummaryLines(back.changes, back.renames);
  return diffScript({ from: database.name, to: reviewed.name, target: back.target, summary, transactions: back.transactions });
}

function heading(database: Source, reviewed: Source, { findings, ignored, outsiders }: Drift): readonly string[] {
  const count = findings.length === 1 ? '1 difference' : `${String(findings.length)} differences`;
  return [
    `-- ${database.name} ${findings.length === 0 ? 'is as it should be by' : `has drifted from`} ${reviewed.name}${findings.length === 0 ? '' : `: ${count}`}`,
    ...ignored.map(
      ({ finding, reason, until }) =>
        `-- ignored: ${finding.object} ${words[finding.difference]} (${reason}${until === undefined ? '' : `, until ${until}`})`,
    ),
    ...(outsiders.length === 0 ? [] : [`-- partitions that nobody declared, left alone: ${outsiders.join(', ')}`]),
  ];
}

const words: { readonly [Name in Finding['difference']]: string } = {
  missing: 'is declared and is not in the database',
  undeclared: 'is in the database and is not declared',
  changed: 'is otherwise than declared',
  renamed: 'has another name than declared',
};

function placeOf(finding: Finding, reviewed: Source): Pick<Diagnostic, 'place'> {
  const place = reviewed.declared?.annotations.get(finding.object)?.place;
  return place === undefined ? {} : { place };
}

/** The lines of the schema language that make the database right: what is to be declared, or is to go. */
function acceptedAs(database: Source, reviewed: Source, findings: readonly Finding[]): ReadonlyMap<Address, string> {
  if (reviewed.declared === undefined) return new Map();
  const there = findings.filter(({ difference }) => difference !== 'missing').map(({ object }) => object);
  const gone = findings
    .filter(({ difference }) => difference === 'missing')
    .map(({ object }) => [object, 'remove its declaration'] as const);
  return new Map([...declaredAs(database.state, reviewed.externals, there), ...gone]);
}

function diagnosticOf(finding: Finding, reviewed: Source, accept: string | undefined): Diagnostic {
  const details = finding.attributes.map(({ name, declared, found }) => `${name} is ${shown(found)}, declared ${shown(declared)}`);
  return {
    code: 'drift',
    severity: finding.severity,
    message: [`${finding.object} ${words[finding.difference]}`, ...details].join('; '),
    subject: finding.object,
    ...placeOf(finding, reviewed),
    ...(accept === undefined ? {} : { hint: `take the database back with the SQL below, or accept it in the schema: ${accept}` }),
  };
}

const shownAtMost = 200;

function shown(value: unknown): string {
  const text = value === null ? 'not set' : typeof value === 'string' ? `«${value.replaceAll(/\s+/g, ' ')}»` : JSON.stringify(value);
  return text.length > shownAtMost ? `${text.slice(0, shownAtMost)}…` : text;
}
