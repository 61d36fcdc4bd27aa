/**
 * Every file of generated/ as text: the migrations that were there and the new one, the lock, the
 * snapshot, schema.sql, diagrams and documents. A pure function of what was compiled.
 */
import { createHash } from 'node:crypto';
import { diff } from '../diff/diff.ts';
import { changeReport } from '../emit/change-report.ts';
import { dbml } from '../emit/dbml.ts';
import { documentPages } from '../emit/markdown/pages.ts';
import { diagrams } from '../emit/mermaid.ts';
import { queryTypes } from '../emit/query-types.ts';
import { schemaSql } from '../emit/schema-sql.ts';
import type { DocumentNode } from '../model/document.ts';
import { compareText, withSourceOf, type State } from '../model/object.ts';
import { makePlan } from '../plan/plan.ts';
import { writeLock } from '../sql/migrations-lock.ts';
import { onlyExternals, withoutExternals } from '../workspace/external.ts';
import type { FileSet } from '../workspace/files.ts';
import { extended, type History } from '../workspace/history.ts';
import { snapshotText } from '../workspace/snapshot.ts';
import type { Compiled } from './compile-schema.ts';
import type { NewMigration } from './new-migration.ts';
import { designDocumentOf, nodesOf } from './design-document.ts';
import type { Measurements, TableCapacity } from '../model/workload.ts';
import { capacityOf } from '../workload/capacity.ts';
import type { PlansApart } from '../workload/reference-queries.ts';
import { volumesOf } from '../workload/volumes.ts';
import { planChanges, plansToKeep, type PlanChange, type PlansBefore } from './plan-changes.ts';

/** Files whose text only the run that made them knows: they are kept as they are. */
export interface KeptFiles {
  readonly history: History;
  /** Change reports by their path, `changes/0001_initial_schema.md`: the migration's whole name, so that two branches never write one file. */
  readonly reports: FileSet;
  /** Hashes of the reports when they were written, by path: an edited report does not become the truth. */
  readonly written: { readonly [path: string]: string };
}

/** How queries and foreign keys are planned, and the plans of old. */
export interface Planned extends PlansApart {
  readonly before: PlansBefore;
  readonly measurements: readonly Measurements[];
}

/** Whether a path below generated/ is one that this compiler writes, now or for another schema. */
export function isOutput(path: string): boolean {
  return /^(migrations\/\d{4,}_[^/]*\.sql|changes\/\d{4,}_[^/]*\.md|docs\/(tables\/)?[^/]+\.md|erd\/[^/]+\.mmd|queries\.ts|[^/]+\.(mmd|sql|dbml))$/.test(
    path,
  );
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function outputsOf(compiled: Compiled, kept: KeptFiles, planned: Planned): FileSet {
  const { plans } = planned;
  const { migrations, declared } = compiled;
  const document = designDocumentOf(compiled.snapshot.state, declared);
  const { lock, texts } = migrations.reduce((history, { name, text }) => extended(history, name, text), kept.history);
  const reports = new Map(kept.reports);
  for (const migration of migrations) {
    // Plans are those of the schema as it is declared: after the last one.
    const shown = migration === migrations.at(-1) ? planChanges(planned.before, plans) : [];
    const after = migration === migrations.at(-1) ? document.nodes : nodesOf(migration.after, declared);
    reports.set(`changes/${migration.name}.md`, reportOf(migration, after, compiled, shown));
  }
  const files: [string, string][] = [
    ...[...texts].map(([name, text]): [string, string] => [`migrations/${name}.sql`, text]),
    ['migrations/migrations.lock', writeLock(lock)],
    ...reports,
    [
      'snapshot.json',
      snapshotText({
        ...compiled.snapshot,
        reports: reportHashes(reports, kept.written),
        ...(plans.length === 0 ? {} : { plans: plansToKeep(plans) }),
      }),
    ],
    ['schema.sql', wholeSchema(compiled)],
    ['schema.dbml', dbml(document)],
    ...diagrams(document),
    ...documentPages(document, {
      plans: new Map(plans.map((plan) => [plan.query, plan])),
      references: planned.references,
      measurements: planned.measurements,
      capacity: capacityDeclared(compiled, planned.partialRows),
      uses: new Map(plans.map(({ query, tables, indexes }) => [query, [...tables, ...indexes]])),
    }),
    ...(plans.length === 0 ? [] : [['queries.ts', queryTypes(plans, declared.queries)] as [string, string]]),
  ];
  return new Map(files);
}

/** Of tables of which somebody said how many rows they have. */
function capacityDeclared({ declared, snapshot }: Compiled, partialRows: PlansApart['partialRows']): readonly TableCapacity[] {
  const volumes = volumesOf(declared);
  const known = new Map([...volumes].filter(([id]) => declared.annotations.get(id)?.expectedRows !== undefined));
  return capacityOf({ objects: [...snapshot.state.values()], volumes: known, partialRows });
}

/** A report that is not there any more is still known by what it was. */
function reportHashes(reports: FileSet, written: KeptFiles['written']): Readonly<Record<string, string>> {
  const paths = [...new Set([...reports.keys(), ...Object.keys(written)])].sort(compareText);
  return Object.fromEntries(paths.map((path) => [path, written[path] ?? hashText(reports.get(path) ?? '')]));
}

/** In the physical order of columns, with expressions as they were written. */
function wholeSchema(compiled: Compiled): string {
  const { snapshot, desired, externals, declared } = compiled;
  const before: State = new Map();
  const managed = withoutExternals(snapshot.state, externals);
  const after: State = new Map([...managed].map(([id, object]) => [id, withSourceOf(object, desired.get(id))]));
  const plan = makePlan({ before, after, changes: diff(before, after), major: declared.project.postgres, annotation: () => ({}) });
  return schemaSql(plan.statements, declared.project.title);
}

function reportOf(migration: NewMigration, nodesAfter: readonly DocumentNode[], compiled: Compiled, plans: readonly PlanChange[]): string {
  const theirs = onlyExternals(migration.after, compiled.externals);
  return changeReport({
    name: migration.name,
    summary: migration.summary,
    before: nodesOf(new Map([...migration.before, ...theirs]), compiled.declared),
    after: nodesAfter,
    changes: migration.changes,
    statements: migration.statements,
    plans,
    allowances: migration.allowances,
    proven: migration.proven,
    undo: migration.undo === undefined ? migration.statements.flatMap((statement) => statement.reverse ?? []).reverse() : [migration.undo],
  });
}
