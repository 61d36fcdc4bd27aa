/**
 * What a live database has found out about its own rows: lengths from pg_class, figures from pg_stats.
 * One query that brings numbers alone; values of columns leave the database only where they are asked for.
 */
import type { Engine } from '../engine/engine.ts';
import { quoteText } from '../sql/quote.ts';
import { ownSchemas } from '../kinds/own-schemas.ts';

export interface LiveRelation {
  readonly oid: number;
  /** -1 where nobody has vacuumed or analysed it (manual §51.11, since 14), and it is no partition without a page: that has none. */
  readonly rows: number;
  readonly pages: number;
  readonly visible: number;
  /** Pages of what moved out of the rows. */
  readonly toastPages: number;
}

/** One row of pg_stats, without values. */
export interface LiveColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly inherited: boolean;
  readonly nulls: number;
  readonly width: number;
  /** The number of different values; negative: their share of the rows. */
  readonly distinct: number;
  readonly correlation: number | null;
  /** Shares of the most common values, most common first; which they are is not read. */
  readonly shares: readonly number[] | null;
}

export interface LiveStatistics {
  /** `shop`, and `18.4`. */
  readonly database: string;
  readonly version: string;
  /** ISO date by the server's clock. */
  readonly on: string;
  readonly relations: ReadonlyMap<number, LiveRelation>;
  readonly columns: readonly LiveColumn[];
  /** Settings that plans depend on, as SHOW prints them. */
  readonly settings: { readonly [name: string]: string };
}

const ours = `NOT IN (${['pg_catalog', 'information_schema', ...ownSchemas].map((name) => `'${name}'`).join(', ')})`;
const settingNames = ['random_page_cost', 'seq_page_cost', 'effective_cache_size', 'work_mem', 'max_parallel_workers_per_gather', 'jit'];

const query = `
  SELECT pg_catalog.json_build_object(
    'database', pg_catalog.current_database(), 'version', pg_catalog.current_setting('server_version'),
    'on', pg_catalog.to_char(pg_catalog.now(), 'YYYY-MM-DD'),
    'relations', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('oid', c.oid::bigint, 'rows', CASE WHEN c.reltuples < 0 AND c.relispartition AND pg_catalog.pg_relation_size(c.oid) = 0 THEN 0 ELSE c.reltuples END, 'pages', c.relpages,
        'visible', c.relallvisible, 'toastPages', coalesce((SELECT t.relpages FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid), 0))), '[]')
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND n.nspname ${ours}),
    'columns', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('schema', s.schemaname, 'table', s.tablename, 'column', s.attname,
        'inherited', s.inherited, 'nulls', s.null_frac, 'width', s.avg_width, 'distinct', s.n_distinct, 'correlation', s.correlation,
        'shares', s.most_common_freqs)), '[]') FROM pg_catalog.pg_stats s WHERE s.schemaname ${ours}),
    'settings', (SELECT pg_catalog.json_object_agg(s.name, pg_catalog.current_setting(s.name)) FROM pg_catalog.pg_settings s
      WHERE s.name IN (${settingNames.map((name) => quoteText(name).trim()).join(', ')})))::text AS statistics`;

/** Reads statistics; pg_stats shows a role the columns that it may read, and none of tables whose policies count for it. */
export async function readLiveStatistics(database: Pick<Engine, 'query'>): Promise<LiveStatistics> {
  const [row] = await database.query(query);
  const found = JSON.parse(row?.['statistics'] ?? '{}') as Omit<LiveStatistics, 'relations'> & {
    readonly relations: readonly LiveRelation[];
  };
  return {
    ...found,
    version: found.version.split(' ')[0] ?? found.version,
    relations: new Map(found.relations.map((relation) => [relation.oid, relation])),
  };
}

/** A column of one relation whose common values are read as well. */
export interface ValuesWanted {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

export interface CommonValues extends ValuesWanted {
  readonly inherited: boolean;
  readonly values: readonly string[];
  readonly shares: readonly number[];
}

/** The most common values of the columns that are named, and of no other. */
export async function readCommonValues(database: Pick<Engine, 'query'>, wanted: readonly ValuesWanted[]): Promise<readonly CommonValues[]> {
  if (wanted.length === 0) return [];
  const names = wanted.map(({ schema, table, column }) => `(${[schema, table, column].map((text) => quoteText(text).trim()).join(', ')})`);
  const [row] = await database.query(`
    SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object('schema', s.schemaname, 'table', s.tablename, 'column', s.attname, 'inherited', s.inherited,
      'values', s.most_common_vals::text::text[], 'shares', s.most_common_freqs)), '[]')::text AS found
    FROM pg_catalog.pg_stats s
    WHERE s.most_common_vals IS NOT NULL AND (s.schemaname::text, s.tablename::text, s.attname::text) IN (${names.join(', ')})`);
  return JSON.parse(row?.['found'] ?? '[]') as readonly CommonValues[];
}
