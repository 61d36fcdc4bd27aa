/**
 * Some of the rows on which a statement fails: what the migration's head says finds them, or else
 * the check itself. Reads only, for a few seconds at most, and never makes a failure worse.
 */
import { PostgresError } from '../engine/engine.ts';
import type { MigrationFile, MigrationStep } from '../sql/migration-file.ts';
import { quoteText } from '../sql/quote.ts';
import type { Session } from './session.ts';

const shownRows = 5;
const longestCell = 60;

/** The query of the hazard `data-dependent` of a step, from the lines of the head (`find such rows: …;`). */
export function findingQuery(hazards: readonly string[], step: number): string | undefined {
  const start = hazards.findIndex((line) => line.startsWith(`${String(step)} data-dependent `));
  if (start === -1) return undefined;
  const rest = hazards.slice(start + 1);
  const end = rest.findIndex((line) => /^\d+ [a-z-]+ [a-z-]+ /.test(line));
  const text = (end === -1 ? rest : rest.slice(0, end)).join('\n');
  return /^find such rows: (.*);$/s.exec(text)?.[1];
}

/** Class 22: a value does not fit a type; class 23: a constraint is violated (manual, appendix A). */
function isAboutRows(error: PostgresError): boolean {
  return error.code.startsWith('22') || error.code.startsWith('23');
}

/** Of a check that stands there unvalidated, PostgreSQL can print what to look for. */
async function queryOfCheck(session: Session, step: MigrationStep): Promise<string | undefined> {
  const name = /^valid check (?:.*\.)?("(?:[^"]|"")*"|[^".]+)$/s.exec(step.probe ?? '')?.[1];
  if (name === undefined) return undefined;
  const [row] = await session.worker.rows(
    `SELECT pg_catalog.format('SELECT * FROM %s WHERE NOT (%s)', c.conrelid::pg_catalog.regclass, pg_catalog.pg_get_expr(c.conbin, c.conrelid))
     FROM pg_catalog.pg_constraint c WHERE c.contype = 'c' AND NOT c.convalidated AND c.conname = ${quoteText(name.replace(/^"|"$/g, '').replaceAll('""', '"'))}`,
  );
  return row?.[0] ?? undefined;
}

function shown(names: readonly string[], row: { readonly [column: string]: string | null }): string {
  const cells = names.map((name) => {
    const value = row[name] ?? 'null';
    return `${name}=${value.length > longestCell ? `${value.slice(0, longestCell - 1)}…` : value}`;
  });
  return cells.join(', ').replaceAll(/\s+/g, ' ');
}

async function look(session: Session, query: string): Promise<readonly string[]> {
  const rows = await session.worker.records(
    `BEGIN READ ONLY; SET LOCAL statement_timeout = '10s'; SELECT * FROM (${query}\n) found LIMIT ${String(shownRows + 1)}`,
  );
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.slice(0, shownRows).map((row) => shown(names, row));
  return rows.length > shownRows ? [...lines, `and more: ${query.replaceAll(/\s+/g, ' ')};`] : lines;
}

/** A few of the rows, one line each; none where nothing tells which they are. */
export async function offendingRows(
  session: Session,
  failed: { readonly file: MigrationFile; readonly step: MigrationStep; readonly error: PostgresError },
): Promise<readonly string[]> {
  const { file, step, error } = failed;
  if (!isAboutRows(error)) return [];
  try {
    const query = findingQuery(file.hazards, step.number) ?? (await queryOfCheck(session, step));
    return query === undefined ? [] : await look(session, query);
  } catch (cause) {
    // The query may name what the rolled back transaction was to make.
    if (cause instanceof PostgresError) return [];
    throw cause;
  } finally {
    await session.worker.rows('ROLLBACK');
  }
}
