/**
 * Accounts for everything in a database: its objects, and by name whatever no kind has claimed, so
 * that nothing is skipped in silence. Costs a sweep over the catalogs, so only those ask who report.
 */
import type { CatalogIdentity, IntrospectionContext } from '../kinds/contract.ts';
import { gapsQuery } from '../kinds/catalog-gaps.ts';
import { commentsQuery, sweepQuery, sweptBesides } from '../kinds/catalog-sweep.ts';
import { compareText, type State } from '../model/object.ts';
import { quoteText } from '../sql/quote.ts';
import { readObjects, rowsOf, withReferenceRows, type CatalogReader, type ReferenceRows } from './introspect.ts';
import { ownSchemas } from '../kinds/own-schemas.ts';

/** Something that is in the database and in no state. */
export interface NotModelled {
  /** PostgreSQL's word for what it is, as pg_identify_object has it: `aggregate`, `text search parser`. */
  readonly what: string;
  /** Its identity in PostgreSQL's spelling: `public.median(integer)`. */
  readonly name: string;
  /** Its schema where it has one of its own. */
  readonly schema?: string;
  readonly why: string;
}

/** `subscription changes`: as patterns and messages name it. */
export function entryName({ what, name }: NotModelled): string {
  return `${what} ${name}`;
}

export interface Account {
  readonly state: State;
  /** By what it is and name. */
  readonly notModelled: readonly NotModelled[];
}

/** Reads every object and every entry besides; run inside a transaction with `pinnedSettings` set. */
export async function accountFor(reader: CatalogReader, major: number, references?: ReferenceRows): Promise<Account> {
  const { state, context } = await readObjects(reader, major);
  return { state: await withReferenceRows(reader, state, references), notModelled: await beside(reader, context) };
}

async function beside(reader: CatalogReader, context: IntrospectionContext): Promise<readonly NotModelled[]> {
  const entries = await named(reader, await unclaimedEntries(reader, context));
  const comments = await named(reader, await unclaimedComments(reader, context));
  const others = (await rowsOf(reader, sweptBesides)) as unknown as readonly Named[];
  const gaps = (await rowsOf(reader, gapsQuery(context))) as unknown as readonly (Named & { readonly why: string })[];
  return [
    ...[...entries, ...others].map((entry) => ({ ...entry, why: reasonOf(entry.what) })),
    ...comments
      // A schema of our own is nobody's to be told of.
      .filter(({ schema }) => !ownSchemas.includes(schema ?? ''))
      .map(({ what, name, schema = null }) => ({ what: 'comment', name: `on ${what} ${name}`, schema, why: reasonOf('comment') })),
    ...gaps,
  ]
    .map(({ what, name, schema = null, why }): NotModelled => ({ what, name, ...(schema === null ? {} : { schema }), why }))
    .sort((left, right) => compareText(left.what, right.what) || compareText(left.name, right.name));
}

/** As pg_identify_object gives it. */
interface Named {
  readonly what: string;
  readonly name: string;
  readonly schema?: string | null;
}

interface Entry {
  /** SQL for the oid of the catalog. */
  readonly catalog: string;
  readonly oid: number;
  readonly sub: number;
}

async function unclaimedEntries(reader: CatalogReader, context: IntrospectionContext): Promise<readonly Entry[]> {
  const catalogs = (await rowsOf(reader, sweepQuery(context))) as readonly { readonly catalog: string; readonly oids: readonly number[] }[];
  return catalogs.flatMap(({ catalog, oids }) =>
    oids
      .filter((oid) => context.resolve({ catalog, oid }) === undefined)
      .map((oid) => ({ catalog: `${quoteText(catalog)}::regclass`, oid, sub: 0 })),
  );
}

interface CommentsOfCatalog extends Pick<CatalogIdentity, 'catalog'> {
  readonly on: number;
  readonly places: readonly (readonly [number, number])[];
}

async function unclaimedComments(reader: CatalogReader, context: IntrospectionContext): Promise<readonly Entry[]> {
  const catalogs = (await rowsOf(reader, commentsQuery(context))) as unknown as readonly CommentsOfCatalog[];
  return catalogs.flatMap(({ catalog, on, places }) =>
    places
      .filter(([oid, sub]) => context.resolve({ catalog, oid, sub }) === undefined)
      .map(([oid, sub]) => ({ catalog: `${on}::oid`, oid, sub })),
  );
}

/** pg_identify_object, unlike pg_describe_object, says the same in every language of the server (manual §9.27). */
async function named(reader: CatalogReader, entries: readonly Entry[]): Promise<readonly Named[]> {
  if (entries.length === 0) return [];
  const list = entries.map(({ catalog, oid, sub }) => `(${catalog}, ${oid}::oid, ${sub})`).join(', ');
  const query = `SELECT o.type AS what, o.identity AS name, o.schema
    FROM (VALUES ${list}) entry(catalog, oid, sub), pg_identify_object(entry.catalog, entry.oid, entry.sub) o`;
  return (await rowsOf(reader, query)) as unknown as readonly Named[];
}

function reasonOf(what: string): string {
  return what === 'large objects' ? 'they are data and no part of a schema' : 'schemac has no kind for it';
}
