/**
 * Turns sql`` values into SQL text and the addresses that the text needs. Everything interpolated is
 * quoted through sql/quote.ts; what cannot be written safely is a mistake, never text.
 */
import type { Address } from '../model/address.ts';
import { qualifiedName, quoteName, quoteText } from '../sql/quote.ts';
import { wordOf } from '../dsl/declaration.ts';
import type { Declaration, Origin } from '../dsl/declaration.ts';
import type { Literal, Name, Sql } from '../dsl/sql.ts';
import { relationPath } from './relation-path.ts';
import type { Context } from './context.ts';

export interface RenderedSql {
  readonly text: string;
  readonly needs: readonly Address[];
}

/** A stretch of rendered text that stands in a template as it is. */
export interface SqlSpan {
  readonly start: number;
  readonly end: number;
  readonly template: Sql;
  /** Which of the template's strings. */
  readonly piece: number;
}

/** Where a piece of SQL stands, for mistakes in it. */
export interface SqlPlace {
  readonly at: Origin;
  readonly keys: readonly string[];
  /** `the default of column "x"`, for messages. */
  readonly what: string;
}

/** SQL text of a value that may be SQL, a literal, a number or a boolean. A bare string is refused. */
export function renderSql(value: unknown, place: SqlPlace, context: Context): RenderedSql {
  const needs: Address[] = [];
  const word = wordOf(value);
  if (word === 'sql') return { text: renderTemplate(value as Sql, needs, place, context).trim(), needs };
  if (word === 'literal') return { text: literalText((value as Literal).value).trim(), needs };
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return { text: literalText(value), needs };
  }
  const written = typeof value === 'string' ? JSON.stringify(value) : String(value);
  context.report({
    code: 'raw-string-in-sql',
    message: `${place.what} is ${typeof value === 'string' ? 'a bare string' : written}, not SQL`,
    hint: `write sql\`…\` for an expression${typeof value === 'string' ? `, or literal(${written}) for the text itself` : ''}`,
    at: place.at,
    keys: place.keys,
  });
  return { text: 'NULL', needs };
}

/** The body of a routine as it is kept, its space at both ends too: SQL with interpolations, or a text. */
export function renderBody(value: Sql | string, place: SqlPlace, context: Context): RenderedSql {
  const needs: Address[] = [];
  if (typeof value === 'string') return { text: value, needs };
  if (wordOf(value) !== 'sql') return renderSql(value, place, context);
  return { text: renderTemplate(value, needs, place, context), needs };
}

/** A value as an SQL literal. */
export function literalText(value: string | number | bigint | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoteText(value);
  // Written as text, these are values of float types: 'NaN', 'Infinity' (manual §8.1.3).
  if (typeof value === 'number' && !Number.isFinite(value)) return quoteText(String(value));
  return String(value);
}

/** Which stretches of a template's text, as `renderSql` renders it, stand in which template. */
export function spansOf(value: Sql, context: Context): readonly SqlSpan[] {
  const quiet = { ...context, report: () => undefined };
  const spans: SqlSpan[] = [];
  const text = collectSpans(value, 0, spans, quiet);
  // The text is trimmed when it is rendered.
  const trimmed = text.length - text.trimStart().length;
  return spans.map((span) => ({ ...span, start: span.start - trimmed, end: span.end - trimmed }));
}

function collectSpans(value: Sql, from: number, spans: SqlSpan[], context: Context): string {
  let text = '';
  value.strings.forEach((piece, position) => {
    const start = from + text.length;
    spans.push({ start, end: start + piece.length, template: value, piece: position });
    text += piece;
    if (position >= value.parts.length) return;
    const part = value.parts[position];
    const inner = typeof part === 'function' ? valueOf(part) : part;
    text +=
      wordOf(inner) === 'sql'
        ? collectSpans(inner as Sql, from + text.length, spans, context)
        : renderPart(part, value, [], { at: value.origin, keys: [], what: '' }, context);
  });
  return text;
}

function renderTemplate(value: Sql, needs: Address[], place: SqlPlace, context: Context): string {
  const pieces: string[] = [];
  value.strings.forEach((piece, position) => {
    pieces.push(piece);
    if (position < value.parts.length) pieces.push(renderPart(value.parts[position], value, needs, place, context));
  });
  return pieces.join('');
}

function renderPart(part: unknown, within: Sql, needs: Address[], place: SqlPlace, context: Context): string {
  if (typeof part === 'number' || typeof part === 'bigint' || typeof part === 'boolean') {
    const text = literalText(part);
    // Two minus signs in a row would begin a comment.
    return text.startsWith('-') ? `(${text})` : text;
  }
  if (typeof part === 'function') return renderPart(valueOf(part as () => unknown), within, needs, place, context);
  switch (wordOf(part)) {
    case 'sql':
      return renderTemplate(part as Sql, needs, place, context);
    case 'literal':
      return literalText((part as Literal).value);
    case 'name':
      return qualifiedName((part as Name).path);
    default:
      return renderDeclared(part, within, needs, place, context);
  }
}

/** What a function gives; one that throws, as a variable before its time does, gives nothing. */
function valueOf(part: () => unknown): unknown {
  try {
    return part();
  } catch {
    return undefined;
  }
}

function renderDeclared(part: unknown, within: Sql, needs: Address[], place: SqlPlace, context: Context): string {
  const word = wordOf(part);
  const address = context.addressOf.get(part as Declaration);
  const text = word === undefined ? undefined : declaredText(word, part as Declaration & { readonly name: string });
  if (text !== undefined) {
    if (address !== undefined) needs.push(address);
    else if (word !== 'schema') reportUndeclared(part as { readonly name: string }, word ?? '', within, place, context);
    return text;
  }
  const isText = typeof part === 'string';
  context.report({
    code: isText ? 'raw-string-in-sql' : 'value-in-sql',
    message: isText
      ? `${place.what} has the bare string ${JSON.stringify(part)} interpolated`
      : `${place.what} has ${part === undefined ? 'undefined' : 'a value of no use in SQL'} interpolated`,
    hint: isText
      ? 'write literal(…) for a value, name(…) for a name, or sql`…` for SQL'
      : part === undefined
        ? 'if it is imported, files import each other in a circle: write `${() => thing}` instead of `${thing}`'
        : 'interpolate tables, columns, types, name(…), literal(…), numbers or sql`…`',
    at: within.origin,
  });
  return 'NULL';
}

function declaredText(word: string, part: Declaration & { readonly name: string }): string | undefined {
  switch (word) {
    case 'table':
    case 'view':
    case 'materialized view':
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range type':
    case 'multirange':
    case 'function':
    case 'procedure':
      return qualifiedName(relationPath(part));
    case 'sequence':
      // What nextval() and its like take.
      return `${quoteText(qualifiedName(relationPath(part)))}::regclass`;
    case 'column':
      return part.name === undefined ? undefined : quoteName(part.name);
    case 'schema':
      return quoteName(part.name);
    default:
      return undefined;
  }
}

function reportUndeclared(part: { readonly name: string }, word: string, within: Sql, place: SqlPlace, context: Context): void {
  context.report({
    code: 'unknown-reference',
    message: `${place.what} names the ${word} "${part.name}", which no file of the schema exports`,
    hint: 'export it: only what is exported is part of the schema',
    at: within.origin,
  });
}
