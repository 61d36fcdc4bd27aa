/**
 * The whole schema as one SQL text, in the physical column order of a migrated database: for reading
 * and for comparing, not for applying.
 */
import type { Statement } from '../model/statement.ts';

export function schemaSql(statements: readonly Statement[], title: string): string {
  const lines = statements.map((statement) => (statement.step === 'expand' ? `${statement.sql} \\gexec` : `${statement.sql};`));
  return [
    `-- ${title}: the schema after the last migration, written by schemac. For reading; apply generated/migrations.`,
    '',
    ...lines.flatMap((line) => [line, '']),
  ].join('\n');
}
