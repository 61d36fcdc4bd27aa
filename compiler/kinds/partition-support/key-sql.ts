/**
 * SQL of partition keys: a moment as a value of the key and back, for keys that are times and for ids
 * that hold one; and the partitions of a table with what their bounds mean. Known by pg_inherits and
 * bounds, never by names.
 */
import { pinned } from './grid-sql.ts';

/**
 * A UUIDv7 begins with 48 bits of milliseconds since 1970 (RFC 9562, 5.7); a snowflake is a bigint of
 * milliseconds since an epoch of its own, above some bits of worker and sequence.
 */
export const momentFunction = `CREATE OR REPLACE FUNCTION schemac.partition_moment(value text, rule schemac.partition_rule) RETURNS timestamptz
LANGUAGE sql STABLE
${pinned}
AS $$
  SELECT CASE ($2).key
    WHEN 'uuidv7' THEN timestamptz 'epoch' + ('x' || lpad(left(replace($1, '-', ''), 12), 16, '0'))::bit(64)::bigint * interval '1 millisecond'
    WHEN 'snowflake' THEN ($2).epoch + ($1::bigint >> ($2).bits) * interval '1 millisecond'
    ELSE $1::timestamptz
  END
$$`;

/** The least value of the key at a moment: what a bound is. */
export const valueFunction = `CREATE OR REPLACE FUNCTION schemac.partition_value(at timestamptz, key_type text, rule schemac.partition_rule) RETURNS text
LANGUAGE sql STABLE
${pinned}
AS $$
  SELECT CASE
    WHEN ($3).key = 'uuidv7' THEN regexp_replace(lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0'), '^(.{8})(.{4})$', '\\1-\\2-0000-0000-000000000000')
    WHEN ($3).key = 'snowflake' THEN ((extract(epoch FROM $1 - ($3).epoch) * 1000)::bigint << ($3).bits)::text
    WHEN $2 = 'date' THEN ($1)::date::text
    WHEN $2 = 'timestamp without time zone' THEN ($1)::timestamp::text
    ELSE ($1)::text
  END
$$`;

/**
 * Bounds come as timestamptz, those of an integer key as numbers; those of a key without a zone are its
 * own wall clock, read as UTC. pg_get_expr prints bounds in the session's zone and style, which are
 * pinned (rule book §5.3). A default partition has no bounds at all.
 */
export const listFunction = String.raw`CREATE OR REPLACE FUNCTION schemac.partition_list(parent text)
RETURNS TABLE (relation text, lower timestamptz, upper timestamptz, low numeric, high numeric, bound text, detaching boolean)
LANGUAGE sql STABLE STRICT
${pinned}
AS $$
  SELECT format('%I.%I', n.nspname, c.relname),
    CASE WHEN b.of_numbers THEN NULL WHEN b.bound ~ 'FROM \(MINVALUE' THEN '-infinity' ELSE schemac.partition_moment(b.lower, r) END,
    CASE WHEN b.of_numbers THEN NULL WHEN b.bound ~ 'TO \(MAXVALUE' THEN 'infinity' ELSE schemac.partition_moment(b.upper, r) END,
    CASE WHEN NOT b.of_numbers THEN NULL WHEN b.bound ~ 'FROM \(MINVALUE' THEN '-infinity' ELSE b.lower::numeric END,
    CASE WHEN NOT b.of_numbers THEN NULL WHEN b.bound ~ 'TO \(MAXVALUE' THEN 'infinity' ELSE b.upper::numeric END,
    b.bound, i.inhdetachpending
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN schemac.partition_rule r ON to_regclass(r.parent) = i.inhparent
  CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) text_of(bound)
  CROSS JOIN LATERAL (SELECT text_of.bound, substring(text_of.bound FROM 'FROM \(''([^'']*)'''), substring(text_of.bound FROM 'TO \(''([^'']*)'''),
    coalesce(r.key = 'integer', false)) b(bound, lower, upper, of_numbers)
  WHERE i.inhparent = to_regclass($1)
  ORDER BY 2, 4, 1
$$`;

/** Partitions are named by where they begin, in UTC, by the minute where that is within a day. */
export const suffixFunction = `CREATE OR REPLACE FUNCTION schemac.partition_suffix(lower timestamptz, every interval) RETURNS text
LANGUAGE sql STABLE STRICT
${pinned}
AS $$ SELECT to_char($1, CASE WHEN $2 < interval '1 day' OR $1 <> date_trunc('day', $1) THEN '"_p"YYYYMMDD"T"HH24MI' ELSE '"_p"YYYYMMDD' END) $$`;

/** The name is cut where bytes end, not characters, and is one that nothing in the schema has. */
export const nameFunction = `CREATE OR REPLACE FUNCTION schemac.partition_name(parent text, suffix text) RETURNS text
LANGUAGE plpgsql STABLE STRICT
${pinned}
AS $$
DECLARE
  tail text := suffix;
  number integer := 1;
  namespace oid;
  base text;
  found text;
BEGIN
  SELECT c.relnamespace, c.relname INTO STRICT namespace, base FROM pg_class c WHERE c.oid = partition_name.parent::regclass;
  LOOP
    SELECT left(base, max(size)) || tail INTO found
      FROM generate_series(0, length(base)) size WHERE octet_length(left(base, size)) + octet_length(tail) <= 63;
    EXIT WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = namespace AND c.relname = found);
    number := number + 1;
    tail := suffix || '_' || number;
  END LOOP;
  RETURN found;
END
$$`;
