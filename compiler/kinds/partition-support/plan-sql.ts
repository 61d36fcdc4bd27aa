/**
 * SQL of the plan: which partitions a table has, and which its rule wants made or retired at a
 * given time. Partitions are known by pg_inherits and their bounds, never by their names.
 */
import { pinned } from './grid-sql.ts';

/**
 * Bounds come as timestamptz; those of a key without a zone are its own wall clock, read as UTC.
 * pg_get_expr prints bounds in the session's zone and style, which are pinned (rule book §5.3).
 */
export const listFunction = String.raw`CREATE OR REPLACE FUNCTION schemac.partition_list(parent text)
RETURNS TABLE (relation text, lower timestamptz, upper timestamptz, bound text, detaching boolean)
LANGUAGE sql STABLE STRICT
${pinned}
AS $$
  SELECT format('%I.%I', n.nspname, c.relname),
    CASE WHEN b.bound ~ 'FROM \(MINVALUE' THEN '-infinity' ELSE substring(b.bound FROM 'FROM \(''([^'']*)''')::timestamptz END,
    CASE WHEN b.bound ~ 'TO \(MAXVALUE' THEN 'infinity' ELSE substring(b.bound FROM 'TO \(''([^'']*)''')::timestamptz END,
    b.bound, i.inhdetachpending
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid)) b(bound)
  WHERE i.inhparent = to_regclass($1)
  ORDER BY 2, 1
$$`;

/** The name is cut where bytes end, not characters, and is one that nothing in the schema has. */
export const nameFunction = `CREATE OR REPLACE FUNCTION schemac.partition_name(parent text, lower timestamptz, every interval) RETURNS text
LANGUAGE plpgsql STABLE STRICT
${pinned}
AS $$
DECLARE
  long CONSTANT boolean := every < interval '1 day' OR lower <> date_trunc('day', lower);
  suffix CONSTANT text := to_char(lower, CASE WHEN long THEN '"_p"YYYYMMDD"T"HH24MI' ELSE '"_p"YYYYMMDD' END);
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

/**
 * What is wanted is one stretch of time: from what is kept of the oldest partition, or from now where
 * there is none, to \`premake\` partitions after the present one. What no partition covers of it is cut
 * on the grid; so a new interval begins where the last partition ends, with a short one if need be.
 */
export const planFunction = `CREATE OR REPLACE FUNCTION schemac.partition_plan(parent text, at timestamptz)
RETURNS TABLE (action text, name text, lower timestamptz, upper timestamptz, relation text, bound text)
LANGUAGE plpgsql STABLE STRICT
${pinned}
AS $$
DECLARE
  relid CONSTANT oid := partition_plan.parent::regclass;
  rule schemac.partition_rule;
  schema_name name;
  key_type text;
  key_zone text := 'UTC';
  clock timestamptz;
  cell record;
  expired timestamptz;
  first timestamptz;
  start timestamptz;
  finish timestamptz;
  gap tstzrange;
BEGIN
  SELECT r.* INTO rule FROM schemac.partition_rule r WHERE to_regclass(r.parent) = relid;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no partition rule for %', partition_plan.parent USING ERRCODE = 'undefined_object';
  END IF;
  SELECT n.nspname, format_type(a.atttypid, NULL) INTO schema_name, key_type
    FROM pg_partitioned_table p
    JOIN pg_class c ON c.oid = p.partrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = relid AND p.partstrat = 'r' AND p.partnatts = 1;
  IF key_type IS NULL OR key_type NOT IN ('timestamp with time zone', 'timestamp without time zone', 'date') THEN
    RAISE EXCEPTION 'a partition rule needs a range key of one date or timestamp column, % has none', partition_plan.parent
      USING ERRCODE = 'wrong_object_type';
  END IF;
  IF key_type = 'date' AND rule.every < interval '1 day' THEN
    RAISE EXCEPTION 'partitions by the date % of % cannot be % long', rule.column_name, partition_plan.parent, rule.every
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Use whole days, weeks, months or years.';
  END IF;

  -- A key without a zone is the wall clock of the rule's zone: its grid has no missing and no double hours.
  IF key_type = 'timestamp with time zone' THEN
    key_zone := rule.zone;
    clock := at;
  ELSE
    clock := (at AT TIME ZONE rule.zone) AT TIME ZONE 'UTC';
  END IF;

  SELECT c.* INTO cell FROM schemac.partition_cell(clock, rule.every, key_zone) c;
  start := cell.lower;
  finish := cell.upper;
  FOR step IN 1 .. rule.premake LOOP
    SELECT c.upper INTO finish FROM schemac.partition_cell(finish, rule.every, key_zone) c;
  END LOOP;

  expired := ((clock AT TIME ZONE key_zone) - rule.retain) AT TIME ZONE key_zone;
  SELECT min(e.lower) INTO first FROM schemac.partition_list(rule.parent) e WHERE e.upper > coalesce(expired, '-infinity');
  IF first < start THEN
    start := least(start, greatest(first, schemac.partition_floor(expired, rule.every, key_zone)));
  END IF;

  FOR gap IN
    SELECT missing FROM unnest(
      tstzmultirange(tstzrange(start, finish))
      - (SELECT coalesce(range_agg(tstzrange(e.lower, e.upper)), '{}') FROM schemac.partition_list(rule.parent) e WHERE e.lower IS NOT NULL)
    ) missing
  LOOP
    action := 'create';
    lower := pg_catalog.lower(gap);
    WHILE lower < pg_catalog.upper(gap) LOOP
      SELECT least(c.upper, pg_catalog.upper(gap)) INTO upper FROM schemac.partition_cell(lower, rule.every, key_zone) c;
      name := schemac.partition_name(rule.parent, lower, rule.every);
      relation := format('%I.%I', schema_name, name);
      bound := CASE key_type
        WHEN 'date' THEN format('FOR VALUES FROM (%L) TO (%L)', lower::date, upper::date)
        WHEN 'timestamp without time zone' THEN format('FOR VALUES FROM (%L) TO (%L)', lower::timestamp, upper::timestamp)
        ELSE format('FOR VALUES FROM (%L) TO (%L)', lower, upper) END;
      RETURN NEXT;
      lower := upper;
    END LOOP;
  END LOOP;

  RETURN QUERY
    SELECT 'retire', c.relname::text, e.lower, e.upper, e.relation, e.bound
    FROM schemac.partition_list(rule.parent) e JOIN pg_class c ON c.oid = e.relation::regclass
    WHERE e.upper <= expired AND NOT e.detaching
    ORDER BY e.lower;
END
$$`;
