/**
 * An UPDATE of a whole table, or a copy of its rows, as a block that commits batch by batch. psql runs it as it is; the runner
 * asks the same block for one range after the other, and keeps its place in each one's transaction.
 */
import { dollarQuote, quoteText } from './quote.ts';

/** Set by the runner to `OID FROM UNTIL`: the block runs this range and commits nothing. */
export const batchSetting = 'schemac.batch';

/** Set by the block: how many rows the range had. */
export const batchRowsSetting = 'schemac.batch_rows';

/** The second finds what the first could not have met. */
export const rounds = 2;

/** What psql takes at a time: 4 MB of a table with PostgreSQL's usual pages. */
const pagesInBatch = 500;

export interface BatchedUpdate {
  /** Quoted, with its schema. */
  readonly table: string;
  /** What follows SET. */
  readonly set: string;
  /** Which rows still have to be updated. One that was must not be among them: it may lie in a later batch then. */
  readonly where: string;
}

/** The table with everything below it, partitions and heirs alike, as a recursive query named `tree`. */
export function treeOf(table: string): string {
  return `WITH RECURSIVE tree AS (
        SELECT ${quoteText(table)}::pg_catalog.regclass AS part
        UNION SELECT inhrelid::pg_catalog.regclass FROM pg_catalog.pg_inherits JOIN tree ON inhparent = part)`;
}

/** How many pages a part of the table has; none where it stores nothing itself. */
export const pagesOfPart = `pg_catalog.pg_relation_size(part) / pg_catalog.current_setting('block_size')::bigint`;

export interface BatchedCopy {
  /** Quoted, with its schema. */
  readonly table: string;
  readonly into: string;
  /** Quoted, as both have them. */
  readonly columns: string;
  /** Quoted, the columns by which a row that is there already is known. */
  readonly key: string;
}

/** Of a statement on one range of pages: what stands before the name of the part, and what after it. */
interface OnPart {
  readonly before: string;
  readonly after: string;
}

const range = 'ctid >= $1 AND ctid < $2';

/** The DO block of an UPDATE. */
export function batchedUpdate({ table, set, where }: BatchedUpdate): string {
  return batched(table, { before: 'UPDATE ONLY ', after: ` SET ${set} WHERE ${where} AND ${range}` });
}

/**
 * The DO block of a copy. Rows that are there already stay; those that are read are held until the batch
 * ends, so that none is copied that somebody takes away meanwhile.
 */
export function batchedCopy({ table, into, columns, key }: BatchedCopy): string {
  return batched(table, {
    before: `WITH held AS (SELECT ${columns} FROM ONLY `,
    after: ` WHERE ${range} FOR SHARE) INSERT INTO ${into} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM held ON CONFLICT (${key}) DO NOTHING`,
  });
}

/**
 * A batch is a range of pages (TID range scans, 14 and later): it reads its own pages only
 * and needs no key. What was moved back behind the place, or written meanwhile, is met in a second round.
 */
function batched(table: string, statement: OnPart): string {
  const [before, after] = [quoteText(statement.before), dollarQuote(statement.after)];
  return `DO ${dollarQuote(`
DECLARE
  -- Set by the runner, which goes from batch to batch itself: part, first page, page behind the last.
  given text[] := string_to_array(nullif(current_setting('${batchSetting}', true), ''), ' ');
  batch record;
  updated bigint;
BEGIN
  FOR round IN 1..CASE WHEN given IS NULL THEN ${String(rounds)} ELSE 1 END LOOP
    FOR batch IN
      ${treeOf(table)}
      SELECT part, page, page + ${String(pagesInBatch)} AS until
        FROM tree, generate_series(0, ${pagesOfPart} - 1, ${String(pagesInBatch)}) AS page
        WHERE given IS NULL
      UNION ALL
      SELECT oid::regclass, given[2]::bigint, given[3]::bigint FROM pg_catalog.pg_class WHERE oid = given[1]::oid
    LOOP
      EXECUTE ${before} || batch.part || ${after}
        USING format('(%s,0)', batch.page)::tid, format('(%s,0)', batch.until)::tid;
      IF given IS NULL THEN
        COMMIT;
      ELSE
        GET DIAGNOSTICS updated = ROW_COUNT;
        PERFORM set_config('${batchRowsSetting}', updated::text, false);
      END IF;
    END LOOP;
  END LOOP;
END
`)}`;
}
