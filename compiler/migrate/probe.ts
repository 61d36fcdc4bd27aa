/**
 * Probes: assertions about the catalogs by which the runner tells whether an interrupted step is
 * done. `present|absent|valid KIND PATH`, the path in the one address grammar. Reads catalogs only;
 * mending what is broken is another file's business.
 */
import { fail } from '../model/diagnostic.ts';
import { parseAddress } from '../model/address.ts';
import { qualifiedName, quoteText } from '../sql/quote.ts';

export const probeKinds = [
  'table',
  'column',
  'index',
  'check',
  'foreign-key',
  'unique',
  'primary-key',
  'exclusion',
  'enum',
  'domain',
  'composite',
  'attribute',
  'range',
  'multirange',
  'statistics',
  'publication',
  'publication-table',
  'sequence',
  'view',
  'materialized-view',
  'schema',
  'extension',
] as const;
export type ProbeKind = (typeof probeKinds)[number];

export interface Probe {
  readonly assertion: 'present' | 'absent' | 'valid';
  readonly kind: ProbeKind;
  readonly path: readonly string[];
}

/** What a probe found: the step is done, is not done, or left something half made. */
export type ProbeOutcome = 'done' | 'not-done' | 'broken';

/** Kinds whose objects may exist without being valid: built or checked in two steps. */
const withValidity: ReadonlySet<ProbeKind> = new Set(['index', 'check', 'foreign-key', 'unique', 'primary-key', 'exclusion']);

/** Reads a probe; `undefined` where the text is none. */
export function parseProbe(text: string): Probe | undefined {
  const match = /^(present|absent|valid) (.+)$/s.exec(text);
  const address = parseAddress(match?.[2] ?? '');
  const kind = probeKinds.find((name) => name === address?.kind);
  if (address === undefined || kind === undefined) return undefined;
  const assertion = match?.[1] as Probe['assertion'];
  if (assertion === 'valid' && !withValidity.has(kind)) return undefined;
  return { assertion, kind, path: address.path };
}

/** Reads a probe that a migration file holds; throws a `DiagnosticError` at its line. */
export function readProbe(text: string, file: string, line: number): Probe {
  return (
    parseProbe(text) ??
    fail('probe-format', `'${text}' is no probe`, {
      place: { file, line, column: 1 },
      hint: `write present, absent or valid, then a kind (${probeKinds.join(', ')}) and a path`,
    })
  );
}

/** A relation by name: search_path decides where the path has no schema, as it did for the statement. */
function relation(path: readonly string[], relkinds: string, validity: string): string {
  const letters = [...relkinds].map(quoteText).join(', ');
  return `SELECT ${validity} FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(${quoteText(qualifiedName(path))}) AND c.relkind IN (${letters})`;
}

function type(path: readonly string[], typtype: 'e' | 'd' | 'r' | 'm'): string {
  return `SELECT true FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype(${quoteText(qualifiedName(path))}) AND t.typtype = ${quoteText(typtype)}`;
}

function constraint(path: readonly string[], contype: string): string {
  const table = quoteText(qualifiedName(path.slice(0, -1)));
  return `SELECT c.convalidated FROM pg_catalog.pg_constraint c WHERE c.conrelid = pg_catalog.to_regclass(${table}) AND c.conname = ${quoteText(path.at(-1) ?? '')} AND c.contype = ${quoteText(contype)}`;
}

function column(path: readonly string[]): string {
  const table = quoteText(qualifiedName(path.slice(0, -1)));
  return `SELECT true FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(${table}) AND a.attname = ${quoteText(path.at(-1) ?? '')} AND a.attnum > 0 AND NOT a.attisdropped`;
}

function statistics(path: readonly string[]): string {
  return `SELECT true FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname = ${quoteText(path[0] ?? '')} AND s.stxname = ${quoteText(path[1] ?? '')}`;
}

function publicationTable(path: readonly string[]): string {
  const table = quoteText(qualifiedName(path.slice(1)));
  return `SELECT true FROM pg_catalog.pg_publication_rel m JOIN pg_catalog.pg_publication p ON p.oid = m.prpubid WHERE p.pubname = ${quoteText(path[0] ?? '')} AND m.prrelid = pg_catalog.to_regclass(${table})`;
}

function named(catalog: string, nameColumn: string, path: readonly string[]): string {
  return `SELECT true FROM pg_catalog.${catalog} WHERE ${nameColumn} = ${quoteText(path.at(-1) ?? '')}`;
}

const queries: { readonly [Kind in ProbeKind]: (path: readonly string[]) => string } = {
  table: (path) => relation(path, 'rpf', 'true'),
  column,
  // indisready and indislive fall when DROP INDEX CONCURRENTLY stops half-way; such an index is not valid either.
  index: (path) =>
    relation(path, 'iI', '(SELECT i.indisvalid AND i.indisready AND i.indislive FROM pg_catalog.pg_index i WHERE i.indexrelid = c.oid)'),
  check: (path) => constraint(path, 'c'),
  'foreign-key': (path) => constraint(path, 'f'),
  unique: (path) => constraint(path, 'u'),
  'primary-key': (path) => constraint(path, 'p'),
  exclusion: (path) => constraint(path, 'x'),
  enum: (path) => type(path, 'e'),
  domain: (path) => type(path, 'd'),
  // Every table has a composite type of its own in pg_type, which is none of these.
  composite: (path) => relation(path, 'c', 'true'),
  attribute: column,
  range: (path) => type(path, 'r'),
  multirange: (path) => type(path, 'm'),
  statistics,
  publication: (path) => named('pg_publication', 'pubname', path),
  'publication-table': publicationTable,
  sequence: (path) => relation(path, 'S', 'true'),
  view: (path) => relation(path, 'v', 'true'),
  'materialized-view': (path) => relation(path, 'm', 'true'),
  schema: (path) => named('pg_namespace', 'nspname', path),
  extension: (path) => named('pg_extension', 'extname', path),
};

/** The catalog query of a probe: no row where the object is missing, else one cell: is it valid. */
export function probeQuery(probe: Probe): string {
  return queries[probe.kind](probe.path);
}

/** What the rows of `probeQuery` mean for the step. */
export function probeOutcome(probe: Probe, rows: readonly (readonly (string | null)[])[]): ProbeOutcome {
  const [row] = rows;
  if (probe.assertion === 'absent') return row === undefined ? 'done' : 'not-done';
  if (row === undefined) return 'not-done';
  return probe.assertion === 'valid' && row[0] !== 't' ? 'broken' : 'done';
}
