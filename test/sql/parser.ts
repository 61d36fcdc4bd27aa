/**
 * PostgreSQL's own parser as the judge of where statements begin and end; used by tests alone.
 */
import { loadModule, parseSync } from 'libpg-query';

export interface ParsedStatement {
  readonly node: string;
  /** The statement's own text, as the parser cut it. */
  readonly text: string;
}

interface RawStatement {
  readonly stmt: object;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

await loadModule();

/** The statements of a text; throws what PostgreSQL says of a syntax error. */
export function parseStatements(sql: string): readonly ParsedStatement[] {
  const bytes = Buffer.from(sql, 'utf8');
  const { stmts = [] } = parseSync(sql) as { readonly stmts?: readonly RawStatement[] };
  return stmts.map(({ stmt, stmt_location: start = 0, stmt_len: length }) => ({
    node: JSON.stringify(withoutPlaces(stmt)),
    text: bytes.subarray(start, length === undefined || length === 0 ? undefined : start + length).toString('utf8'),
  }));
}

/** A parse tree without the offsets in it, so that trees of two texts can be compared. */
function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (typeof node !== 'object' || node === null) return node;
  const places = new Set([
    'location',
    'stmt_location',
    'stmt_len',
    'list_start',
    'list_end',
    'rexpr_list_start',
    'rexpr_list_end',
    'name_location',
  ]);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !places.has(key))
      .map(([key, value]) => [key, withoutPlaces(value)]),
  );
}
