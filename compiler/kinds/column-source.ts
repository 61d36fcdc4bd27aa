/**
 * A column's SQL type as the word of the schema language for it: `varchar({ length: 20 })`. Shared by
 * columns and domains. A type without a word is a `customType` with the text that PostgreSQL prints.
 */
import {
  arrayNode,
  callNode,
  objectNode,
  valueNode,
  type CallNode,
  type Entry,
  type ObjectNode,
  type SourceNode,
} from '../model/source.ts';
import { nameParts } from '../sql/quote.ts';
import type { StorageParameters } from './attribute-types.ts';
import type { AuthorContext } from './author.ts';

/** Words of types that format_type prints without modifiers. */
const plain: { readonly [type: string]: string } = {
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  real: 'real',
  'double precision': 'doublePrecision',
  money: 'money',
  text: 'text',
  boolean: 'boolean',
  uuid: 'uuid',
  date: 'date',
  json: 'json',
  jsonb: 'jsonb',
  bytea: 'bytea',
  inet: 'inet',
  cidr: 'cidr',
  macaddr: 'macaddr',
  point: 'point',
  xml: 'xml',
  tsvector: 'tsvector',
  tsquery: 'tsquery',
  int4range: 'int4range',
  int8range: 'int8range',
  numrange: 'numrange',
  daterange: 'daterange',
  tsrange: 'tsrange',
  tstzrange: 'tstzrange',
};

type Modifier = 'length' | 'precision';

/** Words of types with a modifier in brackets, which may stand in the middle: `timestamp(3) with time zone`. */
const sized: readonly (readonly [start: string, end: string, word: string, modifier: Modifier])[] = [
  ['character varying', '', 'varchar', 'length'],
  ['character', '', 'char', 'length'],
  ['bit varying', '', 'varbit', 'length'],
  ['bit', '', 'bit', 'length'],
  ['numeric', '', 'numeric', 'precision'],
  ['timestamp', ' with time zone', 'timestamptz', 'precision'],
  ['timestamp', ' without time zone', 'timestamp', 'precision'],
  ['time', ' with time zone', 'timetz', 'precision'],
  ['time', ' without time zone', 'time', 'precision'],
  ['interval', '', 'interval', 'precision'],
];

interface Word {
  readonly word: string;
  readonly modifiers: { readonly [name: string]: SourceNode };
}

function sizedWord(type: string): Word | undefined {
  for (const [start, end, word, modifier] of sized) {
    if (!type.startsWith(start) || !type.endsWith(end)) continue;
    const given = type.slice(start.length, type.length - end.length);
    if (given === '') return { word, modifiers: {} };
    const [, size, scale] = /^\((\d+)(?:,(\d+))?\)$/.exec(given) ?? [];
    if (size === undefined || (scale !== undefined && word !== 'numeric')) continue;
    const second = scale === undefined || scale === '0' ? {} : { scale: valueNode(Number(scale)) };
    return { word, modifiers: { [modifier]: valueNode(Number(size)), ...second } };
  }
  return undefined;
}

/** A column of a type, with the options of the column. Modifiers of the type stand after its doc. */
export function columnCall(type: string, options: ObjectNode, context: AuthorContext): CallNode {
  const declared = context.typeNode(type);
  if (declared !== undefined) return callNode('ofType', declared, options);
  const word = Object.hasOwn(plain, type) ? { word: plain[type] ?? '', modifiers: {} } : sizedWord(type);
  if (word !== undefined) return callNode(word.word, withModifiers(options, word));
  if (type.endsWith('[]')) return callNode('arrayOf', columnCall(type.slice(0, -2), objectNode({}), context), options);
  if (isCitext(type, context)) return callNode('citext', options);
  return callNode(callNode('customType', valueNode(type)), options);
}

function withModifiers({ entries }: ObjectNode, { modifiers }: Word): ObjectNode {
  const isDoc = ({ key }: Entry): boolean => key === 'doc';
  const rest = entries.filter((entry) => !isDoc(entry));
  return { node: 'object', entries: [...entries.filter(isDoc), ...objectNode(modifiers).entries, ...rest] };
}

/** The word stands for the type that search_path finds, which is `public` while a schema is elaborated. */
function isCitext(type: string, context: AuthorContext): boolean {
  return (
    type === 'public.citext' && (context.state.get('extension citext')?.attributes as { schema?: string } | undefined)?.schema === 'public'
  );
}

/** A collation as the schema language names it. An unqualified name with a dot in it would be read as qualified. */
export function collationNode(text: string | undefined): SourceNode | undefined {
  if (text === undefined) return undefined;
  const parts = nameParts(text);
  const qualified = parts.length === 1 && parts[0]?.includes('.') === true ? ['pg_catalog', ...parts] : parts;
  return valueNode(qualified.join('.'));
}

/** Storage parameters with numbers and booleans as such; absent where there are none. */
export function storageNode(parameters: StorageParameters): SourceNode | undefined {
  const entries = Object.entries(parameters).map(([key, text]) => ({ key, value: valueNode(parameterValue(text)) }));
  return entries.length === 0 ? undefined : { node: 'object', entries };
}

function parameterValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

/** A list of names, absent where it is empty. */
export function namesNode(names: readonly string[]): SourceNode | undefined {
  return names.length === 0 ? undefined : arrayNode(names.map(valueNode));
}

/** `true`, absent where it is not. */
export function flagNode(flag: boolean): SourceNode | undefined {
  return flag ? valueNode(true) : undefined;
}

/** A word that differs from the usual one, absent where it does not. */
export function unlessUsual(word: string | undefined, usual: string): SourceNode | undefined {
  return word === undefined || word === usual ? undefined : valueNode(word);
}
