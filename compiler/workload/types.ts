/** SQL types of parameters and results: what node-postgres makes of each with its default parsers, and a value to plan with. */
import { proofClock } from '../prove/run.ts';
import { quoteText } from '../sql/quote.ts';

const typescriptTypes: { readonly [type: string]: string } = {
  smallint: 'number',
  integer: 'number',
  oid: 'number',
  real: 'number',
  'double precision': 'number',
  boolean: 'boolean',
  date: 'Date',
  'timestamp with time zone': 'Date',
  'timestamp without time zone': 'Date',
  json: 'unknown',
  jsonb: 'unknown',
  bytea: 'Uint8Array',
  interval: 'object',
  point: 'object',
  void: 'string',
};

/** The TypeScript type of a value; `labels` are those of an enum. */
export function typescriptOf(type: string, labels: readonly string[]): string {
  if (type.endsWith('[]')) {
    const element = typescriptOf(type.slice(0, -2), labels);
    return `${element.includes(' ') ? `(${element})` : element}[]`;
  }
  if (labels.length > 0) return labels.map((label) => JSON.stringify(label)).join(' | ');
  return Object.hasOwn(typescriptTypes, type) ? (typescriptTypes[type] ?? 'string') : 'string';
}

/** A value for a parameter of which no sample was declared. */
export function defaultSample(type: string): string {
  if (type.endsWith('[]')) return quoteText('{}');
  if (/^(smallint|integer|bigint|numeric|real|double precision|oid|money)$/.test(type)) return '1';
  if (type === 'boolean') return 'true';
  if (type === 'date' || type.startsWith('timestamp')) return quoteText(proofClock);
  if (type === 'uuid') return quoteText('00000000-0000-7000-8000-000000000000');
  if (type === 'interval') return quoteText('1 day');
  if (type === 'json' || type === 'jsonb') return quoteText('{}');
  // Text fits what is written as text; whatever else there is plans with NULL.
  return /^(text|character varying|character|name|citext|bytea)$/.test(type) ? quoteText('sample') : 'NULL';
}
