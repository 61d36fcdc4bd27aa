/**
 * The names that PostgreSQL prints for argument types: its own types have aliases (manual, table 8.1),
 * and an argument keeps no modifier. Types of others are left as they are written.
 */

const aliases: { readonly [alias: string]: string } = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  float: 'double precision',
  float8: 'double precision',
  float4: 'real',
  bool: 'boolean',
  dec: 'numeric',
  decimal: 'numeric',
  varchar: 'character varying',
  'char varying': 'character varying',
  char: 'character',
  bpchar: 'character',
  nchar: 'character',
  'national character': 'character',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
  varbit: 'bit varying',
};

/** `varchar(20)[3]` is `character varying[]`; quoted names keep their letters. */
export function argumentType(written: string): string {
  const pieces = written.split(/("(?:[^"]|"")*")/);
  const plain = pieces
    .map((piece, place) => (place % 2 === 1 ? piece : piece.replace(/\([^)]*\)/g, ' ').toLowerCase()))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^pg_catalog\./, '');
  const element = plain.replace(/(?:\s*\[\d*\])+$|\s+array$/, '');
  const isFloat4 = /^float\s*\(\s*(?:\d|1\d|2[0-4])\s*\)/i.test(written.trim());
  return `${isFloat4 ? 'real' : (aliases[element] ?? element)}${element === plain ? '' : '[]'}`;
}
