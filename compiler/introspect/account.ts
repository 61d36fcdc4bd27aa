/**
 * Accounts for everything in a database: its objects, and by name whatever no kind has claimed, so
 * that nothing is skipped in silence. Costs a sweep over the catalogs, so only those ask who report.
 */
import type { CatalogIdentity } from '../kinds/contract.ts';
import { gapsQuery } from '../kinds/catalog-gaps.ts';
import { commentsQuery, sweepQuery, sweptBesides } from '../kinds/catalog-sweep.ts';
import { compareText, type State } from '../model/object.ts';
import { readObjects, rowsOf, type CatalogReader } from './introspect.ts';

/** Something that is in the database and in no state. */
export interface NotModelled {
  /** PostgreSQL's word for what it is, as pg_identify_object has it: `aggregate`, `text search parser`. */
  readonly what: string;
  /** Its identity in PostgreSQL's spelling: `public.median(integer)`. */
  readonly name: string;
  readonly why: string;
}

export interface Account {
  readonly state: State;
  /** By what it is and name. */
  readonly notModelled: readonly NotModelled[];
}

interface CommentRow extends CatalogIdentity {
  readonly name: string;
}

/** Reads every object and every entry besides; run inside a transaction with `pinnedSettings` set. */
export async function accountFor(reader: CatalogReader, major: number): Promise<Account> {
  const { state, context } = await readObjects(reader, major);
  const swept = (await rowsOf(reader, sweepQuery(context))) as readonly { readonly catalog: string; readonly oid: number }[];
  const unclaimed = swept.filter((entry) => context.resolve(entry) === undefined);
  const others = (await rowsOf(reader, sweptBesides)) as readonly { readonly what: string; readonly name: string }[];
  const gaps = (await rowsOf(reader, gapsQuery(context))) as unknown as readonly NotModelled[];
  const comments = ((await rowsOf(reader, commentsQuery(context))) as unknown as readonly CommentRow[])
    .filter((comment) => context.resolve(comment) === undefined)
    .map(({ name }) => ({ what: 'comment', name: `on ${name}` }));
  const notModelled = [...(await named(reader, unclaimed)), ...others, ...comments]
    .map(({ what, name }) => ({ what, name, why: reasonOf(what) }))
    .concat(gaps);
  return {
    state,
    notModelled: notModelled.sort((left, right) => compareText(left.what, right.what) || compareText(left.name, right.name)),
  };
}

/** pg_identify_object, unlike pg_describe_object, says the same in every language of the server (manual §9.27). */
async function named(
  reader: CatalogReader,
  entries: readonly { readonly catalog: string; readonly oid: number }[],
): Promise<readonly { readonly what: string; readonly name: string }[]> {
  if (entries.length === 0) return [];
  const list = entries.map(({ catalog, oid }) => `('${catalog}'::regclass, ${oid}::oid)`).join(', ');
  const rows = await rowsOf(
    reader,
    `SELECT o.type AS what, o.identity AS name FROM (VALUES ${list}) entry(catalog, oid), pg_identify_object(entry.catalog, entry.oid, 0) o`,
  );
  return rows.map((row) => ({ what: String(row['what']), name: String(row['name']) }));
}

function reasonOf(what: string): string {
  return what === 'large objects' ? 'they are data and no part of a schema' : `schemac has no kind for it`;
}
