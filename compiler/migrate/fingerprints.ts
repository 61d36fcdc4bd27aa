/**
 * One fingerprint an object: a hash of its attributes in the spelling of the server that it lives on.
 * Reads a database's objects, and keeps fingerprints in the runner's own tables; compares nothing.
 */
import { createHash } from 'node:crypto';
import { introspect, pinnedSettings } from '../introspect/introspect.ts';
import type { Address } from '../model/address.ts';
import { compareText } from '../model/object.ts';
import type { SchemaObject, State } from '../model/object.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import type { Connection } from './connection.ts';
import type { Records } from './state-schema.ts';

export type Fingerprints = ReadonlyMap<Address, string>;

export interface Remembered {
  readonly objects: Fingerprints;
  /** Which records of the runner they go with: `recordsKey`. */
  readonly records: string | undefined;
  /** The major version of the server that spelled them. */
  readonly major: number | undefined;
}

/** The value with its keys in order, so that equal attributes are equal text. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([left], [right]) => compareText(left, right)).map(([name, item]) => [name, ordered(item)]));
}

function hash(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(value)), 'utf8')
    .digest('hex')
    .slice(0, 32);
}

export function fingerprintOf(object: SchemaObject): string {
  return hash(object.attributes);
}

/**
 * What the runner recorded, as one text. Fingerprints are good for the records with which they were
 * written and no others: a run that was killed changed the records, and left the fingerprints behind.
 */
export function recordsKey({ migrations, steps }: Records): string {
  return hash([
    migrations.map(({ number, state, chainedHash }) => [number, state, chainedHash]),
    steps.map(({ migration, step, state, parts, part }) => [migration, step, state, parts, part]),
  ]);
}

/** Reads every object of the database but the runner's own, in one snapshot. */
export async function readObjects(connection: Connection, major: number, stateSchema: string): Promise<State> {
  await connection.rows(['BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY', ...pinnedSettings].join(';\n'));
  try {
    const state = await introspect({ query: (sql) => connection.records(sql) }, major);
    // The schema `schemac` is never read; what migrations make in it, as the functions of partitions, is.
    return stateSchema === 'schemac' ? state : new Map([...state].filter(([, { path }]) => path[0] !== stateSchema));
  } finally {
    await connection.rows('COMMIT');
  }
}

export async function readRemembered(connection: Connection, stateSchema: string): Promise<Remembered> {
  const schema = quoteName(stateSchema);
  const [meta] = await connection.rows(`SELECT records, spelled_by FROM ${schema}.meta`);
  const objects = await connection.rows(`SELECT address, fingerprint FROM ${schema}.object`);
  const [records, major] = meta ?? [];
  return {
    objects: new Map(objects.map(([address, fingerprint]) => [address ?? '', fingerprint ?? ''])),
    records: records ?? undefined,
    major: typeof major === 'string' ? Number(major) : undefined,
  };
}

/** Writes down what is new or differs, and takes away what is gone. */
export async function remember(connection: Connection, stateSchema: string, before: Fingerprints, now: Remembered): Promise<void> {
  const schema = quoteName(stateSchema);
  const gone = [...before.keys()].filter((id) => !now.objects.has(id));
  const changed = [...now.objects].filter(([id, fingerprint]) => before.get(id) !== fingerprint);
  const rows = changed.map(([id, fingerprint]) => `(${quoteText(id)}, ${quoteText(fingerprint)})`);
  const statements = [
    'BEGIN',
    ...(gone.length === 0 ? [] : [`DELETE FROM ${schema}.object WHERE address IN (${gone.map(quoteText).join(', ')})`]),
    ...(rows.length === 0
      ? []
      : [`INSERT INTO ${schema}.object VALUES ${rows.join(',\n')} ON CONFLICT (address) DO UPDATE SET fingerprint = EXCLUDED.fingerprint`]),
    `UPDATE ${schema}.meta SET records = ${quoteText(now.records ?? '')}, spelled_by = ${String(now.major ?? 0)}`,
    'COMMIT',
  ];
  await connection.rows(statements.join(';\n'));
}
