/**
 * How many pages relations take, from the widths of their columns: the arithmetic of heap tuples
 * (htup_details.h), pages (bufpage.h) and btree tuples with deduplication (nbtree.h). Numbers in, numbers
 * out; what a column is like is worked out in column-model.ts.
 */

/** A column on disk: bytes with its length word, what it is aligned to, and how often it is NULL. */
export interface StoredColumn {
  readonly bytes: number;
  readonly align: number;
  readonly nulls: number;
  /** Whether it may move out of the row. */
  readonly toastable: boolean;
  /** Lengths that values have, with their shares of those that are not NULL; all are of `bytes` where absent. */
  readonly widths?: readonly (readonly [bytes: number, share: number])[];
}

const pageSize = 8192;
const heapUsable = pageSize - 24;
const treeUsable = pageSize - 24 - 16;
const linePointer = 4;
const aligned = (bytes: number, to: number): number => Math.ceil(bytes / to) * to;

/** TOAST_TUPLE_TARGET: rows above it move their longest values out until they fit (manual §66.2). */
const toastTarget = 2032;
export const toastPointer = 18;

/** A value of varying length with its length word: one byte up to 126 bytes, four above. */
export function storedBytes(bytes: number): number {
  return bytes <= 126 ? bytes + 1 : bytes + 4;
}

/** Sizes with their shares. */
type Sizes = ReadonlyMap<number, number>;

/** Where the last column ends, from the first at 0: an average length would be aligned as no row is. */
function endsOf(columns: readonly StoredColumn[]): Sizes {
  let ends: Sizes = new Map([[0, 1]]);
  for (const { bytes, align, nulls, widths = [[bytes, 1] as const] } of columns) {
    const next = new Map<number, number>();
    const add = (end: number, share: number): unknown => (share > 1e-6 ? next.set(end, (next.get(end) ?? 0) + share) : undefined);
    for (const [end, share] of ends) {
      add(end, share * nulls);
      for (const [width, part] of widths) add(aligned(end, align) + Math.round(width), share * (1 - nulls) * part);
    }
    ends = next;
  }
  return ends;
}

const average = (sizes: Sizes): number => [...sizes].reduce((sum, [size, share]) => sum + size * share, 0);

/** Rows with their headers; one with a NULL has a bitmap in it. Columns are taken to be NULL together. */
function tupleSizes(columns: readonly StoredColumn[]): Sizes {
  const withNull = columns.reduce((most, { nulls }) => Math.max(most, nulls), 0);
  const heads = [aligned(23, 8), aligned(23 + Math.ceil(columns.length / 8), 8)] as const;
  const sizes = new Map<number, number>();
  for (const [end, share] of endsOf(columns)) {
    for (const [head, part] of [[heads[0], 1 - withNull] as const, [heads[1], withNull] as const]) {
      const size = aligned(head + end, 8);
      sizes.set(size, (sizes.get(size) ?? 0) + share * part);
    }
  }
  return sizes;
}

/** Bytes of a row in its page, with its line pointer. */
export function rowBytes(columns: readonly StoredColumn[]): number {
  return Math.round(average(tupleSizes(columns))) + linePointer;
}

/** TOAST_MAX_CHUNK_SIZE: what moved out of a row lies in pieces, four of which fill a page. */
const chunk = 1996;

/** Bytes of what moved out of so many rows, and of the index over its pieces; `before` are the same columns with whole values. */
export function toastBytes(before: readonly Pick<StoredColumn, 'bytes' | 'nulls'>[], after: readonly StoredColumn[], rows: number): number {
  const perRow = before.reduce((sum, { bytes, nulls }, at) => {
    if ((after[at]?.bytes ?? bytes) === bytes) return sum;
    const pieces = Math.ceil(bytes / chunk);
    const last = aligned(36 + (bytes % chunk), 8) + linePointer;
    const entry = (16 + linePointer) / 0.9;
    return sum + (Math.floor(bytes / chunk) * (pageSize / 4) + last + pieces * entry) * (1 - nulls);
  }, 0);
  return Math.round(perRow * rows);
}

/** The columns as rows really hold them: the longest are replaced by a pointer until the row fits. */
export function afterToast<Column extends StoredColumn>(columns: readonly Column[]): readonly Column[] {
  let now = columns;
  while (average(tupleSizes(now)) > toastTarget) {
    const longest = now.filter(({ toastable }) => toastable).reduce((most, { bytes }) => Math.max(most, bytes), 0);
    if (longest <= toastPointer) return now;
    now = now.map((column) => (column.toastable && column.bytes === longest ? { ...column, bytes: toastPointer, align: 1 } : column));
  }
  return now;
}

export function heapPages(rows: number, columns: readonly StoredColumn[], fillfactor: number): number {
  if (rows <= 0) return 0;
  const sizes = tupleSizes(columns);
  const each = average(sizes) + linePointer;
  const fitting = (heapUsable * fillfactor) / 100 / each;
  const variance = [...sizes].reduce((sum, [size, share]) => sum + share * (size + linePointer - each) ** 2, 0);
  // Rows of one length leave the same rest in each page, those of different lengths half a row on average.
  const isEven = Math.sqrt(variance * fitting) < each / 2;
  return Math.ceil(rows / Math.max(1, isEven ? Math.floor(fitting) : fitting - 0.5));
}

export interface IndexSize {
  readonly pages: number;
  /** Levels above the leaves, which a btree alone has. */
  readonly height: number;
}

export interface TreeShape {
  readonly entries: number;
  /** Keys and included columns. */
  readonly columns: readonly StoredColumn[];
  /** Different keys; fewer than the entries are stored once each, with a list of rows. */
  readonly distinct: number;
  readonly fillfactor: number;
}

export function treeSize({ entries, columns, distinct, fillfactor }: TreeShape): IndexSize {
  if (entries <= 0) return { pages: 1, height: 0 };
  const tuple = [...endsOf(columns)].reduce((sum, [end, share]) => sum + aligned(8 + end, 8) * share, 0);
  const shared = Math.max(1, entries / Math.max(1, distinct));
  const perEntry = shared < 1.05 ? tuple + linePointer : (aligned(tuple + 6 * shared, 8) + linePointer) / shared;
  const perLeaf = Math.max(1, Math.floor((treeUsable * fillfactor) / 100 / perEntry) - 1);
  const perInner = Math.max(2, Math.floor((treeUsable * 0.7) / (tuple + linePointer)));
  let level = Math.ceil(entries / perLeaf);
  let pages = level;
  let height = 0;
  while (level > 1) {
    height += 1;
    level = Math.ceil(level / perInner);
    pages += level;
  }
  return { pages: pages + 1, height };
}

/** Pages of an index that is no btree. The planner asks their metapages for the rest and finds an empty index. */
export function otherIndexPages(method: string, entries: number, keyBytes: number, heap: number, pagesPerRange: number): number {
  switch (method) {
    case 'brin':
      // A metapage, one page of the range map a 1,360 ranges, and some 40 bytes a range.
      return 1 + Math.ceil(heap / pagesPerRange / 1360) + Math.ceil((heap / pagesPerRange) * (40 / treeUsable));
    case 'hash':
      return 2 + Math.ceil((entries * 20) / (treeUsable * 0.75));
    default:
      return 2 + Math.ceil((entries * (aligned(keyBytes, 8) + 12)) / (treeUsable * 0.75));
  }
}
