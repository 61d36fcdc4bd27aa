/**
 * Whether a change of type rewrites the table, by the rule book's T1, T6 and T8 (measured on 14 to
 * 18). What is not known to be free is expected to rewrite; the proof measures it.
 */

interface ParsedType {
  readonly name: string;
  readonly modifiers: readonly number[];
}

function parse(type: string): ParsedType {
  const match = /^(.*?)\s*\((\d+(?:\s*,\s*\d+)*)\)(.*)$/.exec(type);
  if (match === null) return { name: type, modifiers: [] };
  return { name: `${match[1] ?? ''}${match[3] ?? ''}`, modifiers: (match[2] ?? '').split(',').map(Number) };
}

const texts = new Set(['text', 'character varying']);
const withPrecision = new Set([
  'timestamp without time zone',
  'timestamp with time zone',
  'time without time zone',
  'time with time zone',
  'interval',
]);

function widens(before: number | undefined, after: number | undefined): boolean {
  return after === undefined || (before !== undefined && before <= after);
}

/** Types are as format_type prints them; `true` where the heap is written again. */
export function rewritesHeap(before: string, after: string): boolean {
  const from = parse(before);
  const to = parse(after);
  if (texts.has(from.name) && texts.has(to.name)) return !widens(from.modifiers[0], to.modifiers[0]);
  if (from.name === 'numeric' && to.name === 'numeric') {
    const sameScale = (from.modifiers[1] ?? 0) === (to.modifiers[1] ?? 0);
    return !(to.modifiers.length === 0 || (from.modifiers.length > 0 && sameScale && widens(from.modifiers[0], to.modifiers[0])));
  }
  if (from.name === to.name && withPrecision.has(from.name)) return !widens(from.modifiers[0], to.modifiers[0]);
  if (from.name === 'bit varying' && to.name === 'bit varying') return !widens(from.modifiers[0], to.modifiers[0]);
  return true;
}

const wholeNumbers = ['smallint', 'integer', 'bigint'];
const widenings: { readonly [from: string]: readonly string[] } = {
  smallint: ['numeric', 'real', 'double precision', 'text', 'character varying'],
  integer: ['numeric', 'double precision', 'text', 'character varying'],
  bigint: ['numeric', 'text', 'character varying'],
  real: ['double precision', 'text', 'character varying'],
  date: ['timestamp without time zone'],
};
const printed = new Set(['boolean', 'numeric', 'double precision', 'uuid']);

/**
 * Whether a value is as good in the new type as it was in the old one, or is refused: from one to the
 * other nothing is rounded, cut or told in other words. What is not known to be so is not.
 */
export function keepsValues(before: string, after: string): boolean {
  const [from, to] = [parse(before), parse(after)];
  if (to.modifiers.length > 0) return from.name === to.name && !rewritesHeap(before, after);
  if (texts.has(from.name) || printed.has(from.name)) return texts.has(to.name) || !rewritesHeap(before, after);
  if (wholeNumbers.includes(from.name) && wholeNumbers.includes(to.name)) return true;
  return (widenings[from.name]?.includes(to.name) ?? false) || !rewritesHeap(before, after);
}

const characters = new Set(['text', 'character varying', 'character', 'name', 'bpchar']);

/** Casts that PostgreSQL makes only where they are written out (pg_cast, castcontext e). */
const explicitOnly: { readonly [from: string]: readonly string[] } = {
  integer: ['boolean', 'bit', '"char"'],
  boolean: ['integer'],
  bigint: ['bit'],
  bit: ['integer', 'bigint'],
  jsonb: ['boolean', 'smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
};

/** A type that is not PostgreSQL's own is printed with its schema. */
function isOwnType(name: string): boolean {
  return /[."]/.test(name);
}

/**
 * How values get from one type to another where nobody wrote `using`: `undefined` where assignment
 * does it, otherwise the cast. Casts that shorten a text without a word, as varchar(9) to varchar(3)
 * written out would, are left to assignment, which refuses.
 */
export function castBetween(before: string, after: string): ((value: string) => string) | undefined {
  const [from, to] = [parse(before).name, parse(after).name];
  if (before === after) {
    const isArray = after.endsWith('[]');
    return (value) => `${value}::text${isArray ? '[]' : ''}::${after}`;
  }
  if (characters.has(to)) return undefined;
  if (isOwnType(from) || isOwnType(to)) return (value) => `${value}::text::${after}`;
  if (characters.has(from) || explicitOnly[from]?.includes(to) === true) return (value) => `${value}::${after}`;
  return undefined;
}
