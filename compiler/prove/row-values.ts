/**
 * Values of a type, as SQL expressions: a few plain ones that differ from each other, and those that
 * constants found in conditions suggest. Deterministic; nothing here asks the engine.
 */
import { quoteText } from '../sql/quote.ts';
import type { Constants } from './row-constants.ts';
import type { ValueType } from './row-catalog.ts';

/** Plain texts first, then shapes that conditions often ask for. */
const plainTexts: readonly string[] = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6'];
const shapedTexts: readonly string[] = [
  'a@example.org',
  'b@example.org',
  'c@example.org',
  'https://example.org/a',
  'https://example.org/b',
  'A',
  'B',
  'C',
  'AB',
  'CD',
  'en',
  'de',
  'fr',
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  '1',
  '2',
  '3',
  '+49301234567',
  '2024-01-15',
  'aaaaaaaaaaaaaaaa',
  '0123456789abcdef',
  '{}',
  '',
];

const integers: readonly string[] = ['1', '2', '3', '4', '5', '6'];
const days: readonly string[] = ['2024-01-15', '2024-02-15', '2024-03-15', '2024-04-15', '2024-05-15', '2024-06-15'];
const number = (digit: number): string => `0000000${digit}`.slice(-8);

/** Literals by pg_type.typname, for types whose category does not tell what they look like. */
const literals: { readonly [name: string]: readonly string[] } = {
  bool: ['true', 'false'],
  uuid: [1, 2, 3, 4, 5, 6].map((digit) => `${number(digit)}-0000-7000-8000-00000000000${digit}`),
  date: days,
  timestamp: days.map((day) => `${day} 10:00:00`),
  timestamptz: days.map((day) => `${day} 10:00:00+00`),
  time: ['08:00', '09:00', '10:30', '12:00', '18:00', '20:15'],
  timetz: ['08:00+00', '09:00+00', '10:30+00', '12:00+00'],
  interval: ['1 day', '2 days', '3 hours', '1 month'],
  json: ['{"a": 1}', '{"b": 2}', '{"c": 3}'],
  jsonb: ['{"a": 1}', '{"b": 2}', '{"c": 3}'],
  jsonpath: ['$.a', '$.b', '$.c'],
  xml: ['<a>1</a>', '<b>2</b>', '<c>3</c>'],
  bytea: ['\\x01', '\\x02', '\\x03', '\\x04'],
  inet: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1'],
  cidr: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'],
  macaddr: ['08:00:2b:01:02:01', '08:00:2b:01:02:02', '08:00:2b:01:02:03'],
  macaddr8: ['08:00:2b:01:02:03:04:01', '08:00:2b:01:02:03:04:02', '08:00:2b:01:02:03:04:03'],
  tsvector: ["'a'", "'b'", "'c'"],
  tsquery: ["'a'", "'b'", "'c'"],
  point: ['(1,1)', '(2,2)', '(3,3)'],
  line: ['{1,2,3}', '{2,3,4}', '{3,4,5}'],
  lseg: ['[(1,1),(2,2)]', '[(3,3),(4,4)]', '[(5,5),(6,6)]'],
  box: ['(1,1),(2,2)', '(3,3),(4,4)', '(5,5),(6,6)'],
  path: ['[(1,1),(2,2)]', '[(3,3),(4,4)]', '[(5,5),(6,6)]'],
  polygon: ['((0,0),(1,0),(1,1))', '((2,2),(3,2),(3,3))', '((4,4),(5,4),(5,5))'],
  circle: ['<(1,1),1>', '<(5,5),1>', '<(9,9),1>'],
  pg_lsn: ['0/1', '0/2', '0/3'],
  pg_snapshot: ['10:20:10', '10:21:10', '10:22:10'],
  txid_snapshot: ['10:20:10', '10:21:10', '10:22:10'],
  money: ['1.00', '2.00', '3.00'],
  regclass: ['pg_catalog.pg_class', 'pg_catalog.pg_type', 'pg_catalog.pg_proc'],
  regtype: ['integer', 'text', 'boolean'],
  hstore: ['a=>1', 'b=>2', 'c=>3'],
  ltree: ['a.a', 'b.b', 'c.c'],
  lquery: ['a.*', 'b.*', 'c.*'],
  cube: ['(1)', '(2)', '(3)'],
  seg: ['1', '2', '3'],
};

/** What to try for a type that is not known by name or category: an extension's. */
const anything: readonly string[] = [
  '1',
  '2',
  '3',
  'a',
  'b',
  'c',
  '(1,1)',
  '{1}',
  '{}',
  '[1,2]',
  '<a>1</a>',
  '978-0-393-04002-9',
  '192.0.2.1',
  'POINT(1 1)',
];

const cast = (literal: string, type: ValueType): string => `${quoteText(literal).trim()}::${type.sql}`;

/** Plain values of a type that differ from each other, at least one where a literal is known. */
export function plainValues(type: ValueType): readonly string[] {
  if (type.form === 'e') return type.labels.map((label) => cast(label, type));
  if (type.form === 'c') return [`jsonb_populate_record(NULL::${type.sql}, '{}')`];
  if (type.form === 'r' || type.form === 'm') return rangeValues(type).map((literal) => cast(literal, type));
  if (type.category === 'A' && type.inner !== undefined) return arrayValues(type, plainValues(type.inner));
  // The explicit cast from integer keeps the right-most bits, where that from text would pad on the right.
  if (type.category === 'V')
    return type.name === 'bit' ? integers.map((digit) => `${digit}::${type.sql}`) : ['1', '10', '11'].map((bits) => cast(bits, type));
  const known = literals[type.name];
  if (known !== undefined) return known.map((literal) => cast(literal, type));
  if (type.category === 'N') return numbersOf(type).map((literal) => cast(literal, type));
  return (type.category === 'S' || type.name === 'char' ? plainTexts : anything).map((literal) => cast(literal, type));
}

/** Numbers that fit the precision: numeric(3,3) holds nothing over 0.999. */
function numbersOf(type: ValueType): readonly string[] {
  const [, precision, scale] = /\((\d+),(-?\d+)\)$/.exec(type.sql) ?? [];
  return Number(precision) - Number(scale) < 1 ? integers.map((digit) => `${digit}e-${scale}`) : integers;
}

/** Whether every plain value is certain to be accepted by the type. */
export function isKnownType(type: ValueType): boolean {
  if (type.inner !== undefined) return type.inner.domainChecks.length === 0 && isKnownType(type.inner);
  return type.form === 'e' || ['S', 'N', 'V'].includes(type.category) || literals[type.name] !== undefined;
}

/** Values for a column that conditions speak about: what their constants suggest first, then plain ones. */
export function conditionedValues(type: ValueType, constants: Constants, defaultText: string | undefined): readonly string[] {
  const plain = plainValues(type);
  const suggested = type.form === 'e' ? [] : suggestedValues(type, constants);
  const fallback = defaultText === undefined ? [] : [`(${defaultText})::${type.sql}`];
  return [...new Set([...suggested, ...plain, ...fallback, ...extraValues(type)])];
}

function suggestedValues(type: ValueType, constants: Constants): readonly string[] {
  const { texts, numbers } = constants;
  if (type.category === 'A' && type.inner !== undefined) return suggestedArrays(type, type.inner, constants);
  if (type.category === 'N') return [...numbers.flatMap((constant) => numbersNear(constant, type)), ...midpoints(numbers, type)];
  if (type.category === 'S')
    return [...texts.flatMap((text) => textsNear(text, type)), ...sizes(numbers).flatMap((size) => textsOfLength(size, type))];
  if (type.category === 'D') return texts.flatMap((text) => timesNear(text, type));
  if (type.category === 'T') return [...texts.map((text) => cast(text, type)), ...texts.map((text) => `(${cast(text, type)} * 2)`)];
  if (type.name === 'json' || type.name === 'jsonb') return documentsWith(texts, type);
  if (type.name === 'bytea')
    return sizes(numbers).flatMap((size) => ['01', '02', '03'].map((byte) => `decode(repeat('${byte}', ${size}), 'hex')`));
  return texts.map((text) => cast(text, type));
}

function extraValues(type: ValueType): readonly string[] {
  if (type.category === 'S') return shapedTexts.map((text) => cast(text, type));
  if (type.category === 'N')
    return ['7', '8', '9', '0', '10', '50', '100', '1000', '-1']
      .filter((digits) => type.name !== 'numeric' || digits.length < 3)
      .map((digits) => cast(digits, type));
  if (type.name === 'json' || type.name === 'jsonb') return ['{}', '[]', '["a"]', '"a"', '1', 'true'].map((text) => cast(text, type));
  return [];
}

const sizes = (numbers: readonly string[]): readonly number[] =>
  [...new Set(numbers.map(Number).flatMap((size) => [size, size - 1, size + 1]))].filter(
    (size) => Number.isInteger(size) && size >= 0 && size <= 5000,
  );

function numbersNear(constant: string, type: ValueType): readonly string[] {
  if (!/^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(constant)) return [];
  const exact = /^-?\d+$/.test(constant);
  if (!exact && /^int/.test(type.name)) return [cast(String(Math.round(Number(constant))), type)];
  const near = exact
    ? [1n, 2n, 3n, -1n, -2n].map((step) => (BigInt(constant) + step).toString())
    : ['0.01', '0.02', '-0.01', '1', '2', '-1'].map((step) => `${constant}::numeric + ${step}`).map((sum) => `(${sum})::${type.sql}`);
  return exact ? [constant, ...near].map((literal) => cast(literal, type)) : [cast(constant, type), ...near];
}

/** What lies between two constants, where open bounds leave nothing near either of them. */
function midpoints(numbers: readonly string[], type: ValueType): readonly string[] {
  const sorted = numbers
    .map(Number)
    .filter(Number.isFinite)
    .sort((left, right) => left - right);
  const middles = sorted.slice(1).map((number, at) => (number + (sorted[at] ?? number)) / 2);
  return middles.map((middle) => cast(/^int/.test(type.name) ? middle.toFixed(0) : String(middle), type));
}

function textsNear(text: string, type: ValueType): readonly string[] {
  return [text, text.toUpperCase(), text.toLowerCase(), `${text}a`, `a${text}`].map((near) => cast(near, type));
}

function textsOfLength(size: number, type: ValueType): readonly string[] {
  return ['a', 'b', 'c', '1', 'A'].map((letter) => `repeat('${letter}', ${size})::${type.sql}`);
}

function timesNear(text: string, type: ValueType): readonly string[] {
  const steps =
    type.name === 'date' || type.name.startsWith('timestamp')
      ? ['1 day', '2 days', '3 days', '1 hour', '-1 day', '1 year']
      : ['1 hour', '-1 hour', '1 minute'];
  const value = cast(text, type);
  return [value, ...steps.map((step) => `(${value} + interval '${step}')::${type.sql}`)];
}

/** Documents that have the keys that a condition names. */
function documentsWith(texts: readonly string[], type: ValueType): readonly string[] {
  if (texts.length === 0) return [];
  const withValue = (value: unknown): string => cast(JSON.stringify(Object.fromEntries(texts.map((text) => [text, value]))), type);
  return [...[1, 2, 'a', 'b', true, [], {}].map(withValue), ...texts.map((text) => cast(JSON.stringify(text), type))];
}

function arrayValues(type: ValueType, elements: readonly string[]): readonly string[] {
  const wide = elements.slice(0, 3);
  return [...elements.slice(0, 4).map((element) => `ARRAY[${element}]::${type.sql}`), `ARRAY[${wide.join(', ')}]::${type.sql}`];
}

function suggestedArrays(type: ValueType, inner: ValueType, constants: Constants): readonly string[] {
  const plain = plainValues(inner);
  const ofSize = sizes(constants.numbers)
    .filter((size) => size <= 40)
    .map((size) => `ARRAY[${Array.from({ length: size }, (_, index) => plain[index % plain.length] ?? 'NULL').join(', ')}]::${type.sql}`);
  const elements = inner.form === 'e' ? [] : suggestedValues(inner, constants);
  return [...elements.slice(0, 8).map((element) => `ARRAY[${element}]::${type.sql}`), ...ofSize, cast('{}', type)];
}

/** Literals of ranges that do not overlap, so that an exclusion constraint takes all of them. */
function rangeValues(type: ValueType): readonly string[] {
  const range = type.form === 'm' ? type.inner : type;
  const subtype = range?.inner;
  const bounds = subtype?.category === 'N' || subtype === undefined ? ['1', '5', '11', '15', '21', '25', '31', '35'] : boundsOf(subtype);
  const ranges = [0, 2, 4, 6].flatMap((at) => (bounds[at + 1] === undefined ? [] : [`[${bounds[at]},${bounds[at + 1]})`]));
  return type.form === 'm' ? ranges.map((text) => `{${text}}`) : ranges;
}

function boundsOf(subtype: ValueType): readonly string[] {
  const known = subtype.form === 'e' ? subtype.labels : (literals[subtype.name] ?? plainTexts);
  return known.map((literal) => `"${literal}"`);
}
