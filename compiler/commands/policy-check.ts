/**
 * The project's policy held against every migration, those that are about to be written among them,
 * and the declared rows that a migration's head keeps for it.
 */
import { policyFindings, tableOf, type JudgedMigration } from '../lint/policy.ts';
import type { DeclaredSchema } from '../model/declared.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareText } from '../model/object.ts';
import type { Statement } from '../model/statement.ts';
import { writeRowsLine } from '../sql/head-lines.ts';
import { readMigration } from '../sql/migration-file.ts';
import { readHead } from '../sql/migration-head.ts';
import type { History } from '../workspace/history.ts';
import type { NewMigration } from './new-migration.ts';

/** Nothing where the project has no policy. */
export function checkPolicy(declared: DeclaredSchema, history: History, added: readonly NewMigration[]): readonly Diagnostic[] {
  const { policy } = declared.project;
  if (policy === undefined) return [];
  const migrations = [
    ...[...history.texts].map(([name, text]) => judged(name, text)),
    ...added.map(({ name, text, placeOf }) => judged(name, text, placeOf ?? (() => undefined))),
  ];
  return policyFindings(policy, migrations, (table) => declared.annotations.get(table)?.expectedRows);
}

/** `placeOf` of a migration that is in no file yet: where somebody wrote its statement, if anybody did. */
function judged(name: string, text: string, placeOf?: NonNullable<NewMigration['placeOf']>): JudgedMigration {
  const file = `generated/migrations/${name}.sql`;
  return {
    name,
    head: readHead(text, file),
    step: (number) => {
      const steps = readMigration(text, file).transactions.flatMap((transaction) => transaction.steps);
      const step = steps.find((each) => each.number === number);
      const place = placeOf === undefined ? { file, line: step?.line ?? 1, column: 1 } : placeOf(number);
      return { purpose: step?.purpose ?? '', ...(place === undefined ? {} : { place }) };
    },
  };
}

/** The rows of what statements touch, as they are declared now: a table that grows later makes no old migration wrong. */
export function rowsLines(statements: readonly Statement[], { project, annotations }: DeclaredSchema): readonly string[] {
  if (project.policy === undefined) return [];
  const tables = statements.flatMap(({ locks, hazards }) => [
    ...locks.map(({ relation }) => relation),
    ...hazards.map(({ subject }) => tableOf(subject)),
  ]);
  return [...new Set(tables)].sort(compareText).flatMap((table) => {
    const rows = annotations.get(table)?.expectedRows;
    return rows === undefined ? [] : [writeRowsLine(table, rows)];
  });
}
