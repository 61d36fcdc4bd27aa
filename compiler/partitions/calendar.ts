/**
 * The days on which something will happen to the partitions of a table: which it has, which will be made
 * next and when, which will go. Asked of the grid in the database; nothing is remembered or written down.
 */
import type { Connection } from '../migrate/connection.ts';
import { quoteText } from '../sql/quote.ts';
import type { Rule } from './rules.ts';

/** Something that is to come. */
export interface Coming {
  /** When; null where that depends on keys that are numbers. */
  readonly on: string | null;
  readonly relation: string;
}

export interface Calendar {
  readonly table: string;
  readonly every: string | null;
  readonly retain: string | null;
  /** The window: from where partitions stand to where they end, and how many there are. */
  readonly partitions: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly creations: readonly Coming[];
  readonly retirements: readonly Coming[];
  /** Detached partitions that wait for the end of their grace. */
  readonly drops: readonly Coming[];
}

/** How many days ahead are shown. */
const shown = 3;

/** Each new present makes one more ahead necessary. Times of a key without a zone are turned back into moments. */
function creations(rule: Rule, at: string): string {
  const every = `${quoteText(rule.every ?? '')}::interval`;
  return `
    WITH RECURSIVE span AS (SELECT w.* FROM schemac.partition_window(${quoteText(rule.table)}, ${quoteText(at)}::timestamptz) w),
    coming(number, due, lower) AS (
      SELECT 1, (schemac.partition_cell(span.present, ${every}, span.zone)).upper, span.finish FROM span
      UNION ALL
      SELECT number + 1, (schemac.partition_cell(due, ${every}, span.zone)).upper, (schemac.partition_cell(lower, ${every}, span.zone)).upper
      FROM coming, span WHERE number < ${String(shown)})
    SELECT CASE WHEN span.key_type IN ('date', 'timestamp without time zone') THEN (due AT TIME ZONE 'UTC') AT TIME ZONE ${quoteText(rule.zone)} ELSE due END,
      pg_catalog.format('%I.%I', n.nspname, schemac.partition_name(${quoteText(rule.table)}, schemac.partition_suffix(lower, ${every})))
    FROM coming, span, pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = ${quoteText(rule.table)}::regclass ORDER BY number`;
}

function retirements(rule: Rule, at: string): string {
  const retain = `${quoteText(rule.retain ?? '')}::interval`;
  return `
    WITH span AS (SELECT w.* FROM schemac.partition_window(${quoteText(rule.table)}, ${quoteText(at)}::timestamptz) w)
    SELECT ((e.upper AT TIME ZONE span.zone) + ${retain}) AT TIME ZONE CASE WHEN span.key_type IN ('date', 'timestamp without time zone') THEN ${quoteText(rule.zone)} ELSE span.zone END, e.relation
    FROM span, schemac.partition_list(${quoteText(rule.table)}) e WHERE e.upper > span.expired AND e.upper < 'infinity' ORDER BY e.upper LIMIT ${String(shown)}`;
}

function drops(rule: Rule): string {
  const grace = `${quoteText(rule.grace ?? '0 days')}::interval`;
  return `SELECT t.detached_at + ${grace}, t.relation FROM schemac.partition_retired(${quoteText(rule.table)}) t
    WHERE t.detached_at IS NOT NULL AND NOT t.is_renamed ORDER BY 1, 2 LIMIT ${String(shown)}`;
}

async function coming(connection: Connection, sql: string): Promise<readonly Coming[]> {
  return (await connection.rows(sql)).map(([on, relation]) => ({ on: on ?? null, relation: relation ?? '' }));
}

/** Reads the calendar of one table. */
export async function readCalendar(connection: Connection, rule: Rule, at: string): Promise<Calendar> {
  const [row] = await connection.rows(
    `SELECT count(*), coalesce(min(lower)::text, min(low)::text), coalesce(max(upper)::text, max(high)::text) FROM schemac.partition_list(${quoteText(rule.table)})`,
  );
  const isTime = rule.key !== 'integer';
  const drop = rule.onRetire === 'drop' || (rule.onRetire === 'archive' && rule.grace !== null);
  return {
    table: rule.table,
    every: rule.every,
    retain: rule.retain,
    partitions: Number(row?.[0] ?? '0'),
    from: row?.[1] ?? null,
    to: row?.[2] ?? null,
    creations: isTime ? await coming(connection, creations(rule, at)) : [],
    retirements: isTime && rule.retain !== null ? await coming(connection, retirements(rule, at)) : [],
    drops: drop ? await coming(connection, drops(rule)) : [],
  };
}
